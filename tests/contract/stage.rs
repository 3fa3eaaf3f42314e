use std::sync::Arc;
use std::time::Duration;

use pipe::engine::{
    Chunk, ContainerId, ContainerSpec, Engine, ErrorKind, ExecRequest, Exit, HealthSpec, ImageId, Result, Stream,
};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// The label under which a law keeps its objects.
pub const LABEL: &str = "dev.pipe.test.contract";
/// Long enough for anything that must happen.
pub const SOON: Duration = Duration::from_secs(60);

/// Where a law is tried: an engine, and containers that act as told.
pub trait Stage: Send + Sync {
    /// The engine.
    fn engine(&self) -> Arc<dyn Engine>;
    /// An image that is there.
    fn image(&self) -> String;
    /// A word that no other law uses: the value of [`LABEL`], and part of every name.
    fn word(&self) -> &str;
    /// Turns a specification into one whose container acts so.
    fn cast(&self, spec: ContainerSpec, act: Act) -> ContainerSpec;
}

/// What a container does.
#[derive(Debug, Clone)]
pub enum Act {
    /// Ends at once with this code.
    Ends(i64),
    /// Writes these pieces, in this order, and ends with code 0.
    Writes(Vec<(Stream, Vec<u8>)>),
    /// Writes so many lines of eleven bytes and ends.
    Floods(usize),
    /// Writes `ready` and runs until a stop signal, and then ends with code 3. Knows the commands of [`command`].
    Runs,
    /// The same, and knows commands that take half a minute.
    RunsSlowly,
    /// Writes `ready` and runs until it is killed.
    Stubborn,
    /// Writes this file and ends.
    Leaves(&'static str, &'static [u8]),
    /// Has a program that is not there.
    CannotStart,
}

/// Commands that every running container knows.
pub mod command {
    /// Succeeds without a word.
    pub const TRUE: &[&str] = &["true"];
    /// Writes `seven` and a line break, and fails with code 7.
    pub const SEVEN: &[&str] = &["sh", "-c", "echo seven; exit 7"];
    /// Is not there.
    pub const NONE: &[&str] = &["no-such-program"];
    /// Takes half a minute.
    pub const SLOW: &[&str] = &["sleep", "30"];
}

/// A started container with its output as it comes.
pub struct Started {
    pub id: ContainerId,
    pub exit: JoinHandle<Result<Exit>>,
    pub output: mpsc::Receiver<Chunk>,
}

impl dyn Stage + '_ {
    /// The name of an object of this law.
    pub fn name(&self, part: &str) -> String {
        format!("{}-{part}", self.word())
    }

    /// The labels of this law's objects.
    pub fn labels(&self) -> Vec<(String, String)> {
        vec![(LABEL.to_owned(), self.word().to_owned())]
    }

    /// A container that acts so, to be changed before it is made.
    pub fn spec(&self, part: &str, act: Act) -> ContainerSpec {
        let spec = ContainerSpec {
            name: self.name(part),
            image: ImageId(self.image()),
            entrypoint: None,
            command: None,
            env: vec![],
            workdir: None,
            user: None,
            hostname: None,
            networks: vec![],
            mounts: vec![],
            ports: vec![],
            init: true,
            read_only: false,
            stop_signal: None,
            health: HealthSpec::Image,
            labels: self.labels(),
            ..ContainerSpec::default()
        };
        self.cast(spec, act)
    }

    /// Makes a container.
    pub async fn create(&self, part: &str, act: Act) -> ContainerId {
        self.engine().create_container(self.spec(part, act)).await.expect("a container")
    }

    /// Makes and starts a container.
    pub async fn start(&self, part: &str, act: Act) -> Started {
        let id = self.create(part, act).await;
        self.start_made(&id).await.expect("a start")
    }

    /// Starts a container that was made.
    pub async fn start_made(&self, id: &ContainerId) -> Result<Started> {
        let (sender, output) = mpsc::channel(64);
        let running = self.engine().start(id, sender).await?;
        Ok(Started { id: id.clone(), exit: tokio::spawn(running.exit), output })
    }

    /// Runs a container to its end: its exit, and what it wrote to each stream.
    pub async fn run(&self, part: &str, act: Act) -> (Exit, Vec<u8>, Vec<u8>) {
        let mut started = self.start(part, act).await;
        let (mut out, mut err) = (Vec::new(), Vec::new());
        while let Some(chunk) = soon(started.output.recv()).await {
            match chunk.stream {
                Stream::Stdout => out.extend_from_slice(&chunk.data),
                Stream::Stderr => err.extend_from_slice(&chunk.data),
            }
        }
        (started.ended().await, out, err)
    }
}

impl Started {
    /// Waits until the program has said that it listens to signals.
    pub async fn ready(mut self) -> Self {
        let chunk = soon(self.output.recv()).await.expect("a word");
        assert_eq!(chunk.data.as_ref(), b"ready\n");
        self
    }

    /// Its exit. What it wrote is thrown away.
    pub async fn ended(mut self) -> Exit {
        let drain = async { while self.output.recv().await.is_some() {} };
        let (exit, ()) = soon(async { tokio::join!(self.exit, drain) }).await;
        exit.expect("no panic").expect("an exit")
    }
}

/// A command with time enough.
pub fn ask(command: &[&str]) -> ExecRequest {
    ExecRequest {
        command: command.iter().map(|&word| word.to_owned()).collect(),
        timeout: SOON,
        ..ExecRequest::default()
    }
}

/// What must happen soon.
pub async fn soon<T>(future: impl Future<Output = T>) -> T {
    timeout(SOON, future).await.expect("soon")
}

/// Fails unless the kind of the error is this one.
macro_rules! assert_kind {
    ($result:expr, $kind:pat $(if $guard:expr)?) => {
        match $result {
            Err(error) => {
                let fits = matches!(error.kind, $kind $(if $guard)?);
                assert!(fits, "{error}: {:?} is not {}", error.kind, stringify!($kind))
            }
            Ok(_) => panic!("{} expected, and there is no error", stringify!($kind)),
        }
    };
}
pub(crate) use assert_kind;

/// Whether nothing is found of this name.
pub fn is_not_found<T>(result: &Result<T>) -> bool {
    result.as_ref().is_err_and(|error| matches!(error.kind, ErrorKind::NotFound))
}
