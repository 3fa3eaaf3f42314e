use super::files::parts;
use crate::event::Failure;
use crate::model::{Stage, StageInput};
use crate::run::artifact::{Place, Unrelayed, relay};
use crate::run::end::{Done, End, engine_failure};
use crate::run::session::{Task, lost};

/// Copies the inputs of a stage into its container, from the containers of the stages that left them.
pub(super) async fn copy_in(task: &Task, stage: &Stage) -> Done {
    let read_only = stage.container.as_ref().is_some_and(|container| container.read_only);
    for input in &stage.inputs {
        tokio::select! {
            copied = copy(task, input, read_only) => copied?,
            _ = task.cancel.requested() => return Err(End::Cancelled),
        }
    }
    Ok(())
}

async fn copy(task: &Task, input: &StageInput, read_only: bool) -> Done {
    let (path, at) = (task.fill(&input.path)?, task.fill(&input.at)?);
    let from = task.index.stage(&input.from.value).and_then(|node| task.facts.container(node));
    let from = from.ok_or_else(|| lost("container", input.from.value.as_str()))?;
    // A container whose root is read-only takes files only where something is mounted.
    let (directory, name) = if read_only { parts(&at) } else { ("/", at.as_str()) };
    let to = Place { container: &task.container()?, directory, name };
    relay(task.engine.as_ref(), &from, &path, &to).await.map_err(|why| match why {
        Unrelayed::NotTaken(message) => Failure::InputRefused { at: at.clone(), message, span: input.span }.into(),
        Unrelayed::There(words) => {
            let message = format!("`{}` {words}", input.from.value);
            Failure::ArtifactMissing { path, message, here: false, span: input.span }.into()
        }
        Unrelayed::Engine(error) => engine_failure(error).into(),
    })
}
