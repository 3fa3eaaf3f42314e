//! Whether a valid pipeline could run here and now: what only an engine and its registries can tell of it, before anything is made.
//!
//! Main function: [`preflight`]. It looks and changes nothing. It must not know plans, or how a run is performed.

mod checks;
mod externals;
mod images;
mod machine;
mod ports;
#[expect(clippy::module_inception, reason = "a file is named after its main function")]
mod preflight;
mod wanted;

pub use ports::{Holder, holders};
pub use preflight::{Subject, preflight};
