//! Typed syntax: what the author wrote, names unresolved, spans everywhere.
//!
//! Main type: [`Spec`], made by [`decode`]. Strings are as written: their `{{…}}` are parsed by `model`. What is broken is missing
//! here and has its diagnostic. This room must not know what a name refers to, what a template adds, or what a default is.

mod acceptance;
mod action;
mod artifact;
mod bats;
mod check;
mod command;
mod container;
mod dns;
mod env;
mod filter;
mod grammar;
mod healthcheck;
mod http;
mod host_command;
mod image;
mod include;
mod language;
mod limit;
mod mount;
mod need;
mod param;
mod pipeline;
mod port;
mod predicate;
mod privilege;
mod probe;
mod query;
mod reader;
mod resource;
mod runnable;
mod secret;
mod service;
mod shape;
mod spec;
mod stage;
mod template;
mod test;

pub use acceptance::{Acceptance, ForeignTests, Target};
pub use action::{Action, ActionKind};
pub use artifact::{Artifact, ArtifactOn, ReportKind};
pub use bats::Bats;
pub use check::{Capture, Check, CheckStrength};
pub use command::{Command, Words};
pub use container::{ContainerSettings, Stop};
pub use dns::Dns;
pub use env::{EnvEntry, EnvValue, KeyValue};
pub use filter::{Arithmetic, Encoding, Filter, FilterKind, PlainFilter};
pub use grammar::Grammar;
pub use healthcheck::{HealthTest, Healthcheck};
pub use http::{Body, HttpRequest, HttpVersion, Part};
pub use host_command::HostCommand;
pub use image::{Build, BuildContext, BuildSecret, Image, ImageSource, PullPolicy};
pub use include::Include;
pub use language::{Annotated, Language};
pub use limit::{LogLimit, Most, Resources, Ulimit};
pub use mount::{Mount, MountSource};
pub use need::{Gate, Need};
pub use param::Param;
pub use pipeline::Header;
pub use port::Port;
pub use predicate::{JsonKind, Link, Operand, Predicate, PredicateKind, Quantifier};
pub use privilege::{Capability, Device, Gpus, Privileges, WhichGpus};
pub use probe::{DnsRecord, ExecLook, LogsSince, Look, Probe, RunLook, SqlClient, SqlLook, TcpLook};
pub use query::{CertificateField, Fact, FactType, Query, names_one_place};
pub use reader::inside;
pub use resource::{External, Network, Volume};
pub use runnable::Runnable;
pub use secret::Secret;
pub use service::Service;
pub use spec::{Spec, decode};
pub use stage::Stage;
pub use template::Template;

/// Where the bytes of a string's value stand in its file.
pub use crate::syntax::Places;
pub use test::{Each, Row, Skip, Step, Test, Wait, WaitKind};
