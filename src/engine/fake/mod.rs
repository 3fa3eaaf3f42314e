//! An engine in memory: scripted, in virtual time, with a ledger of what lives and a log of every call.
//!
//! Main type: [`Fake`]. It keeps the laws of [`Engine`](super::Engine) in their harshest reading: a create has made its object from the first
//! moment of the call on, and a start goes on when its future is dropped. It must not know pipelines: it sees labels, as an engine does.
//! Time is tokio's, so a test with a paused clock runs hours in no time.

mod call;
mod containers;
mod engine;
mod fault;
mod files;
mod images;
mod ledger;
mod life;
mod outage;
mod processes;
mod script;
mod setup;
mod ticket;
mod trade;
mod world;

pub use call::{Call, Operation, Outcome};
pub use fault::Fault;
pub use ledger::Ledger;
pub use outage::Outage;
pub use script::Script;
pub use setup::Fake;
pub use trade::Trade;

#[cfg(test)]
mod tests;
