use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::Instant;

use super::actor::Claim;
use super::incident::Incident;
use super::look::Unseen;
use super::witness::Marks;
use crate::engine::{ContainerId, Engine, EngineError, ExecOutput, ImageId, NetworkId};
use crate::event::ServiceLog;
use crate::model::{FilePlace, Hole, ImageUse, Name, RunLook};
use crate::probe::Endpoint;

/// What the probes of a suite look at: what a run has on its engine. Nothing is started or stopped here but through it. Who keeps no
/// record of services says nothing of what they wrote and how they ended.
pub trait Site: Sync {
    /// The engine.
    fn engine(&self) -> &dyn Engine;

    /// A service whose container was made; `None` where there is none.
    fn service(&self, name: &Name) -> Option<Standing>;

    /// Where a port of a service is reached from here, where it can be.
    fn endpoint(&self, name: &Name, port: u16) -> Option<Endpoint>;

    /// Whether a service passes its own healthcheck right now; `None` where it has none that could be tried.
    fn health<'a>(&'a self, name: &'a Name) -> BoxFuture<'a, Option<bool>>;

    /// The run's own network.
    fn network(&self) -> Option<NetworkId>;

    /// The services of the run, by name.
    fn services(&self) -> Vec<Name>;

    /// The variables of a service's container: its image's and its own.
    fn environment(&self, name: &Name) -> Vec<(String, String)>;

    /// What the image of a service is called.
    fn image_name(&self, name: &Name) -> String;

    /// An image that the run has provided.
    fn image(&self, image: &ImageUse) -> Option<ImageId>;

    /// The value of a secret.
    fn secret(&self, name: &Name) -> Option<String>;

    /// How much each service has written so far.
    fn written(&self) -> Written;

    /// Places in what each service has written so far.
    fn marks(&self) -> Marks {
        Marks::default()
    }

    /// What each service has written since, as far as it is kept; by name.
    fn since(&self, _marks: &Marks) -> Vec<ServiceLog> {
        Vec::new()
    }

    /// How services have ended so far, once all that the engine knows of by now is known here; oldest first. Where something that began
    /// at `unanswered` got no answer, the end of a service may be on its way: there is a moment's patience for that.
    fn incidents(&self, _unanswered: Option<Instant>) -> BoxFuture<'_, Vec<Incident>> {
        Box::pin(std::future::ready(Vec::new()))
    }

    /// Why nothing more can be tested: a service that the suite needs has ended for good.
    fn lost(&self) -> Option<String> {
        None
    }

    /// Keeps a text, secrets hidden, in a file whose name begins so; where it lies, or nowhere.
    fn keep(&self, _name: &str, _text: &str) -> Option<PathBuf> {
        None
    }

    /// Runs a command in a container of its own, which is gone when this answers; `known` are values of holes that only the test knows.
    fn run<'a>(&'a self, look: &'a RunLook, known: HashMap<Hole, String>) -> BoxFuture<'a, Result<Fresh, Unseen>>;

    /// A container that is never started, of an image or with a volume in it; it is removed once what this answers is dropped.
    fn at_rest<'a>(&'a self, place: &'a FilePlace) -> BoxFuture<'a, Result<Resting, Unseen>>;

    /// Hides a value in all that is shown from now on.
    fn hide(&self, value: &str);

    /// The engine is to blame: whoever runs the suite ends it, and no test is to be judged by what comes after.
    fn engine_failed(&self, error: EngineError);
}

/// A service as the run knows it.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Its container.
    pub container: ContainerId,
    /// What that is called on the engine.
    pub name: String,
    /// How often it was started again.
    pub restarts: u32,
    /// How long it took from its start until it was ready; `None` where nobody waited for that.
    pub started_in: Option<Duration>,
}

