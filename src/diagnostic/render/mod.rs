//! How diagnostics are drawn: in full under the text, concisely a line each, and as JSON; what a fix
//! or the formatter would change, as a diff.
//!
//! Only this folder knows the crate that draws. What came out of containers may stand in a diagnostic, so everything that is
//! drawn passes [`printable`] first.

mod concise;
mod count;
mod diff;
mod full;
mod json;
mod printable;
mod snippet;
mod style;

pub use concise::concise;
pub use count::count;
pub use diff::diff;
pub use full::full;
pub use json::json;
pub use printable::{clipped, printable, wrapped};
pub use style::Style;
