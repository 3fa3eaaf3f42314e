//! What we tell people about their file: codes, labels, fixes, and how they are drawn.
//!
//! Main type: [`Diagnostic`]. A diagnostic is data; only [`render`] knows a terminal. This room must not know the language.

mod code;
pub mod codes;
mod collection;
#[expect(clippy::module_inception, reason = "a file is named after its main type")]
mod diagnostic;
mod levels;
mod mending;
mod near;
mod page;
pub mod render;
mod surroundings;

pub use code::{Code, CodeInfo, Severity};
pub use collection::Diagnostics;
pub use diagnostic::{Diagnostic, Edit, Fix, Label};
pub use levels::{Level, Levels};
pub use mending::{Mending, edited, mend};
pub use near::{listed, near};
pub use page::{Block, blocks};
pub use surroundings::{WHEN_SIGNAL_IGNORED, image_unavailable, login, missing_external, port_taken, unchecked_image};
