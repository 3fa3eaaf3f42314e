use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout};

use super::ending::cannot_start;
use super::remove::by_force;
use super::{container, create};
use crate::engine::{Chunk, ContainerId, ContainerSpec, EngineError, ExecOutput, Exit, HealthSpec, Stream};
use crate::event::Failure;
use crate::model::RunLook;
use crate::probe::{Fresh, Unseen, shell_line};
use crate::run::end::{Done, End};
use crate::run::session::Task;

/// How long a command may take whose author says nothing.
const LIMIT: Duration = Duration::from_secs(60);
/// The most that a command may write to each of its streams, in bytes.
const MOST: usize = 16 << 20;
/// How many pieces of its output wait to be read.
const PIECES: usize = 16;

/// Why a command in a container of its own has no answer.
pub(super) enum Trouble {
    /// The test fails.
    Test(Unseen),
    /// The engine is to blame, or the run is to end.
    Run(End),
}

/// Runs a command in a container of its own, and removes that; only then it answers. Where nobody waits for the answer any more, the
/// command is ended. Its future must not be dropped: what it makes would be left.
pub(super) async fn run(task: Task, look: RunLook, number: usize, mut answer: oneshot::Sender<Result<Fresh, Trouble>>) {
    let mut made = None;
    let begun = begin(&task, &look, number, &mut made).await;
    let told = match begun {
        Ok(command) if !answer.is_closed() => tokio::select! {
            told = command.run(&task, made.as_ref()) => told,
            () = answer.closed() => Err(Trouble::Run(End::Cancelled)),
        },
        Ok(_) => Err(Trouble::Run(End::Cancelled)),
        Err(End::Failed(failure)) => Err(match *failure {
            Failure::CannotStart { message } => Trouble::Test(Unseen::nothing("a container that can be made", message)),
            failure => Trouble::Run(failure.into()),
        }),
        Err(end) => Err(Trouble::Run(end)),
    };
    let told = match made {
        Some(container) => by_force(&task, &container).await.map_err(|error| Trouble::Run(error.into())).and(told),
        None => told,
    };
    // Whoever asked may be gone.
    let _ = answer.send(told);
}

/// A command to be.
struct Command {
    stdin: Option<Bytes>,
    limit: Duration,
    line: String,
}

async fn begin(task: &Task, look: &RunLook, number: usize, made: &mut Option<ContainerId>) -> Done<Command> {
    let mut spec = container::spec(task, &look.container, None).await?;
    spec.name = task.identity().plain_name(&format!("-{}-run-{number}", task.node().object));
    spec.health = HealthSpec::None;
    let words = look.words.iter().map(|word| task.fill(word)).collect::<Done<Vec<String>>>()?;
    spec.command = (!words.is_empty()).then(|| words.clone());
    let stdin = task.fill_any(&look.stdin)?.map(Bytes::from);
    spec.stdin = stdin.is_some();
    let line = line(task, look, &spec, &words);
    create::made(task, &look.container, spec, None, |container| *made = Some(container.clone())).await?;
    let limit = look.container.timeout.as_ref().map_or(LIMIT, |limit| limit.value);
    Ok(Command { stdin, limit, line })
}

impl Command {
    async fn run(self, task: &Task, container: Option<&ContainerId>) -> Result<Fresh, Trouble> {
        let Some(container) = container else { return Err(Trouble::Run(End::Cancelled)) };
        let (sender, pieces) = mpsc::channel(PIECES);
        let through = task.to_begin().await.map_err(Trouble::Run)?;
        let began = Instant::now();
        let running = match task.engine.start(container, sender).await.map_err(cannot_start) {
            Ok(running) => running,
            Err(Failure::CannotStart { message }) => {
                return Err(Trouble::Test(Unseen::nothing("a command that can be started", message)));
            }
            Err(failure) => return Err(Trouble::Run(failure.into())),
        };
        drop(through);
        let feeding = async {
            match self.stdin {
                Some(stdin) => task.engine.feed(container, stdin).await,
                None => Ok(()),
            }
        };
        let at_work = async {
            let (fed, heard) = tokio::join!(feeding, hear(pieces, running.exit));
            fed.and(heard)
        };
        let (mut output, exit) = match timeout(self.limit, at_work).await {
            Ok(done) => done.map_err(|error| Trouble::Run(error.into()))?,
            Err(_) => return Err(Trouble::Test(Unseen::out_of_time(self.limit, self.line))),
        };
        output.code = exit.map_or(0, |exit| exit.code);
        let oom_killed = exit.is_some_and(|exit| exit.oom_killed);
        Ok(Fresh { output, oom_killed, took: began.elapsed(), line: self.line })
    }
}

/// All that a command writes, and how it ends. One that writes too much is not waited for.
async fn hear(pieces: mpsc::Receiver<Chunk>, mut exit: Ending) -> Result<(ExecOutput, Option<Exit>), EngineError> {
    let reading = read(pieces);
    tokio::pin!(reading);
    let mut ended = None;
    let output = loop {
        tokio::select! {
            output = &mut reading => break output,
            exit = &mut exit, if ended.is_none() => ended = Some(exit?),
        }
    };
    if ended.is_none() && !output.is_cut {
        ended = Some(exit.await?);
    }
    Ok((output, ended))
}

type Ending = BoxFuture<'static, Result<Exit, EngineError>>;

async fn read(mut pieces: mpsc::Receiver<Chunk>) -> ExecOutput {
    let mut output = ExecOutput::default();
    while let Some(Chunk { stream, data }) = pieces.recv().await {
        let own = match stream {
            Stream::Stdout => &mut output.stdout,
            Stream::Stderr => &mut output.stderr,
        };
        let room = MOST.saturating_sub(own.len()).min(data.len());
        own.extend_from_slice(&data[..room]);
        if room < data.len() {
            output.is_cut = true;
            break;
        }
    }
    output
}

/// A line for a shell that does the same, as far as words can.
fn line(task: &Task, look: &RunLook, spec: &ContainerSpec, words: &[String]) -> String {
    let mut all = vec!["docker".to_owned(), "run".to_owned(), "--rm".to_owned()];
    all.extend(spec.stdin.then(|| "-i".to_owned()));
    if !look.container.isolated {
        all.push(format!("--network={}", task.identity().plain_name("")));
    }
    // Whoever pastes it has the variables in his own shell.
    all.extend(spec.env.iter().flat_map(|(name, _)| ["-e".to_owned(), name.clone()]));
    all.extend(spec.user.iter().map(|user| format!("--user={user}")));
    all.push(look.container.image.value.to_string());
    all.extend(words.iter().cloned());
    shell_line(all.iter().map(String::as_str))
}
