use super::ledger::Entry;
use super::operation::remove::insist;
use super::session::Session;
use crate::engine::{ContainerId, NetworkId, Object, ObjectKind, labels};
use crate::event::StepOutcome;
use crate::plan::NodeId;

/// Sets the books right where they may be wrong: asks the engine for everything that carries the run's label, and removes what
/// is neither kept on purpose nor known to be gone. A create whose answer was lost is found here.
pub(super) async fn sweep(session: &Session, outcomes: &[StepOutcome]) {
    if !session.ledger.is_doubtful() {
        return;
    }
    // An engine that does not answer leaves the books as they are: what they say is there is told as left.
    let Ok(mut found) = session.engine.list(labels::RUN, Some(&session.identity().run)).await else { return };
    found.sort_by_key(|object| object.kind);
    for object in found.iter().filter(|object| object.kind != ObjectKind::Image) {
        let entry = session.ledger.entries().into_iter().find(|entry| is(entry, object));
        match entry {
            Some(entry) if session.stays(outcomes, entry.node) => continue,
            Some(_) => {}
            None => session.ledger.made(node_of(session, object), object.kind, object.id.clone()),
        }
        if remove(session, object).await {
            session.ledger.removed(object.kind, &object.id);
        }
    }
    forget_what_is_gone(session, &found);
}

/// What the books hold and the engine does not have is gone, whoever removed it.
fn forget_what_is_gone(session: &Session, found: &[Object]) {
    for entry in session.ledger.entries() {
        if !found.iter().any(|object| is(&entry, object)) {
            session.ledger.removed(entry.kind, &entry.id);
        }
    }
}

async fn remove(session: &Session, object: &Object) -> bool {
    let engine = &session.engine;
    let removed = match object.kind {
        ObjectKind::Container => {
            let container = ContainerId(object.id.clone());
            insist(|| engine.remove_container(&container)).await
        }
        ObjectKind::Network => {
            let network = NetworkId(object.id.clone());
            insist(|| engine.remove_network(&network)).await
        }
        ObjectKind::Volume => insist(|| engine.remove_volume(&object.id)).await,
        ObjectKind::Image => return false,
    };
    removed.is_ok()
}

fn is(entry: &Entry, object: &Object) -> bool {
    entry.kind == object.kind && entry.id == object.id
}

/// Whose an object is that the books do not know, by its label.
fn node_of(session: &Session, object: &Object) -> NodeId {
    let name = object.label(labels::NODE);
    let node = session.plan.nodes.iter().find(|node| Some(node.name.as_str()) == name);
    node.map_or(NodeId(0), |node| node.id)
}
