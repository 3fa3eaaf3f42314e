//! What happened in a run, as data. Neither `run`, which tells, nor `report`, which shows, owns it.
//!
//! Main type: [`Event`]. State events are never dropped; output may be coalesced. Internal: no wire format is derived from it.

mod cause;
mod check_failure;
#[expect(clippy::module_inception, reason = "a file is named after its main type")]
mod event;
mod failure;
mod outcome;
mod testcase;

pub use cause::{Cause, Deed, Mishap, When};
pub use check_failure::{CheckFailure, Exchange, Tries};
pub use event::{BuildStepEnd, Event, Moment, OutputStream, Stamped};
pub use failure::{Attempt, EngineTrouble, Failure};
pub use outcome::{Outcome, StepOutcome, Summary, Verdict};
pub use testcase::{CaseStatus, Excerpt, ServiceLog, TestCase};
