use super::session::Session;
use crate::engine::ObjectKind;
use crate::event::{StepOutcome, Summary, Verdict};
use crate::plan::NodeId;

/// The end of a run in figures, from its books.
pub(super) fn summary(session: &Session, verdict: Verdict, outcomes: &[StepOutcome]) -> Summary {
    let entries = session.ledger.entries();
    let (gone, there): (Vec<_>, Vec<_>) = entries.iter().partition(|entry| entry.removed);
    let (kept, left): (Vec<_>, Vec<_>) = there.into_iter().partition(|entry| session.stays(outcomes, entry.node));
    let containers = || kept.iter().filter(|entry| entry.kind == ObjectKind::Container);
    let unknown = session.ledger.unknown().into_iter();
    Summary {
        verdict,
        took: session.teller.now(),
        created: entries.len(),
        removed: gone.len(),
        kept: kept.len(),
        left: left.iter().map(|entry| format!("{} {}", entry.kind.as_str(), entry.id)).collect(),
        unknown: unknown.map(|(kind, name)| format!("{} {name}", kind.as_str())).collect(),
        containers: containers().map(|entry| (entry.node, entry.name.clone())).collect(),
        urls: containers().flat_map(|entry| urls(session, entry.node)).collect(),
    }
}

fn urls(session: &Session, node: NodeId) -> Vec<(NodeId, u16, String)> {
    let (Some(service), Some(up)) = (session.index.service_of(&session.plan, node), session.facts.service(node)) else {
        return Vec::new();
    };
    let declared = |port: u16| service.ports.iter().any(|declared| declared.container.value == port);
    let published = up.state.ports.iter().filter(|port| declared(port.container));
    published.filter_map(|port| Some((node, port.container, session.info.url(port)?))).collect()
}
