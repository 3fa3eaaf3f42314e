use tokio::sync::oneshot;

use super::create::{make_named, one_at_a_time};
use super::fresh::Trouble;
use super::remove::by_force;
use crate::engine::{ContainerId, ContainerSpec, ErrorKind, HealthSpec, MountSpec, ObjectKind};
use crate::model::{FilePlace, ImageUse};
use crate::probe::{Resting, Unseen, shell_line};
use crate::run::end::{Done, engine_failure};
use crate::run::session::{Task, lost};

/// Where a volume is mounted that is looked into: no image has anything there that a new volume would take over.
const SHELF: &str = "/.pipe-volume";
/// What a container is to run that is never started: an image need not say what.
const NOTHING: &str = "-";

/// Makes a container that is never started, tells of it, and removes it once what was told is let go. Its future must not be dropped: what
/// it makes would be left.
pub(super) async fn rest(
    task: Task,
    place: FilePlace,
    number: usize,
    answer: oneshot::Sender<Result<Resting, Trouble>>,
) {
    match made(&task, &place, number).await {
        Ok((container, mut resting)) => {
            let (held, let_go) = oneshot::channel::<()>();
            resting.held = Box::new(held);
            // Where nobody waits for it any more, it is let go with what was told.
            let _ = answer.send(Ok(resting));
            let _ = let_go.await;
            // The books know where that fails, and the run ends as one that has left something.
            let _ = by_force(&task, &container).await;
        }
        Err(trouble) => {
            let _ = answer.send(Err(trouble));
        }
    }
}

async fn made(task: &Task, place: &FilePlace, number: usize) -> Result<(ContainerId, Resting), Trouble> {
    let (mut spec, root, create) = spec(task, place).map_err(Trouble::Run)?;
    spec.name = task.identity().plain_name(&format!("-{}-file-{number}", task.node().object));
    let _filling = one_at_a_time(task, &spec).await;
    let (name, made) = make_named(task, spec).await;
    let container = made.map_err(|error| match error.kind {
        ErrorKind::CannotStart => Trouble::Test(Unseen::nothing("a container that can be made", error.message)),
        _ => Trouble::Run(engine_failure(error).into()),
    })?;
    task.ledger.made(task.step().node, ObjectKind::Container, &name, container.0.clone());
    Ok((container.clone(), Resting { container, root, create, held: Box::new(()) }))
}

/// The container, where in it the root of what is looked at is, and a line for a shell that makes such a container.
fn spec(task: &Task, place: &FilePlace) -> Done<(ContainerSpec, String, String)> {
    let labels = task.fill_all(&task.plan.labels)?;
    let spec = ContainerSpec {
        command: Some(vec![NOTHING.to_owned()]),
        health: HealthSpec::None,
        labels: task.identity().labels(task.node(), labels),
        ..ContainerSpec::default()
    };
    match place {
        FilePlace::Image(image) => {
            let id = task.image(&image.value, None)?.id;
            let called = match &image.value {
                ImageUse::Reference(reference) => reference.as_str(),
                ImageUse::Declared(_) => &id.0,
            };
            let create = shell_line(["docker", "create", called, NOTHING]);
            Ok((ContainerSpec { image: id, ..spec }, String::new(), create))
        }
        FilePlace::Volume(name) => {
            let volume = task.index.volume(&name.value).and_then(|node| task.facts.volume(node));
            let volume = volume.ok_or_else(|| lost("volume", name.value.as_str()))?;
            // A container is of some image: the first that the run has provided will do, since nothing of it is looked at.
            let mut images: Vec<_> = task.index.images().collect();
            images.sort_unstable();
            let image = images.into_iter().find_map(|node| task.facts.image(node));
            let image = image.ok_or_else(|| lost("image to look with into volume", name.value.as_str()))?.id;
            let mount = format!("{volume}:{SHELF}");
            let create = shell_line(["docker", "create", "-v", &mount, &image.0, NOTHING]);
            let mounts = vec![MountSpec::Volume { name: volume, target: SHELF.to_owned(), read_only: true }];
            Ok((ContainerSpec { image, mounts, ..spec }, SHELF.to_owned(), create))
        }
        // The container of a service is there already, and nobody asks for another.
        FilePlace::Service(name) => Err(lost("container", name.value.as_str())),
    }
}
