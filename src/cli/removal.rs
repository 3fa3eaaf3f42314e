use super::ExitStatus;
use super::terminal::print;
use super::words::bytes;
use crate::engine::{Engine, ErrorKind, Object, ObjectKind, labels};
use crate::run::{Effort, Removed, remove_objects};

/// Objects that are removed, and shown, together.
#[derive(Debug)]
pub struct Group {
    /// What they are; empty where nobody asks.
    pub title: String,
    /// Them.
    pub objects: Vec<Object>,
}

/// Removes objects, containers first, and tells what went; an object that stays makes the answer a failure of the engine.
pub async fn remove_all(engine: &dyn Engine, groups: Vec<Group>, dry_run: bool) -> ExitStatus {
    let (mut gone, mut stayed, mut size) = (Vec::new(), 0, 0);
    for Group { title, mut objects } in groups {
        if !title.is_empty() {
            print(&title);
        }
        let removed = if dry_run {
            objects.sort_by(|a, b| (a.kind, &a.name, &a.id).cmp(&(b.kind, &b.name, &b.id)));
            Removed { gone: objects, left: Vec::new() }
        } else {
            remove_objects(engine, objects, Effort::Insisting).await
        };
        for object in &removed.gone {
            let verb = if dry_run { "would remove" } else { "removed" };
            let of_size = if dry_run && object.size > 0 { format!("  {}", bytes(object.size)) } else { String::new() };
            print(&format!("{verb} {} {}{of_size}", object.kind.as_str(), shown(object)));
            size += object.size;
        }
        for (object, error) in &removed.left {
            // Somebody else's container runs on it: that is no failure, and it goes with the next clean.
            if object.kind == ObjectKind::Image && matches!(error.kind, ErrorKind::Conflict) {
                print(&format!("skipped image {}: a container uses it", shown(object)));
            } else {
                stayed += 1;
                print(&format!("left {} {}: {}", object.kind.as_str(), shown(object), error.message));
            }
        }
        gone.extend(removed.gone.into_iter().map(|object| object.kind));
    }
    print(&total(gone, stayed, dry_run.then_some(size)));
    if stayed == 0 { ExitStatus::Success } else { ExitStatus::Engine }
}

fn total(gone: Vec<ObjectKind>, stayed: usize, size: Option<u64>) -> String {
    if gone.is_empty() && stayed == 0 {
        return "nothing to remove".to_owned();
    }
    let counts = if gone.is_empty() { "nothing".to_owned() } else { ObjectKind::counted(gone) };
    match size {
        None => format!("removed {counts}, left {stayed}"),
        Some(0) => format!("would remove {counts}"),
        Some(size) => format!("would remove {counts}, {} in all", bytes(size)),
    }
}

fn shown(object: &Object) -> String {
    let name = if object.name.is_empty() { object.id.chars().take(19).collect() } else { object.name.clone() };
    match object.label(labels::PIPELINE) {
        Some(pipeline) if object.kind == ObjectKind::Image => format!("{name} of {pipeline}"),
        _ => name,
    }
}
