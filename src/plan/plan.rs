use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::{Keep, Step, StepId};
use crate::model::{Name, Text, Values};
use crate::source::{Span, Spanned};

/// Which node of a plan: an index into [`Plan::nodes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

impl NodeId {
    /// As an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What steps are about: a resource or a runnable of this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its index.
    pub id: NodeId,
    /// What it is.
    pub kind: NodeKind,
    /// As people read it: `migrate`, `mariadb:10.11`, `todos/acceptance.bats`.
    pub name: String,
    /// Its part in the names of its objects on the engine.
    pub object: String,
    /// The runnable that it belongs to: itself, or the acceptance of a bats file.
    pub runnable: Option<Name>,
    /// Its declaration.
    pub origin: Span,
    /// The user asked for it by name or by default.
    pub wanted: bool,
    /// A service that runs until all work has settled, though nobody needs it any more.
    pub held: bool,
    /// It stays where everything passed: a service under [`Keep::Services`], or a network or volume of one.
    pub kept: bool,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// An image.
    Image,
    /// The run's own network, or a declared one.
    Network,
    /// A volume.
    Volume,
    /// A service.
    Service,
    /// A stage.
    Stage,
    /// An acceptance.
    Acceptance,
    /// A bats file of an acceptance.
    Bats,
    /// Tests of an acceptance in another tool.
    Tool,
}

/// All steps of a run, tear-down included. Steps stand in an order that respects their deps.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The pipeline's name.
    pub pipeline: Name,
    /// What the steps are about.
    pub nodes: Vec<Node>,
    /// What is done.
    pub steps: Vec<Step>,
    /// The values of params; none until whoever performs the plan has looked up what it [demands](Plan::demands).
    pub values: Values,
    /// Labels of all containers.
    pub labels: IndexMap<String, Text>,
    /// What stays when the run has ended.
    pub keep: Keep,
    /// What only one run on an engine may hold at a time, of all runs that give this name.
    pub concurrency: Option<Spanned<Name>>,
    /// Params whose values were not known when it was decided which stages are wanted; such stages are in the plan.
    pub undecided: BTreeSet<Name>,
    /// How many tests were chosen, where a choice was made.
    pub chosen: Option<Chosen>,
    /// The seed that the order of tests was drawn with, where it was.
    pub seed: Option<u64>,
}

/// How many tests a selection takes, tests in another tool counted as one each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// So many.
    pub tests: usize,
    /// Of so many, of the whole pipeline.
    pub of: usize,
}

impl Plan {
    /// A step.
    pub fn step(&self, id: StepId) -> &Step {
        &self.steps[id.index()]
    }

    /// A node.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }
}

impl NodeKind {
    /// The word.
    pub fn as_str(&self) -> &'static str {
        match self {
            NodeKind::Image => "image",
            NodeKind::Network => "network",
            NodeKind::Volume => "volume",
            NodeKind::Service => "service",
            NodeKind::Stage => "stage",
            NodeKind::Acceptance => "acceptance",
            NodeKind::Bats => "bats",
            NodeKind::Tool => "tool",
        }
    }
}
