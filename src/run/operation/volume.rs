use super::create::NAMES;
use crate::engine::{ObjectKind, VolumeSpec};
use crate::event::Failure;
use crate::model::Volume;
use crate::run::end::Done;
use crate::run::session::Task;

/// A name that no volume has: the engine would answer with what is there, and that would be somebody else's.
async fn free_name(task: &Task) -> Done<String> {
    let wanted = task.identity().object_name(task.node(), false);
    let mut name = wanted.clone();
    for n in 1..=NAMES + 1 {
        if !task.engine.has_volume(&name).await? {
            return Ok(name);
        }
        name = format!("{wanted}-{}", n + 1);
    }
    Err(Failure::NameTaken { kind: "volume", name: wanted, span: None }.into())
}

/// Makes a declared volume; where it is external, finds it.
pub(super) async fn create(task: &Task, volume: &Volume) -> Done {
    let node = task.step().node;
    if let Some(name) = &volume.external {
        let name = task.fill(name)?;
        if !task.engine.has_volume(&name).await? {
            return Err(Failure::MissingExternal { kind: "volume", name }.into());
        }
        task.facts.volume_is(node, name);
        return Ok(());
    }
    let labels = task.identity().labels(task.node(), task.fill_all(&volume.labels)?);
    let spec = VolumeSpec {
        name: free_name(task).await?,
        driver: task.fill_any(&volume.driver)?,
        driver_opts: task.fill_all(&volume.driver_opts)?,
        labels,
    };
    let wanted = spec.name.clone();
    task.ledger.making(ObjectKind::Volume, &wanted);
    let made = task.engine.create_volume(spec).await;
    let name = made.inspect_err(|error| task.ledger.not_made(ObjectKind::Volume, &wanted, error))?;
    task.ledger.made(node, ObjectKind::Volume, &name, name.clone());
    task.facts.volume_is(node, name);
    Ok(())
}
