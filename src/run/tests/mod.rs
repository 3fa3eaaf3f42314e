//! Whole runs on the fake engine, in virtual time: what they come to, and that nothing is left.

mod actions;
mod artifacts;
mod doorway;
mod endings;
mod faults;
mod interrupts;
mod keeping;
mod outages;
mod reaping;
mod reports;
mod retries;
mod scene;
mod schedules;
mod services;
mod strangers;
mod suspended;
mod tools;
mod turns;
mod verdicts;
