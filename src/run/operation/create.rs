use tokio::sync::OwnedMutexGuard;

use super::files::Ready;
use super::{container, files};
use crate::engine::{ContainerId, ContainerSpec, ErrorKind, HealthSpec, MountSpec, ObjectKind, labels};
use crate::event::Failure;
use crate::model::{BatsFile, Container, ForeignTests, Service, Stage};
use crate::plan::{NodeId, Operation, Step};
use crate::run::end::{Done, engine_failure};
use crate::run::session::Task;

/// How many other names are tried for an object whose name somebody else has.
pub(super) const NAMES: u32 = 3;

/// Where a bats file lies in its container.
pub(super) const BATS_DIRECTORY: &str = "pipe-bats";

/// Makes a service's container, not started.
pub(super) async fn service(task: &Task, service: &Service) -> Done {
    let mut spec = container::spec(task, &service.container, Some(service.name.value.as_str())).await?;
    spec.ports = container::ports(task, service);
    spec.health = container::health(task, service.healthcheck.as_ref())?;
    let stop = &service.container.stop;
    if stop.is_asked() {
        // Whoever takes the environment down later has no pipeline to look it up in.
        spec.labels.push((labels::GRACE.to_owned(), stop.grace_or_default().as_millis().to_string()));
    }
    let needs: Vec<&str> = needs(task).map(|node| task.plan.node(node).name.as_str()).collect();
    if !needs.is_empty() {
        spec.labels.push((labels::NEEDS.to_owned(), needs.join(",")));
    }
    make(task, &service.container, spec, None).await
}

/// The services that the service of this step needs to live.
fn needs(task: &Task) -> impl Iterator<Item = NodeId> {
    let starts = |step: &&Step| step.node == task.step().node && matches!(step.operation, Operation::StartService(_));
    task.plan.steps.iter().find(starts).into_iter().flat_map(|step| step.uses.iter().copied())
}

/// Makes a stage's container, not started.
pub(super) async fn stage(task: &Task, stage: &Stage) -> Done {
    let Some(container) = &stage.container else { return Ok(()) };
    let mut spec = container::spec(task, container, Some(stage.host.as_str())).await?;
    for input in &stage.inputs {
        files::make_room_at(&task.fill(&input.at)?, &mut spec);
    }
    make(task, container, spec, None).await
}

/// Makes the container of a bats file, with the file in it, not started.
pub(super) async fn bats(task: &Task, file: &BatsFile) -> Done {
    let path = task.path(&file.file.value);
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = tokio::fs::read(&path).await.map_err(|error| Failure::CannotStart {
        message: format!("`{}` cannot be read: {error}", file.file.value.display()),
    })?;
    let mut spec = container::spec(task, &file.container, None).await?;
    spec.entrypoint = Some(Vec::new());
    spec.command = Some(vec!["bats".to_owned(), "--tap".to_owned(), format!("/{BATS_DIRECTORY}/{name}")]);
    spec.health = HealthSpec::None;
    make(task, &file.container, spec, Some(Ready::program(format!("/{BATS_DIRECTORY}/{name}"), text))).await
}

/// Makes the container of tests in another tool, not started.
pub(super) async fn tool(task: &Task, tests: &ForeignTests) -> Done {
    let mut spec = container::spec(task, &tests.container, None).await?;
    spec.health = HealthSpec::None;
    make(task, &tests.container, spec, None).await
}

/// Makes the container of a node and puts its files into it, and one more.
async fn make(task: &Task, settings: &Container, spec: ContainerSpec, more: Option<Ready>) -> Done {
    let node = task.step().node;
    made(task, settings, spec, more, |container| task.facts.container_is(node, container.clone())).await
}

/// Makes a container, tells `note` of it, and puts its files into it, and one more.
pub(super) async fn made(
    task: &Task,
    settings: &Container,
    mut spec: ContainerSpec,
    more: Option<Ready>,
    note: impl FnOnce(&ContainerId),
) -> Done {
    let mut files = files::ready(task, settings)?;
    files.extend(more);
    files::make_room(&files, &mut spec);
    let read_only = spec.read_only;
    let _filling = one_at_a_time(task, &spec).await;
    let (name, made) = make_named(task, spec).await;
    let container = made.map_err(|error| match error.kind {
        // A bad mount or option is the pipeline's fault, not the engine's.
        ErrorKind::CannotStart => Failure::CannotStart { message: error.message },
        ErrorKind::Conflict => Failure::NameTaken { kind: "container", name: name.clone(), span: None },
        _ => engine_failure(error),
    })?;
    task.ledger.made(task.step().node, ObjectKind::Container, &name, container.0.clone());
    note(&container);
    files::put(task, &container, files, read_only).await
}

/// Makes a container, and where somebody else has its name, under another one; the answer with the name. What has the name is not
/// touched, unless it turns out to be ours.
pub(super) async fn make_named(task: &Task, mut spec: ContainerSpec) -> (String, crate::engine::Result<ContainerId>) {
    let wanted = spec.name.clone();
    let mut names = 1..=NAMES;
    loop {
        let name = spec.name.clone();
        task.ledger.making(ObjectKind::Container, &name);
        let made = task.engine.create_container(spec.clone()).await;
        let made = made.inspect_err(|error| task.ledger.not_made(ObjectKind::Container, &name, error));
        match (&made, names.next()) {
            (Err(error), Some(n)) if matches!(error.kind, ErrorKind::Conflict) => {
                spec.name = format!("{wanted}-{}", n + 1)
            }
            _ => return (name, made),
        }
    }
}

/// Locks of the volumes that a container mounts, always taken in one order.
pub(super) async fn one_at_a_time(task: &Task, spec: &ContainerSpec) -> Vec<OwnedMutexGuard<()>> {
    let volume = |mount: &MountSpec| match mount {
        MountSpec::Volume { name, .. } => Some(name.clone()),
        MountSpec::Bind { .. } | MountSpec::Anonymous { .. } | MountSpec::Tmpfs { .. } => None,
    };
    let mut volumes: Vec<String> = spec.mounts.iter().filter_map(volume).collect();
    volumes.sort();
    volumes.dedup();
    let mut locks = Vec::new();
    for volume in volumes {
        locks.push(task.facts.volume_lock(&volume).lock_owned().await);
    }
    locks
}
