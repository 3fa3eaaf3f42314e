//! Performs a plan: scheduling, gates, cancellation, tear-down.
//!
//! Main function: [`run`]. A driver performs what the [`scheduler`] decides, each operation in a task of its own, on an
//! [`Engine`](crate::engine::Engine) of any kind; what happens is told as events. Tear-down belongs to the run: whatever happens,
//! what it made is removed and counted. This room must not know how a run is shown, nor where its engine is.

mod artifact;
mod awake;
mod cancel;
mod contact;
mod control;
mod doorway;
mod driver;
mod end;
mod facts;
mod failures;
mod identity;
mod index;
mod ledger;
mod operation;
mod options;
mod output;
mod preflight;
mod reap;
mod removal;
pub mod scheduler;
mod session;
mod summary;
mod sweep;
mod teller;
#[cfg(test)]
mod tests;
mod turn;
mod turnstiles;

pub use artifact::{Unpacked, unpack};
pub use control::{Control, Signal};
pub use driver::run;
pub use end::engine_trouble;
pub use identity::Identity;
pub use options::Options;
pub use output::Masker;
pub use reap::reap;
pub use removal::{Effort, Removed, remove_object, remove_objects};
