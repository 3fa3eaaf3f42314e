//! What each operation of a plan does; one file an operation.
//!
//! Main function: [`perform`]. An operation gets a task and answers how it ended; whether it may begin, and what follows, is
//! the scheduler's.

mod action;
mod bases;
mod bats_text;
mod build_output;
mod cache;
mod collect;
mod container;
mod create;
mod ending;
mod files;
mod fresh;
mod host;
mod image;
mod image_check;
mod import;
mod input;
mod network;
mod pull;
mod push;
mod ready;
pub(super) mod remove;
mod resting;
mod site;
mod stage;
mod start;
mod stop;
mod suite;
mod told_tests;
mod tool;
mod unwell;
mod volume;

use super::contact::blame;
use super::end::{Done, End};
use super::session::Task;
use crate::event::StepOutcome;
use crate::plan::Operation;

/// Does what a step says, and answers how that ended; secrets are hidden in what it answers.
pub(super) async fn perform(task: Task) -> StepOutcome {
    let losses = task.engine.contact().borrow().losses;
    let mut outcome = match undisturbed(&task).await {
        Ok(()) => StepOutcome::Succeeded,
        Err(End::Failed(failure)) => StepOutcome::Failed(blame(&*task.engine, losses, failure).await),
        Err(end) => end.into(),
    };
    task.teller.masker().outcome(&mut outcome);
    outcome
}

/// What is at work with a service waits until no test disturbs it. A suite sees to that test by test.
async fn undisturbed(task: &Task) -> Done {
    let step = task.step();
    if !step.lane.is_work() || matches!(step.operation, Operation::RunTests(_) | Operation::BeginTests(_)) {
        return Box::pin(dispatch(task)).await;
    }
    let _claim = tokio::select! {
        biased;
        claim = task.session.claim(&step.uses, &[], &[]) => claim,
        _ = task.cancel.requested() => return Err(End::Cancelled),
    };
    Box::pin(dispatch(task)).await
}

async fn dispatch(task: &Task) -> Done {
    match &task.step().operation {
        Operation::Pull { reference, platform, policy } => {
            pull::pull(task, reference, platform.as_deref(), *policy).await.map(drop)
        }
        Operation::ProvideImage(image) => image::provide(task, image).await,
        Operation::CreateRunNetwork => network::create_for_run(task).await,
        Operation::CreateNetwork(network) => network::create(task, network).await,
        Operation::CreateVolume(volume) => volume::create(task, volume).await,
        Operation::CreateService(service) => create::service(task, service).await,
        Operation::CreateStage(stage) => create::stage(task, stage).await,
        Operation::CreateBats(file) => create::bats(task, file).await,
        Operation::CreateTool(tests) => create::tool(task, tests).await,
        Operation::StartService(service) => start::start(task, service).await,
        Operation::AwaitReady { service, healthcheck } => ready::ready(task, service, healthcheck).await,
        Operation::AwaitExit(_) => ending::await_exit(task).await,
        Operation::RunStage(stage) => stage::run(task, stage).await,
        Operation::Skip { .. } | Operation::Milestone => Ok(()),
        Operation::RunBats(file) => tool::run_bats(task, file).await,
        Operation::RunTool(tests) => tool::run(task, tests).await,
        Operation::Collect { artifacts } => collect::collect(task, artifacts).await,
        // A suite is by far the largest of them, and the others shall not take the room of it.
        Operation::RunTests(acceptance) => Box::pin(suite::run(task, acceptance)).await,
        Operation::BeginTests(acceptance) => Box::pin(suite::begin(task, acceptance)).await,
        Operation::EndTests(acceptance) => Box::pin(suite::end(task, acceptance)).await,
        Operation::Push(image) => push::push(task, image).await,
        Operation::StopService(stop) => stop::stop(task, stop).await,
        Operation::RemoveContainer => remove::container(task).await,
        Operation::RemoveNetwork => remove::network(task).await,
        Operation::RemoveVolume => remove::volume(task).await,
    }
}
