//! Brings files out of containers, to this machine or into other containers. What a container packs is not trusted: it must not write, link
//! or rename anything outside of the place that the author named.
//!
//! Main functions: [`fetch`], [`relay`].

mod arriving;
mod beneath;
mod fetch;
#[cfg(test)]
mod hostile;
mod leaving;
mod member;
mod place;
mod relay;
mod staging;
mod unpack;

pub(super) use fetch::{Fetched, Unfetched, fetch};
pub(super) use relay::{Place, Unrelayed, relay};
pub use unpack::{Unpacked, unpack};
