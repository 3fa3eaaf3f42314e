use std::sync::Arc;

use tokio::sync::watch;

use super::end::engine_failure;
use super::teller::Teller;
use crate::engine::{Contact, Engine, Standing};
use crate::event::{EngineTrouble, Event, Failure};

/// Lets people know when contact with the engine is lost, and when it is there again.
pub(super) async fn tell_contact(teller: Arc<Teller>, mut contact: watch::Receiver<Contact>) {
    while contact.changed().await.is_ok() {
        let standing = contact.borrow_and_update().standing;
        let message = match standing {
            Standing::Held => "Docker answers again".to_owned(),
            Standing::Lost { patience, .. } => {
                format!("lost connection to Docker; it is waited for, {patience:?} long")
            }
            Standing::Regained { after } => {
                format!("Docker answers again after {:.1} s; all that ran is looked at anew", after.as_secs_f64())
            }
            Standing::GivenUp => "Docker has not come back; it is not waited for any more".to_owned(),
        };
        teller.tell(Event::Warning { node: None, message }).await;
    }
}

/// Whose fault a failure is. While the engine is away names are not resolved, processes are killed and ports are closed: what fails
/// then says nothing of the pipeline. `losses` is how often contact had been lost when the step began.
pub(super) async fn blame(engine: &dyn Engine, losses: u32, failure: Box<Failure>) -> Box<Failure> {
    let Some(what) = symptom(&failure) else { return failure };
    match engine.confirm().await {
        Ok(now) if now == losses => failure,
        Ok(_) => Box::new(Failure::Engine {
            operation: "hold the connection to the engine".to_owned(),
            message: format!("{what} while the engine was away, which says nothing of the pipeline"),
            trouble: EngineTrouble::Lost,
        }),
        Err(error) => Box::new(engine_failure(error)),
    }
}

/// What of a failure may be a symptom of an engine that is away; none where it cannot be one.
fn symptom(failure: &Failure) -> Option<String> {
    Some(match failure {
        Failure::StageFailed { code, .. } | Failure::OutOfMemory { code, .. } => {
            format!("it ended with exit code {code}")
        }
        Failure::ServiceExited { code, .. } => format!("the service ended with exit code {code}"),
        Failure::TimedOut { .. } => "its time ran out".to_owned(),
        Failure::NotReady { .. } => "it did not come to be ready".to_owned(),
        Failure::TestsFailed { failed, total, .. } => format!("{failed} of {total} tests failed"),
        Failure::NoTests { .. } => "no test ran".to_owned(),
        _ => return None,
    })
}
