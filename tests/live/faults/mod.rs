//! The engine can fail: its connections, its answers and the daemon itself, and what a run makes of that.

mod absent;
pub mod daemon;
mod dice;
pub mod proxy;
mod runs;
mod streams;
