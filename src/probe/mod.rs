//! Looks at something, queries it and judges it: whether a service is ready, whether a test's promise holds, what a report says.
//!
//! Main functions: [`await_ready`], [`run_suite`]; [`Tap`](tap::Tap) and [`junit::read`] read the reports of other tools.
//! Judging is pure; what touches a socket or the engine is thin. This room must not know of plans or screens, and never starts
//! or stops anything.

pub mod acceptance;
pub mod http;
pub mod judge;
pub mod junit;
pub mod readiness;
pub mod tap;

pub use acceptance::{
    Acted, Actor, Captured, Claim, Fresh, Halt, Halted, Incident, Lines, Marks, NoTests, Part, Ran, References,
    Resting, Site, Standing, Suite, Unable, Unseen, Written, run_suite, shell_line,
};
pub use readiness::{Await, Check, Endpoint, Readiness, await_ready, look_once};
