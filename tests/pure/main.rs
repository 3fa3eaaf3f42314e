//! What is promised without a daemon. One binary, one module a subject.

mod bad_input;
mod broken_daemon;
mod check;
mod codes_pages;
#[path = "../contract/mod.rs"]
mod contract;
mod corpus;
mod ebnf;
mod errands;
mod explain;
mod fake_engine;
mod fmt;
mod grammar;
mod habits;
mod jsonpath_suite;
mod kdl_suite;
mod live_view;
mod peers;
mod preflight;
mod readme;
mod reference;
mod reports;
mod rooms;
mod shape;
mod strange_daemon;
#[path = "../surroundings/mod.rs"]
mod surroundings;
mod vocabulary;
mod wire;
