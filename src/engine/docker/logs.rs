use bollard::query_parameters::InspectContainerOptions;
use tokio::sync::mpsc::Sender;
use tokio::time::{sleep, timeout};

use super::Docker;
use super::demux::{Demux, Piece};
use super::error::{Understood, garbled, within};
use super::line::{Line, Tries};
use super::place::Place;
use super::timed::{Mark, Timed};
use super::transport::Bytestream;
use crate::engine::{Chunk, ContainerId, ContainerStatus, EngineError, ErrorKind, Result};

/// What the `local` driver keeps where it is told nothing, in bytes.
const LOCAL: u64 = 100 << 20;

impl Docker {
    /// The output that the engine kept. Where it breaks off, it is taken up where it was.
    pub(super) async fn tell_log(
        &self,
        id: &ContainerId,
        tail: Option<u32>,
        follow: bool,
        output: Sender<Chunk>,
    ) -> Result<()> {
        let terminal = self.has_terminal(id).await?;
        match tail {
            None if follow => {
                let mut place = Place::default();
                tokio::select! {
                    done = self.replay(id, terminal, &mut place, true, &output) => return done,
                    settled = self.has_settled(id) => settled?,
                }
                self.replay(id, terminal, &mut place, false, &output).await
            }
            None => self.replay(id, terminal, &mut Place::default(), false, &output).await,
            Some(lines) => {
                let mut mark = if follow && lines == 0 { self.now().await? } else { Mark::default() };
                if follow {
                    tokio::select! {
                        done = self.recall(id, terminal, lines, &mut mark, true, &output) => return done,
                        settled = self.has_settled(id) => settled?,
                    }
                }
                self.recall(id, terminal, lines, &mut mark, false, &output).await
            }
        }
    }

    /// Behind everything that is in any log by now: what follows has lost nothing, even where it breaks before its first line.
    async fn now(&self) -> Result<Mark> {
        let info = self.line.ask("ask the engine for its time", self.line.patience.ask, || self.api.info()).await?;
        Ok(info.system_time.as_deref().map(Mark::at).unwrap_or_default())
    }

    /// Whether a log was read to its end; where it broke off, only once it may be read on. `further`: something came of it.
    async fn is_read(&self, id: &ContainerId, read: Result<()>, further: bool, tries: &mut Tries) -> Result<bool> {
        match read {
            Err(error) if error.is_of_contact() => {
                if further {
                    tries.reset();
                }
                self.line.regain(&of(id), error, tries).await.map(|()| false)
            }
            read => read.map(|()| true),
        }
    }

    /// Hands over the last `lines` lines of the log, or what of it lies behind `mark`; from where it breaks off again as often as it must.
    async fn recall(
        &self,
        id: &ContainerId,
        terminal: bool,
        lines: u32,
        mark: &mut Mark,
        follow: bool,
        output: &Sender<Chunk>,
    ) -> Result<()> {
        let mut tries = Tries::default();
        loop {
            let before = mark.clone();
            let read = self.recall_once(id, terminal, lines, mark, follow, output).await;
            if self.is_read(id, read, *mark != before, &mut tries).await? {
                return Ok(());
            }
        }
    }

    async fn recall_once(
        &self,
        id: &ContainerId,
        terminal: bool,
        lines: u32,
        mark: &mut Mark,
        follow: bool,
        output: &Sender<Chunk>,
    ) -> Result<()> {
        let since = mark.since();
        let tail = if since.is_some() { "all".to_owned() } else { lines.to_string() };
        let wanted = Wanted { tail: &tail, follow, since: since.as_deref(), timed: true };
        let mut log = self.open(id, terminal, &wanted).await?;
        let mut timed = Timed::behind(mark, terminal);
        while let Some(pieces) = log.pieces().await? {
            for (chunk, behind) in pieces.into_iter().flat_map(|piece| timed.pass(piece)) {
                // Whoever gives this up gives it up between two pieces.
                let Ok(permit) = output.reserve().await else { return Ok(()) };
                *mark = behind;
                permit.send(chunk);
            }
        }
        Ok(())
    }

    /// Waits until the container has ended and a log that is followed should have, too: one that has not was lost on its way.
    async fn has_settled(&self, id: &ContainerId) -> Result<()> {
        loop {
            sleep(self.line.patience.heartbeat).await;
            let state = self.look_at(id).await?;
            if matches!(state.status, ContainerStatus::Exited | ContainerStatus::Dead | ContainerStatus::Created) {
                sleep(self.line.patience.silence).await;
                return Ok(());
            }
        }
    }

    /// Hands over what of the log lies behind `place`, from where it breaks off again as often as it must.
    pub(super) async fn replay(
        &self,
        id: &ContainerId,
        terminal: bool,
        place: &mut Place,
        follow: bool,
        output: &Sender<Chunk>,
    ) -> Result<()> {
        let mut tries = Tries::default();
        loop {
            let before = place.clone();
            let read = self.replay_once(id, terminal, place, follow, output).await;
            if self.is_read(id, read, *place != before, &mut tries).await? {
                return Ok(());
            }
        }
    }