/// What a command in a container of its own did.
#[derive(Debug, Clone)]
pub struct Fresh {
    /// What it wrote, and how it ended.
    pub output: ExecOutput,
    /// It, or a child of it, was killed for want of memory.
    pub oom_killed: bool,
    /// From its start to its end.
    pub took: Duration,
    /// A line for a shell that does the same.
    pub line: String,
}

/// A container that was made to be looked into, and is never started.
pub struct Resting {
    /// The container.
    pub container: ContainerId,
    /// Where in it what is looked at has its root: empty where that is its own.
    pub root: String,
    /// A line for a shell that makes such a container.
    pub create: String,
    /// It stays until this is dropped.
    pub held: Claim,
}

/// Lines that services have written, counted by stream.
#[derive(Debug, Clone, Default)]
pub struct Written {
    counts: HashMap<Name, Lines>,
}

/// A number of lines of each stream.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lines {
    /// Of the output.
    pub stdout: u64,
    /// Of the error output.
    pub stderr: u64,
}

impl Written {
    /// So many lines were written by a service.
    pub fn set(&mut self, service: Name, lines: Lines) {
        self.counts.insert(service, lines);
    }

    /// How many lines a service had written.
    pub fn of(&self, service: &Name) -> Lines {
        self.counts.get(service).copied().unwrap_or_default()
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::probe::http::server::Server;

    /// A run without services: for tests of what goes over the network alone. Where there is a server, it is told to write a line a request.
    #[derive(Default)]
    pub struct Nowhere<'s> {
        pub server: Option<&'s Server>,
    }

    impl Site for Nowhere<'_> {
        fn engine(&self) -> &dyn Engine {
            panic!("nothing is asked of it")
        }

        fn service(&self, _: &Name) -> Option<Standing> {
            None
        }

        fn endpoint(&self, _: &Name, _: u16) -> Option<Endpoint> {
            None
        }

        fn health<'a>(&'a self, _: &'a Name) -> BoxFuture<'a, Option<bool>> {
            Box::pin(std::future::ready(None))
        }

        fn network(&self) -> Option<NetworkId> {
            None
        }

        fn services(&self) -> Vec<Name> {
            Vec::new()
        }

        fn environment(&self, _: &Name) -> Vec<(String, String)> {
            Vec::new()
        }

        fn image_name(&self, _: &Name) -> String {
            String::new()
        }

        fn image(&self, _: &ImageUse) -> Option<ImageId> {
            None
        }

        fn secret(&self, _: &Name) -> Option<String> {
            None
        }

        fn written(&self) -> Written {
            Written::default()
        }

        fn marks(&self) -> Marks {
            let mut marks = Marks::default();
            marks.set("web".into(), self.server.map_or(0, |server| server.requests().len() as u64));
            marks
        }

        fn since(&self, marks: &Marks) -> Vec<ServiceLog> {
            let Some(server) = self.server else { return Vec::new() };
            let requests = server.requests();
            let new = requests.iter().skip(marks.of(&"web".into()) as usize);
            let lines = new.map(|seen| format!("{} {}", seen.method(), seen.path())).collect();
            vec![ServiceLog { service: "web".to_owned(), before: 0, lines, files: Vec::new() }]
        }

        /// Says where it would be.
        fn keep(&self, name: &str, _: &str) -> Option<PathBuf> {
            Some(name.into())
        }

        fn run<'a>(&'a self, _: &'a RunLook, _: HashMap<Hole, String>) -> BoxFuture<'a, Result<Fresh, Unseen>> {
            Box::pin(std::future::ready(Err(Unseen::nothing("a container", "there is no engine"))))
        }

        fn at_rest<'a>(&'a self, _: &'a FilePlace) -> BoxFuture<'a, Result<Resting, Unseen>> {
            Box::pin(std::future::ready(Err(Unseen::nothing("a container", "there is no engine"))))
        }

        fn hide(&self, _: &str) {}

        fn engine_failed(&self, error: EngineError) {
            panic!("{error}")
        }
    }
}
