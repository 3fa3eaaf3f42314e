//! How diagnostics are shown: drawn in full under the text, told in sentences, a line each, and in the formats of other tools, one file
//! a format; what a fix or the formatter would change, as a diff.
//!
//! Only this folder knows the crate that draws. What came out of containers may stand in a diagnostic, so everything that is
//! drawn passes [`printable`] first. A format answers its whole text, each line ended.

mod checkstyle;
mod concise;
mod count;
mod diff;
mod excerpt;
mod fingerprint;
mod fold;
mod full;
mod github;
mod gitlab;
mod json;
mod junit;
mod markdown;
mod narratable;
mod place;
mod printable;
mod rdjson;
mod sarif;
mod snippet;
mod style;
mod xml;

pub use checkstyle::checkstyle;
pub use concise::concise;
pub use count::{count, word};
pub use diff::diff;
pub use full::full;
pub use github::github;
pub use gitlab::gitlab;
pub use json::{json, json_lines};
pub use junit::junit;
pub use markdown::markdown;
pub use narratable::narratable;
pub use printable::{clipped, printable, wrapped};
pub use rdjson::rdjson;
pub use sarif::sarif;
pub use style::Style;