    /// Hands over what of the log lies behind `place`, as far as it comes.
    async fn replay_once(
        &self,
        id: &ContainerId,
        terminal: bool,
        place: &mut Place,
        follow: bool,
        output: &Sender<Chunk>,
    ) -> Result<()> {
        let mut skip = place.skip();
        let mut log = self.open_log(id, terminal, "all", follow).await?;
        while let Some(chunks) = log.next().await? {
            for chunk in chunks.into_iter().filter_map(|chunk| skip.pass(chunk)) {
                // Whoever gives this up gives it up between two pieces.
                let Ok(permit) = output.reserve().await else { return Ok(()) };
                place.advance(&chunk);
                permit.send(chunk);
            }
        }
        Ok(())
    }

    /// Opens the log: its last `tail` lines, or `all`.
    pub(super) async fn open_log(&self, id: &ContainerId, terminal: bool, tail: &str, follow: bool) -> Result<Log> {
        self.open(id, terminal, &Wanted { tail, follow, since: None, timed: false }).await
    }

    async fn open(&self, id: &ContainerId, terminal: bool, wanted: &Wanted<'_>) -> Result<Log> {
        let operation = of(id);
        let path = format!("/containers/{id}/logs");
        let flag = |on: bool| if on { "1" } else { "0" };
        let (follow, timed) = (flag(wanted.follow), flag(wanted.timed));
        let query = [
            ("stdout", "1"),
            ("stderr", "1"),
            ("follow", follow),
            ("tail", wanted.tail),
            ("timestamps", timed),
            ("since", wanted.since.unwrap_or("0")),
        ];
        let opened = self.road.body(&operation, &path, &query);
        let stream = within(&operation, self.line.patience.ask, opened).await?;
        Ok(Log { line: self.line.clone(), operation, stream, demux: Demux::new(terminal), follow: wanted.follow })
    }

    /// Whether a container has a terminal.
    pub(super) async fn has_terminal(&self, id: &ContainerId) -> Result<bool> {
        if let Some(terminal) = self.lives.terminal(id) {
            return Ok(terminal);
        }
        let ask = || self.api.inspect_container(&id.0, None::<InspectContainerOptions>);
        let found = self.line.ask(&format!("inspect container `{id}`"), self.line.patience.ask, ask).await?;
        let terminal = found.config.and_then(|config| config.tty).unwrap_or_default();
        self.lives.terminal_is(id, terminal);
        Ok(terminal)
    }

    /// Whether the log has everything that the container wrote, from its first line on, when as much was written as lies before `place`.
    pub(super) async fn has_whole_log(&self, id: &ContainerId, place: &Place) -> Result<bool> {
        let ask = || self.api.inspect_container(&id.0, None::<InspectContainerOptions>);
        let found = self.line.ask(&format!("inspect container `{id}`"), self.line.patience.ask, ask).await?;
        let log = found.host_config.and_then(|host| host.log_config).unwrap_or_default();
        let settings = log.config.unwrap_or_default();
        let number = |name: &str| settings.get(name).and_then(|value| value.parse::<u64>().ok());
        let room = match (log.typ.as_deref(), settings.contains_key("max-size")) {
            (Some("journald"), _) | (Some("json-file"), false) => u64::MAX,
            (Some("local"), false) => LOCAL,
            // A size with a unit is nothing of ours.
            (Some("json-file" | "local"), true) => number("max-size").unwrap_or(0) * number("max-file").unwrap_or(1),
            _ => 0,
        };
        Ok(place.weight() < room / 2)
    }
}

/// What is asked of a log.
struct Wanted<'a> {
    /// How many of its last lines, or `all`.
    tail: &'a str,
    /// What comes later, too.
    follow: bool,
    /// What was written from then on; in seconds since 1970.
    since: Option<&'a str>,
    /// Each entry with its time.
    timed: bool,
}

/// A log that is being read.
pub(super) struct Log {
    line: Line,
    operation: String,
    stream: Bytestream,
    demux: Demux,
    /// It may be silent for as long as its container is.
    follow: bool,
}

impl Log {
    /// What comes next; `None` at the end.
    ///
    /// # Errors
    /// `Broken` where it ends before its end; what makes no sense.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Chunk>>> {
        let pieces = self.pieces().await?;
        Ok(pieces.map(|pieces| pieces.into_iter().map(|piece| piece.chunk).collect()))
    }

    /// The same, with where its entries end.
    async fn pieces(&mut self) -> Result<Option<Vec<Piece>>> {
        let next = match self.follow {
            true => self.line.next(&self.operation, self.stream.next()).await?,
            false => match timeout(self.line.patience.idle, self.stream.next()).await {
                Ok(next) => next,
                Err(_) => {
                    return Err(EngineError::new(ErrorKind::Broken, self.operation.as_str(), "the log does not go on"));
                }
            },
        };
        match next.map_err(|error| error.understood(&self.operation))? {
            Some(bytes) => self.demux.pieces(bytes).map(Some).map_err(|why| garbled(&self.operation, &why, b"")),
            None if self.demux.is_within() => {
                Err(EngineError::new(ErrorKind::Broken, self.operation.as_str(), "the log broke off"))
            }
            None => Ok(None),
        }
    }
}

fn of(id: &ContainerId) -> String {
    format!("read the log of container `{id}`")
}
