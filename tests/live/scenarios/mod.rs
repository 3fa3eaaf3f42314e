//! What a run promises, shown by the binary on a real daemon: “X must Y”, one file a subject. State is checked before text:
//! the exit code, then what the daemon still holds, then the words.

mod acceptance;
mod clean;
mod commands;
mod containers;
mod environments;
mod examples;
mod failures;
mod harness;
mod images;
mod interrupts;
mod isolation;
mod order;
mod ports;
mod push;
mod readiness;
mod resources;
mod secrets;
mod services;
mod stages;
mod values;
