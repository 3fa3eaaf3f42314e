//! Whether a service is ready: pipe's own probes, at once and in quick succession, whatever the engine's next tick would be.
//!
//! Main function: [`await_ready`]. When to try is a value ([`Cadence`]), what a try means is one too ([`Judge`]); [`look`] alone
//! touches the engine and the network.

mod awaiting;
mod cadence;
mod check;
mod endpoint;
mod judge;
mod look;

pub use awaiting::{Await, Readiness, await_ready};
pub use cadence::Cadence;
pub use check::Check;
pub use endpoint::{Endpoint, endpoint, to_confirm};
pub use judge::{Judge, Judgement};
pub use look::{Look, look_once};
