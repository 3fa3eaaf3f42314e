use tokio::sync::mpsc;

use super::pull;
use crate::engine::EngineError;
use crate::event::Failure;
use crate::model::{Image, ImageUse};
use crate::run::end::{Done, End, engine_failure};
use crate::run::session::Task;

/// Publishes the very image that this run provided, under each of its tags.
pub(super) async fn push(task: &Task, image: &Image) -> Done {
    let id = task.image(&ImageUse::Declared(image.name.value.clone()), None)?.id;
    for tag in &image.tags {
        let reference = task.fill(tag)?;
        task.engine.tag(&id, &reference).await?;
        let (progress, seen) = mpsc::channel(64);
        let pushed = tokio::select! {
            (pushed, ()) = async { tokio::join!(task.engine.push(&reference, progress), pull::tell(task, "pushing", seen)) } => pushed,
            _ = task.cancel.requested() => return Err(End::Cancelled),
        };
        pushed.map_err(|error| refused(reference, error))?;
    }
    Ok(())
}

fn refused(reference: String, error: EngineError) -> Failure {
    match error.is_of_engine() {
        true => engine_failure(error),
        false => Failure::PushFailed { reference, message: error.message },
    }
}
