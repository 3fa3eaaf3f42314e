//! The real engine: Docker's API, spoken through bollard over connections of our own.
//!
//! Main type: [`Docker`]. What it must not know: pipelines, plans, screens. No type of an API crate leaves this folder, and nothing else of
//! the product reads `DOCKER_*` variables.

mod adapter;
mod address;
mod archive;
mod building;
pub mod buildkit;
mod command;
mod creation;
mod credentials;
mod demux;
mod dialer;
mod end;
mod error;
mod host;
mod image;
mod life;
mod line;
mod lives;
mod logs;
mod looking;
mod measure;
mod offer;
mod output;
mod patience;
mod place;
mod reference;
mod resource;
mod time;
mod timed;
mod tls;
mod transfer;
mod transport;
mod usage;

pub use adapter::Docker;
pub use address::{Address, Environment};
pub use dialer::{ApiVersion, DialError, DialedStream, Dialer};
pub use patience::Patience;
