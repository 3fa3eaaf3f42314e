//! Queries on what a probe found and what must hold of the values: pure, no clock, no file and no socket.
//!
//! Main function: [`judge`]. A value is [`Observed`] by a query of a [`Subject`], what was found, a predicate is filled to [`Wanted`], and
//! [`verdict`] compares. What cannot be compared fails, with `not` before it or without: a promise is never kept by a misunderstanding.

mod answer;
mod charset;
mod check;
mod content;
mod date;
mod difference;
mod encoding;
mod files;
mod filter;
mod form;
mod grounds;
mod json;
mod markup;
mod observed;
mod path;
mod query;
mod schema;
mod snapshot;
mod subject;
mod verdict;
mod wanted;

pub use answer::FoundAnswer;
pub use check::{Judged, captured, judge};
pub use content::Content;
pub use files::Files;
pub use grounds::Grounds;
pub(in crate::probe) use json::values as json_values;
pub use observed::Observed;
pub use path::select;
pub use query::observe;
pub(in crate::probe) use query::{milliseconds, unanswered};
pub use schema::{Schema, SchemaText};
pub use snapshot::Snapshot;
pub use subject::{Shortfall, Subject};
pub use verdict::{Verdict, verdict};
pub use wanted::{Wanted, WantedLink};
