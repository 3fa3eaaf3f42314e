//! Queries on an answer and what must hold of the values: pure, no clock and no socket.
//!
//! Main function: [`judge`]. A value is [`Observed`] by a query, a predicate is filled to [`Wanted`], and [`verdict`] compares.
//! What cannot be compared fails, with `not` before it or without: a promise is never kept by a misunderstanding.

mod check;
mod difference;
mod filter;
mod form;
mod json;
mod observed;
mod query;
mod verdict;
mod wanted;

pub use check::{captured, judge};
pub use observed::Observed;
pub use query::observe;
pub use verdict::{Verdict, verdict};
pub use wanted::{Wanted, WantedLink};
