//! The table itself, one file a concept.

mod acceptance;
mod action;
mod check;
mod container;
mod dns;
mod file;
mod filter;
mod healthcheck;
mod http;
mod image;
mod limit;
mod param;
mod pipeline;
mod predicate;
mod privilege;
mod probe;
mod query;
mod resource;
mod secret;
mod service;
mod stage;
mod template;
mod test;

pub use acceptance::is_of_foreign_tests;

use super::NodeDef;

/// The root of the table: its children are what may stand at the top level of a file.
pub static DOCUMENT: NodeDef = NodeDef::new("the file", "A pipeline: its declarations, in any order.").children(&[&[
    &pipeline::PIPELINE,
    &param::PARAM,
    &secret::SECRET,
    &pipeline::INCLUDE,
    &image::IMAGE,
    &resource::VOLUME,
    &resource::NETWORK,
    &template::TEMPLATE,
    &service::SERVICE,
    &stage::STAGE,
    &acceptance::ACCEPTANCE,
]]);
