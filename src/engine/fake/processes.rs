use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::mpsc::Sender;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, timeout};

use super::containers::conflict;
use super::life::{Life, signal_number};
use super::outage::lost;
use super::script::Answer;
use super::setup::error;
use super::world::{ContainerRecord, World};
use super::{Fake, Operation, Script};
use crate::engine::{
    Chunk, ContainerId, ContainerStatus, EngineError, ErrorKind, ExecOutput, ExecRequest, Exit, PublishedPort, Result,
    Running,
};

/// The number of `SIGKILL`.
pub(super) const KILL: i64 = 9;
/// The most that is kept of a command's output.
const EXEC_OUTPUT: usize = 16 * 1024;

impl Fake {
    pub(super) async fn begin(&self, id: &ContainerId, output: Sender<Chunk>) -> Result<Running> {
        let object = self.lock().called(&id.0);
        let takes = self.lock().container(&id.0).map_or(Duration::ZERO, |record| record.script.start_takes);
        // A start that is under way goes on when nobody waits for it any more.
        let effect = |world: &mut World| world.container(&id.0).map(|record| record.script.clone());
        let then = |script: Arc<Script>| async move {
            if let Some(pair) = &script.start_error {
                return Err(error(pair, Operation::Start, &id.0));
            }
            self.bring_to_life(id, output)
        };
        let fake = self.clone();
        let guard = StartsAnyway { fake: &fake, container: id, armed: true };
        let result = self.perform_then(Operation::Start, &object, takes, effect, then).await;
        guard.disarm();
        result
    }

    /// The process begins now.
    fn bring_to_life(&self, id: &ContainerId, output: Sender<Chunk>) -> Result<Running> {
        let (drained, exit) = oneshot::channel();
        let (sender, signals) = mpsc::channel(16);
        let unseen;
        let life = {
            let mut world = self.lock();
            world.open_ports(&id.0)?;
            let stop_signal = signal_number(&world.stop_signal(&id.0)).unwrap_or(15);
            let record = world.container(&id.0)?;
            if record.status == ContainerStatus::Running {
                return Err(conflict("start", &id.0, "is running already"));
            }
            let started = Instant::now();
            record.status = ContainerStatus::Running;
            record.started = Some(started);
            record.ended.send_replace(None);
            record.unseen = Arc::default();
            record.signals = Some(sender);
            let script = record.script.as_ref().clone();
            unseen = record.unseen.clone();
            Life { fake: self.clone(), container: id.0.clone(), script, stop_signal, started }
        };
        tokio::spawn(life.run(output, signals, drained));
        let process_lost = || EngineError::new(ErrorKind::Protocol, "wait for a container", "the process was lost");
        let fake = self.clone();
        let exit = async move {
            let exit = exit.await.map_err(|_| process_lost())?;
            fake.is_there().await?;
            match unseen.load(Ordering::Relaxed) {
                true => Err(lost("the container ended while the engine was away, and nobody saw how")),
                false => Ok(exit),
            }
        };
        Ok(Running { exit: exit.boxed() })
    }

    pub(super) async fn run_in(&self, id: &ContainerId, request: ExecRequest) -> Result<ExecOutput> {
        let object = self.lock().called(&id.0);
        let effect = |world: &mut World| {
            let record = world.container(&id.0)?;
            match record.status {
                ContainerStatus::Running => Ok((record.script.exec_takes, record.ended.subscribe())),
                _ => Err(conflict("run a command in", &id.0, "is not running")),
            }
        };
        let words = request.command.join(" ");
        let losses = self.losses();
        let then = |(takes, mut ended): (Duration, watch::Receiver<Option<Exit>>)| async move {
            if takes > request.timeout {
                tokio::time::sleep(request.timeout).await;
                let message = format!("no end within {:?}", request.timeout);
                return Err(EngineError::new(ErrorKind::TimedOut, format!("run `{words}`"), message));
            }
            // A command dies with its container.
            if !takes.is_zero() && timeout(takes, ended.wait_for(Option::is_some)).await.is_ok() {
                return Ok(ExecOutput { code: 137, ..ExecOutput::default() });
            }
            let mut world = self.lock();
            Ok(apart(world.container(&id.0)?.answer(&words), request.apart))
        };
        let answer = self.perform_then(Operation::Exec, &object, Duration::ZERO, effect, then).await;
        if answer.is_ok() && self.losses() != losses {
            // It may have run, and may not have: nobody heard the answer.
            let message = "the connection broke";
            return Err(EngineError::new(ErrorKind::Broken, "run a command in a container", message));
        }
        answer
    }

    pub(super) async fn end(&self, id: &ContainerId, signal: Option<&str>, grace: Duration) -> Result<bool> {
        let object = self.lock().called(&id.0);
        let signal = signal.map(str::to_owned);
        let effect = |world: &mut World| {
            let signal = signal.unwrap_or_else(|| world.stop_signal(&id.0));
            let Ok(record) = world.container(&id.0) else { return Ok(None) };
            if !matches!(record.status, ContainerStatus::Running | ContainerStatus::Paused) {
                return Ok(None);
            }
            record.signal(&signal)?;
            Ok(Some(record.ended.subscribe()))
        };
        let then = |ended: Option<watch::Receiver<Option<Exit>>>| async move {
            let Some(mut ended) = ended else { return Ok(true) };
            if timeout(grace, ended.wait_for(Option::is_some)).await.is_ok() {
                return Ok(true);
            }
            if let Ok(record) = self.lock().container(&id.0) {
                record.signal("KILL")?;
            }
            let _ = ended.wait_for(Option::is_some).await;
            Ok(false)
        };
        self.perform_then(Operation::Stop, &object, Duration::ZERO, effect, then).await
    }

