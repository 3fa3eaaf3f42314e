//! The real engine: Docker's API, spoken through bollard over connections of our own.
//!
//! Main type: `Docker`. What it must not know: pipelines, plans, screens. No type of an API crate leaves this folder, and nothing else of
//! the product reads `DOCKER_*` variables.

mod address;
pub mod buildkit;
mod dialer;

pub use address::{Address, Environment};
pub use dialer::{ApiVersion, DialError, DialedStream, Dialer};
