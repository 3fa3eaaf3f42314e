use crate::event::Failure;
use crate::model::{Stage, StageInput};
use crate::run::artifact::{Unrelayed, relay};
use crate::run::end::{Done, End, engine_failure};
use crate::run::session::{Task, lost};

/// Copies the inputs of a stage into its container, from the containers of the stages that left them.
pub(super) async fn copy_in(task: &Task, stage: &Stage) -> Done {
    for input in &stage.inputs {
        tokio::select! {
            copied = copy(task, input) => copied?,
            _ = task.cancel.requested() => return Err(End::Cancelled),
        }
    }
    Ok(())
}

async fn copy(task: &Task, input: &StageInput) -> Done {
    let (path, at) = (task.fill(&input.path)?, task.fill(&input.at)?);
    let from = task.index.stage(&input.from.value).and_then(|node| task.facts.container(node));
    let from = from.ok_or_else(|| lost("container", input.from.value.as_str()))?;
    relay(task.engine.as_ref(), &from, &path, &task.container()?, &at).await.map_err(|why| match why {
        Unrelayed::There(words) => {
            let message = format!("`{}` {words}", input.from.value);
            Failure::ArtifactMissing { path, message, here: false, span: input.span }.into()
        }
        Unrelayed::Engine(error) => engine_failure(error).into(),
    })
}