    pub(super) async fn signal(&self, id: &ContainerId, signal: &str) -> Result<()> {
        let object = self.lock().called(&id.0);
        let effect = |world: &mut World| {
            let record = world.container(&id.0)?;
            record.signal(signal)?;
            Ok(record.ended.subscribe())
        };
        let killed = signal_number(signal) == Some(KILL);
        let then = |mut ended: watch::Receiver<Option<Exit>>| async move {
            // A kill answers when the process is gone; the sender is gone with a container that was removed meanwhile.
            if killed {
                let running = self.lock().container(&id.0).is_ok_and(|it| it.status == ContainerStatus::Running);
                if running {
                    let _ = ended.wait_for(Option::is_some).await;
                }
            }
            Ok(())
        };
        self.perform_then(Operation::Kill, &object, Duration::ZERO, effect, then).await
    }
}

impl World {
    /// The signal that ends a container: its own, its image's, or the usual one.
    fn stop_signal(&self, id: &str) -> String {
        let spec = self.containers.get(id).map(|record| &record.spec);
        let own = spec.and_then(|spec| spec.stop_signal.clone());
        let image = spec.and_then(|spec| self.find_image(&spec.image.0)).and_then(|it| it.facts.stop_signal.clone());
        own.or(image).unwrap_or_else(|| "SIGTERM".into())
    }

    /// Binds the ports that a container asks for.
    pub(super) fn open_ports(&mut self, id: &str) -> Result<()> {
        let wanted = self.container(id)?.spec.ports.clone();
        let mut open = Vec::new();
        for port in wanted {
            let host = port.host.unwrap_or_else(|| 32_768 + (self.number() % 20_000) as u16);
            let ours = self.containers.values().flat_map(|other| &other.ports);
            let others = self.ports_published.iter().map(|(_, port)| port);
            let held = ours.chain(others).any(|other| other.host == host && other.protocol == port.protocol);
            if held || self.ports_taken.contains(&host) {
                let message = format!("bind for {}:{host} failed: port is already allocated", port.bind);
                return Err(EngineError::new(ErrorKind::PortTaken(host), format!("start container `{id}`"), message));
            }
            open.push(PublishedPort { container: port.container, protocol: port.protocol, bind: port.bind, host });
        }
        self.container(id)?.ports = open;
        Ok(())
    }
}

impl ContainerRecord {
    /// Sends a signal; to what has ended it does nothing.
    fn signal(&self, name: &str) -> Result<()> {
        let number = signal_number(name).ok_or_else(|| {
            EngineError::new(ErrorKind::Protocol, format!("send `{name}`"), format!("there is no signal {name}"))
        })?;
        // What is frozen heeds nothing but its end.
        if self.status == ContainerStatus::Paused && number != KILL {
            return Ok(());
        }
        // A process that does not take sixteen signals does not take a seventeenth.
        if let Some(signals) = &self.signals {
            let _ = signals.try_send(number);
        }
        Ok(())
    }

    /// What a command answers now.
    fn answer(&mut self, words: &str) -> ExecOutput {
        let scripted = self.script.answers.iter().find(|answers| words.contains(&answers.pattern));
        if let Some(answers) = scripted {
            let attempt = self.attempts.entry(answers.pattern.clone()).or_default();
            let result = answers.results.get(*attempt).or(answers.results.last());
            *attempt += 1;
            let Answer { code, stdout, stderr } = result.cloned().unwrap_or_default();
            return said(code, stdout.into_bytes(), stderr.into_bytes());
        }
        match self.started.is_some_and(|started| started.elapsed() >= self.script.ready_after) {
            true => ExecOutput::default(),
            false => said(1, b"not ready\n".to_vec(), Vec::new()),
        }
    }
}

/// The streams apart, as far as they were asked for.
fn apart(mut told: ExecOutput, most: Option<usize>) -> ExecOutput {
    let most = most.unwrap_or_default();
    told.is_cut = most > 0 && (told.stdout.len() > most || told.stderr.len() > most);
    told.stdout.truncate(most);
    told.stderr.truncate(most);
    told
}

/// Both streams as they are, and their end in one.
fn said(code: i64, stdout: Vec<u8>, stderr: Vec<u8>) -> ExecOutput {
    let both = [stdout.as_slice(), stderr.as_slice()].concat();
    let output = both[both.len().saturating_sub(EXEC_OUTPUT)..].to_vec();
    ExecOutput { code, output, stdout, stderr, is_cut: false }
}

/// Makes a start happen whose future is dropped while it is under way.
struct StartsAnyway<'a> {
    fake: &'a Fake,
    container: &'a ContainerId,
    armed: bool,
}

impl StartsAnyway<'_> {
    fn disarm(mut self) {
        self.armed = false;
    }
}

impl Drop for StartsAnyway<'_> {
    fn drop(&mut self) {
        // The receiver is gone at once: nobody listens, and the process goes on all the same.
        let able = || self.fake.lock().container(&self.container.0).is_ok_and(|it| it.script.start_error.is_none());
        if self.armed && able() && tokio::runtime::Handle::try_current().is_ok() {
            let _ = self.fake.bring_to_life(self.container, mpsc::channel(1).0);
        }
    }
}
