//! What is promised without a daemon. One binary, one module a subject.

#[path = "../contract/mod.rs"]
mod contract;
mod fake_engine;
mod reference;
mod shape;
