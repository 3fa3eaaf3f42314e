//! Reads JUnit XML, as unittest-xml-reporting, pytest, surefire, jest and others write it; there is no one standard.
//!
//! Main function: [`read`]. What is read is not trusted: no entity is expanded but the five of XML itself and numbers, nothing
//! is fetched, and depth and length have limits.

mod error;
mod reader;
mod text;

pub use error::JunitError;
pub use reader::{Report, read};
