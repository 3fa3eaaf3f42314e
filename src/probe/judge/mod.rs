//! Queries on what a probe found, and what must hold of the values: pure, no clock and no socket.
//!
//! Main function: [`judge`]. A [`Subject`] is what was found. A value is [`Observed`] by a query, a predicate is filled to [`Wanted`], and [`verdict`] compares.
//! What cannot be compared fails, with `not` before it or without: a promise is never kept by a misunderstanding.

mod check;
mod content;
mod difference;
mod filter;
mod form;
mod json;
mod observed;
mod query;
mod subject;
mod verdict;
mod wanted;

pub use check::{captured, judge};
pub use content::Content;
pub use observed::Observed;
pub use query::observe;
pub(in crate::probe) use query::{milliseconds, unanswered};
pub use subject::{Shortfall, Subject};
pub use verdict::{Verdict, verdict};
pub use wanted::{Wanted, WantedLink};
