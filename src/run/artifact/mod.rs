//! Brings files out of containers. What a container packs is not trusted: it must not write, link or rename anything outside of
//! the place that the author named.
//!
//! Main function: [`fetch`].

mod arriving;
mod beneath;
mod fetch;
#[cfg(test)]
mod hostile;
mod member;
mod place;
mod staging;
mod unpack;

pub(super) use fetch::{Fetched, Unfetched, fetch};
pub use unpack::{Unpacked, unpack};
