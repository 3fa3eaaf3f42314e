use std::time::Duration;

use super::reader::Reader;
use super::{Action, Capture, KeyValue, Probe};
use crate::source::{Span, Spanned};

/// `test "what it promises" { … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// What it promises.
    pub name: Spanned<String>,
    /// `tags="crud slow"`: the words and where they stand.
    pub tags: Option<Spanned<String>>,
    /// In order.
    pub steps: Vec<Step>,
    /// `each …`: the table of its rows.
    pub each: Option<Each>,
    /// `skip …`.
    pub skip: Option<Skip>,
    /// `only`: the word's place.
    pub only: Option<Span>,
    /// `retry N`.
    pub retry: Option<Spanned<u32>>,
    /// `timeout "1m"`.
    pub timeout: Option<Spanned<Duration>>,
    /// The whole node.
    pub span: Span,
}

/// One thing that a test does.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Looks at something.
    Probe(Probe),
    /// Does something to a service.
    Action(Action),
    /// Asks probes again and again.
    Wait(Wait),
}

/// `eventually within="20s" { … }` or `consistently for="3s" { … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Wait {
    /// Which of the two.
    pub kind: WaitKind,
    /// `within=` or `for=`; missing only where a diagnostic says so.
    pub limit: Option<Spanned<Duration>>,
    /// `every=`.
    pub every: Option<Spanned<Duration>>,
    /// `backoff=`.
    pub backoff: Option<Spanned<f64>>,
    /// In order.
    pub probes: Vec<Probe>,
    /// The node's name.
    pub word: Span,
    /// The whole node.
    pub span: Span,
}

/// Whether probes are to pass once or all the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitKind {
    /// Once.
    Eventually,
    /// All the time.
    Consistently,
}

/// `each { row { … } }` or `each "FILE"`.
#[derive(Debug, Clone, PartialEq)]
pub enum Each {
    /// Rows that stand in the pipeline.
    Rows {
        /// The cells of each, in order.
        rows: Vec<Row>,
        /// The node's name.
        word: Span,
    },
    /// A CSV or JSON file, relative to the pipeline's directory.
    File(Spanned<String>),
}

/// `row { title "Wash the car"; order 1 }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its cells by column.
    pub cells: Vec<KeyValue>,
    /// The node.
    pub span: Span,
}

/// `skip "not yet" if="{{quick}}"`.
#[derive(Debug, Clone, PartialEq)]
pub struct Skip {
    /// Why.
    pub reason: Option<Spanned<String>>,
    /// Only where this is true.
    pub condition: Option<Spanned<String>>,
    /// The node.
    pub span: Span,
}

impl Test {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        Some(Test {
            name: node.argument(0)?,
            tags: node.property("tags"),
            steps: Step::decode_all(node),
            each: node.child("each").and_then(Each::decode),
            skip: node.child("skip").map(Skip::decode),
            only: node.child("only").map(|only| only.name().span),
            retry: node.value("retry"),
            timeout: node.value("timeout"),
            span: node.span(),
        })
    }
}

impl Step {
    /// The steps in `parent`, in order.
    pub(super) fn decode_all(parent: Reader<'_>) -> Vec<Self> {
        let steps = parent.all().filter_map(|node| {
            let probe = Probe::decode(node).map(Step::Probe);
            probe.or_else(|| Action::decode(node).map(Step::Action)).or_else(|| Wait::decode(node).map(Step::Wait))
        });
        steps.collect()
    }

    /// The probes in it, in order.
    pub fn probes(&self) -> &[Probe] {
        match self {
            Step::Probe(probe) => std::slice::from_ref(probe),
            Step::Action(_) => &[],
            Step::Wait(wait) => &wait.probes,
        }
    }

    /// What it keeps for later, in order.
    pub fn captures(&self) -> impl Iterator<Item = &Capture> {
        let own = match self {
            Step::Action(action) => action.captures.as_slice(),
            Step::Probe(_) | Step::Wait(_) => &[],
        };
        self.probes().iter().flat_map(|probe| &probe.captures).chain(own)
    }
}

impl Wait {
    fn decode(node: Reader<'_>) -> Option<Self> {
        let (kind, limit) = match node.name().value.as_str() {
            "eventually" => (WaitKind::Eventually, "within"),
            "consistently" => (WaitKind::Consistently, "for"),
            _ => return None,
        };
        Some(Wait {
            kind,
            limit: node.property(limit),
            every: node.property("every"),
            backoff: node.property("backoff"),
            probes: Probe::decode_all(node),
            word: node.name().span,
            span: node.span(),
        })
    }
}

impl WaitKind {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            WaitKind::Eventually => "eventually",
            WaitKind::Consistently => "consistently",
        }
    }
}

impl Each {
    fn decode(node: Reader<'_>) -> Option<Self> {
        if let Some(file) = node.argument(0) {
            return Some(Each::File(file));
        }
        let rows: Vec<Row> = node.children("row").map(|row| Row { cells: row.own_pairs(), span: row.span() }).collect();
        (!rows.is_empty()).then(|| Each::Rows { rows, word: node.name().span })
    }
}

impl Skip {
    fn decode(node: Reader<'_>) -> Self {
        Skip { reason: node.argument(0), condition: node.property("if"), span: node.span() }
    }
}
