use std::time::Duration;

use super::reader::Reader;
use super::{Capture, Check};
use crate::source::{Span, Spanned};

/// What is done to a service in the middle of a test.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// What.
    pub kind: ActionKind,
    /// To whom.
    pub service: Spanned<String>,
    /// What is expected of its end, where it is stopped.
    pub checks: Vec<Check>,
    /// What is kept of its end, where it is stopped.
    pub captures: Vec<Capture>,
    /// The whole node.
    pub span: Span,
}

/// A kind of action.
#[derive(Debug, Clone, PartialEq)]
pub enum ActionKind {
    /// `stop SERVICE grace="5s"`.
    Stop(Option<Spanned<Duration>>),
    /// `start SERVICE`.
    Start,
    /// `kill SERVICE signal=SIGHUP`.
    Kill(Option<Spanned<String>>),
    /// `pause SERVICE`.
    Pause,
    /// `unpause SERVICE`.
    Unpause,
    /// `restart SERVICE grace="5s"`.
    Restart(Option<Spanned<Duration>>),
    /// `disconnect SERVICE network=backstage`.
    Disconnect(Option<Spanned<String>>),
    /// `connect SERVICE network=backstage`.
    Connect(Option<Spanned<String>>),
}

impl Action {
    /// An action; nothing of other nodes.
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        let kind = match node.name().value.as_str() {
            "stop" => ActionKind::Stop(node.property("grace")),
            "start" => ActionKind::Start,
            "kill" => ActionKind::Kill(node.property("signal")),
            "pause" => ActionKind::Pause,
            "unpause" => ActionKind::Unpause,
            "restart" => ActionKind::Restart(node.property("grace")),
            "disconnect" => ActionKind::Disconnect(node.property("network")),
            "connect" => ActionKind::Connect(node.property("network")),
            _ => return None,
        };
        Some(Action {
            kind,
            service: node.argument(0)?,
            checks: node.all().filter_map(Check::decode).collect(),
            captures: node.children("capture").filter_map(Capture::decode).collect(),
            span: node.span(),
        })
    }
}
