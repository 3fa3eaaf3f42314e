//! What a run promises, shown by the binary on a real daemon: “X must Y”, one file a subject. State is checked before text:
//! the exit code, then what the daemon still holds, then the words.

mod acceptance;
mod actions;
mod canary;
mod clean;
mod commands;
mod conditions;
mod containers;
mod endings;
mod environments;
mod examples;
mod failures;
mod floods;
mod guardian;
pub mod harness;
mod images;
mod inputs;
mod interrupts;
mod isolation;
mod matrix;
mod misbehaviour;
mod online;
mod order;
mod ports;
mod probes;
mod push;
mod readiness;
mod remote;
mod resources;
mod retries;
mod secrets;
mod services;
mod stages;
mod suites;
mod turns;
mod values;
