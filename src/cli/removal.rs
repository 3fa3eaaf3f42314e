use futures_util::future::join_all;

use super::ExitStatus;
use super::terminal::print;
use crate::engine::{Engine, ErrorKind, Object, ObjectKind, labels};
use crate::run::remove_object;

/// Removes objects, containers first, and tells what went; an object that stays makes the answer a failure of the engine.
pub async fn remove_all(engine: &dyn Engine, mut objects: Vec<Object>, dry_run: bool) -> ExitStatus {
    objects.sort_by(|a, b| (a.kind, &a.name, &a.id).cmp(&(b.kind, &b.name, &b.id)));
    let mut stayed = 0;
    let mut counts = Vec::new();
    for group in objects.chunk_by(|a, b| a.kind == b.kind) {
        let mut gone = 0;
        let removals = group
            .iter()
            .map(async |object| (object, if dry_run { Ok(()) } else { remove_object(engine, object).await }));
        for (object, answer) in join_all(removals).await {
            match answer {
                Ok(()) => {
                    gone += 1;
                    print(&format!(
                        "{} {} {}",
                        if dry_run { "would remove" } else { "removed" },
                        object.kind.as_str(),
                        shown(object)
                    ));
                }
                // Somebody else's container runs on it: that is no failure, and it goes with the next clean.
                Err(error) if object.kind == ObjectKind::Image && matches!(error.kind, ErrorKind::Conflict) => {
                    print(&format!("skipped image {}: a container uses it", shown(object)));
                }
                Err(error) => {
                    stayed += 1;
                    print(&format!("left {} {}: {}", object.kind.as_str(), shown(object), error.message));
                }
            }
        }
        if gone == 0 {
            continue;
        }
        let plural = if gone == 1 { "" } else { "s" };
        counts.push(format!("{gone} {}{plural}", group[0].kind.as_str()));
    }
    let verb = if dry_run { "would remove" } else { "removed" };
    print(&if counts.is_empty() && stayed == 0 {
        "nothing to remove".to_owned()
    } else {
        let counts = if counts.is_empty() { "nothing".to_owned() } else { counts.join(", ") };
        format!("{verb} {counts}, left {stayed}")
    });
    if stayed == 0 { ExitStatus::Success } else { ExitStatus::Engine }
}

fn shown(object: &Object) -> String {
    let name = if object.name.is_empty() { object.id.chars().take(19).collect() } else { object.name.clone() };
    match object.label(labels::PIPELINE) {
        Some(pipeline) if object.kind == ObjectKind::Image => format!("{name} of {pipeline}"),
        _ => name,
    }
}
