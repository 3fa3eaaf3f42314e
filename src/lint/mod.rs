//! Opinions about pipelines, one folder a class, one file a rule.
//!
//! Main type: [`Rule`], a code and the function that looks for it. A rule tells of what is allowed and probably not meant, or of what is
//! wrong inside a text that the language itself does not look into. Rules about what is written look at every file, however broken; rules
//! about what is meant look at a pipeline that is valid. This room must not know how a run is performed.

mod acceptance;
mod graph;
mod hygiene;
mod images;
mod names;
mod rule;
mod secrets;
mod services;
mod shell;

pub use rule::{Rule, Subject, Written, across, meant, one_by_one, rules, written};
pub use shell::{EmbeddedScript, scripts};
