//! Brings files out of containers. What a container packs is not trusted: it must not write, link or rename anything outside of
//! the place that the author named.
//!
//! Main function: [`fetch`].

mod fetch;
mod place;
mod unpack;

pub(super) use fetch::{Fetched, Unfetched, fetch};
