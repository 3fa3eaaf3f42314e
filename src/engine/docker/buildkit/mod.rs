//! Builds images through BuildKit in the daemon, over its own API: neither docker's nor buildx's binary takes part.
//!
//! Main type: [`Builder`]. Two upgraded connections do it. On `/grpc` we ask (`control`): solve this, tell what happens. On `/session`
//! the daemon asks (`session`): for files (`filesync`, `walk`, `patterns`), credentials (`auth`) and secrets (`secrets`). What it
//! tells becomes progress (`progress`), and why it failed an error with the Dockerfile's lines (`failure`, `dockerfile`). It must not
//! know containers, or any other part of the API. The wire types are those of moby/buildkit and tonistiigi/fsutil.

mod auth;
mod builder;
mod control;
mod dockerfile;
mod failure;
mod filesync;
mod fingerprint;
mod follow;
mod health;
mod listing;
mod noise;
mod progress;
mod random;
mod secrets;
mod session;
mod sessions;
mod shared;
mod solve;
mod source;
mod stat;
mod stream;
mod tail;
mod tasks;
mod walk;
mod wish;

pub use builder::Builder;
