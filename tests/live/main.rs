//! What is promised of the real Docker daemon. One binary, one module a subject.
//!
//! Runs only where `PIPE_TEST_DOCKER` is set, as `tests/run.sh` does; see `daemon`.

mod buildkit;
mod container;
#[path = "../contract/mod.rs"]
mod contract;
mod daemon;
mod engine;
mod faults;
mod image;
#[path = "../kill/mod.rs"]
mod kill;
mod kills;
#[path = "../load/mod.rs"]
mod load;
mod loads;
mod readiness;
mod registry;
mod scenarios;
mod stage;
#[path = "../surroundings/mod.rs"]
mod surroundings;
