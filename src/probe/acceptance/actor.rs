use std::any::Any;
use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::engine::EngineError;
use crate::model::{Action, Fact, Name, Query};
use crate::probe::judge::{Observed, Shortfall, Subject, unanswered};

/// What keeps others from what is being disturbed, or from disturbing what is being looked at, until it is dropped.
pub type Claim = Box<dyn Any + Send>;

/// Does to services what the steps of a test ask for, and makes good what they did.
pub trait Actor: Sync {
    /// Waits until a test that disturbs these services may begin: until nobody else looks at them; or, where it disturbs none, until
    /// nobody else disturbs what it looks at. Services in `held` are claimed by its suite already.
    fn claim<'a>(&'a self, disturbs: &'a [Name], held: &'a [Name]) -> BoxFuture<'a, Claim>;

    /// Does one thing, and waits until it is done.
    fn act<'a>(&'a self, action: &'a Action) -> BoxFuture<'a, Result<Acted, Unable>>;

    /// Makes a service what it was before anybody disturbed it: up, thawed, in its networks and healthy. A service that nobody disturbed
    /// is that already.
    fn restore<'a>(&'a self, service: &'a Name) -> BoxFuture<'a, Result<(), Unable>>;
}

/// What came of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acted {
    /// It was done.
    Done,
    /// A service has ended.
    Ended {
        /// Its exit code.
        code: i64,
        /// From the signal to the end.
        took: Duration,
        /// Its grace ran out.
        killed: bool,
    },
}

/// Why an action could not be done.
#[derive(Debug)]
pub enum Unable {
    /// In words: the test fails.
    Because(String),
    /// The engine is to blame: no test is judged by that.
    Engine(EngineError),
}

/// How a service that was stopped ended.
impl Subject for Acted {
    fn observe(&self, query: &Query<String>) -> Observed {
        let Acted::Ended { code, took, killed } = self else { return unanswered(query) };
        match query {
            Query::Fact(Fact::ExitCode) => Observed::Number(*code as f64),
            Query::Fact(Fact::StoppedIn) => Observed::Number(took.as_secs_f64() * 1000.0),
            Query::Fact(Fact::Killed) => Observed::Json((*killed).into()),
            query => unanswered(query),
        }
    }

    /// Who says nothing of how a service is to end is content with any end.
    fn shortfall(&self) -> Option<Shortfall> {
        None
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Does nothing to nobody.
    pub struct Nobody;

    impl Actor for Nobody {
        fn claim<'a>(&'a self, _: &'a [Name], _: &'a [Name]) -> BoxFuture<'a, Claim> {
            Box::pin(std::future::ready(Box::new(()) as Claim))
        }

        fn act<'a>(&'a self, _: &'a Action) -> BoxFuture<'a, Result<Acted, Unable>> {
            Box::pin(std::future::ready(Err(Unable::Because("there is no engine".to_owned()))))
        }

        fn restore<'a>(&'a self, _: &'a Name) -> BoxFuture<'a, Result<(), Unable>> {
            Box::pin(std::future::ready(Ok(())))
        }
    }
}
