//! `pipe`: a declarative pipeline interpreter for Docker.
//!
//! The rooms, in the order in which a value flows through them; `src/README.md` is the map, and a test holds the imports to it.

/// Files, byte spans, line index.
pub mod source;

/// What we tell people about their file: codes, labels, fixes, renderers.
pub mod diagnostic;

/// KDL text to a document that always exists.
pub mod syntax;

/// XPath 1.0 over XML and HTML.
pub mod xpath;

/// The one table of every node, argument, property, type and default.
pub mod schema;

/// Typed syntax: what the author wrote, names unresolved.
pub mod ast;

/// What the author meant: names resolved, invariants hold.
pub mod model;

/// Opinions about valid pipelines, one file a rule.
pub mod lint;

/// `analyze()`: the one road from text to a pipeline.
pub mod analysis;

/// Which operations, in which order, and why each one.
pub mod plan;

/// The container engine as we wish it were: trait, value types, adapters, a fake.
pub mod engine;

/// Whether a pipeline could run here and now.
pub mod preflight;

/// What happened, as data.
pub mod event;

/// Look at something, query it, judge it.
pub mod probe;

/// What is kept of runs on this machine: a locked directory a run.
pub mod store;

/// Performs a plan: scheduling, gates, cancellation, tear-down.
pub mod run;

/// Turns events into screens and files, one folder a format.
pub mod report;

/// Arguments, environment, exit codes; wires the rooms together.
pub mod cli;
