//! From what is written to what is meant: [`resolve`], one file a concept; [`Resolution`] for those who do it again and again.
//!
//! Everything is looked at and everything is told; what cannot be resolved is left out, and a [`Pipeline`](super::Pipeline) comes of
//! it only where nothing was wrong. No recursion follows the user's input.

mod acceptance;
mod captures;
mod check;
mod command;
mod container;
mod declared;
mod dns;
mod dockerfile;
mod embedded;
mod env_file;
mod file;
mod grammar;
mod healthcheck;
mod hole;
mod http;
mod image;
mod instances;
mod limit;
mod matrix;
mod merged;
mod mount;
mod need;
mod param;
mod privilege;
mod probe;
mod resolution;
mod resolver;
mod resource;
mod runnable;
mod secret;
mod stage;
mod stage_input;
mod table;
mod template;
mod test;
mod text;
mod user;
mod version;

use super::{Inputs, Pipeline};
use crate::ast::Spec;
use crate::diagnostic::Diagnostics;
use crate::source::Files;

pub use resolution::Resolution;

/// What `spec` means. Total: there are always diagnostics to tell of what is wrong, and a pipeline only where nothing is.
///
/// `files` is the text that the spec's spans point into.
pub fn resolve(spec: &Spec, files: &Files, inputs: &Inputs<'_>) -> (Option<Pipeline>, Diagnostics) {
    Resolution::of(spec, files, inputs).into_answer()
}
