use std::fmt;

use super::reader::{Reader, words};
use crate::source::Spanned;

/// One name of `needs A B gate=healthy`.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// What is needed.
    pub on: Spanned<String>,
    /// What it must have reached, where the author says so; of all names of the node.
    pub gate: Option<Spanned<Gate>>,
}

/// What a needed runnable must have reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gate {
    /// Its process is up.
    Started,
    /// Its healthcheck has passed, and it still runs.
    Healthy,
    /// It ended well (a stage), or its tests passed (an acceptance).
    Succeeded,
    /// It ended, well or not, or was skipped.
    Completed,
    /// Its process ended, with any code.
    Exited,
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Gate::Started => "started",
            Gate::Healthy => "healthy",
            Gate::Succeeded => "succeeded",
            Gate::Completed => "completed",
            Gate::Exited => "exited",
        })
    }
}

words!(Gate:
    "started" => Gate::Started,
    "healthy" => Gate::Healthy,
    "succeeded" => Gate::Succeeded,
    "completed" => Gate::Completed,
    "exited" => Gate::Exited,
);

impl Need {
    /// The names of all `needs` in `parent`.
    pub(super) fn decode_all(parent: Reader<'_>) -> Vec<Self> {
        let needs = parent.children("needs").flat_map(|node| {
            let gate = node.property("gate");
            node.arguments(0).into_iter().map(move |on| Need { on, gate })
        });
        needs.collect()
    }
}
