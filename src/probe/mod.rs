//! Looks at something, queries it and judges it: whether a service is ready, whether a test's promise holds, what a tool's report says.
//!
//! Main function: [`await_ready`]. Judging is pure; what touches a socket or the engine is thin. This room must not know of
//! plans or screens, and never starts or stops anything.

pub mod http;
pub mod readiness;

pub use readiness::{Await, Check, Endpoint, Readiness, await_ready};
