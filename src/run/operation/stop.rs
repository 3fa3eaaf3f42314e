use super::ending::bring_to_end;
use crate::model::Stop;
use crate::run::end::{Done, End};
use crate::run::scheduler::CancelHow;
use crate::run::session::Task;

/// Stops a service as its author asks.
pub(super) async fn stop(task: &Task, stop: &Stop) -> Done {
    let node = task.step().node;
    let container = task.facts.container(node).ok_or(End::NotNeeded)?;
    if task.facts.service(node).is_none() {
        return Err(End::NotNeeded);
    }
    task.facts.retire(node);
    if task.facts.is_disturbed(node) {
        // What a test has frozen would not hear that it is to end; what it has not, needs no thawing.
        let _ = task.engine.unpause(&container).await;
    }
    bring_to_end(task, &container, stop, CancelHow::Gracefully).await
}
