//! Runs that are struck at a moment of their life, and what is there afterwards: the exit code, the time until the end, and what the
//! daemon still holds of them. A short selection is among the live tests; all of it, and the soak, are `tests/long.sh`.

mod blow;
mod gate;
mod matrix;
mod phase;
mod soak;
mod strike;
mod terminal;
mod trial;

pub use blow::Blow;
pub use matrix::Matrix;
use phase::Phase;
pub use soak::soak;
pub use terminal::Terminal;
use trial::{Trial, Verdict};

/// A word that no other process, and no other trial of this one, uses.
fn unique(word: &str) -> String {
    static NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let next = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    format!("{word}-{}-{next}", crate::daemon::process())
}
