use std::time::Duration;

use super::ledger::Entry;
use super::removal::{Effort, remove_object};
use super::session::Session;
use crate::engine::{Object, ObjectKind, Result, labels};
use crate::event::StepOutcome;
use crate::plan::NodeId;

/// How long after a round that did not succeed there is another one: whatever made the books doubtful may still be amiss.
const AGAIN: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(1)];

/// Sets the books right where they may be wrong: asks the engine for everything that carries the run's label, and removes what
/// is neither kept on purpose nor known to be gone. A create whose answer was lost is found here.
pub(super) async fn sweep(session: &Session, outcomes: &[StepOutcome]) {
    if !session.ledger.is_doubtful() {
        return;
    }
    for pause in AGAIN {
        if round(session, outcomes).await.is_ok() {
            return;
        }
        tokio::time::sleep(pause).await;
    }
    // An engine that does not answer leaves the books as they are: what they say is there is told as left.
    let _ = round(session, outcomes).await;
}

/// Removes what is there and should not be; an error where the engine did not say what is, or did not remove something.
async fn round(session: &Session, outcomes: &[StepOutcome]) -> Result<()> {
    let mut found = session.engine.list(labels::RUN, Some(&session.identity().run)).await?;
    session.ledger.seen();
    found.sort_by_key(|object| object.kind);
    let mut all = Ok(());
    for object in found.iter().filter(|object| object.kind != ObjectKind::Image) {
        let entry = session.ledger.entries().into_iter().find(|entry| is(entry, object));
        match entry {
            Some(entry) if session.stays(outcomes, entry.node) => continue,
            Some(_) => {}
            None => session.ledger.made(node_of(session, object), object.kind, &object.name, object.id.clone()),
        }
        match remove_object(session.engine.as_ref(), object, Effort::Insisting).await {
            Ok(()) => session.ledger.removed(object.kind, &object.id),
            Err(error) => all = Err(error),
        }
    }
    forget_what_is_gone(session, &found);
    all
}

/// What the books hold and the engine does not have is gone, whoever removed it.
fn forget_what_is_gone(session: &Session, found: &[Object]) {
    for entry in session.ledger.entries() {
        if !found.iter().any(|object| is(&entry, object)) {
            session.ledger.removed(entry.kind, &entry.id);
        }
    }
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
