//! What the author meant: names resolved, templates merged, invariants hold.
//!
//! Main type: [`Pipeline`], which exists only if it is valid. This room does no I/O: files and environment come in as values.

mod acceptance;
mod check;
mod condition;
mod container;
mod cycle;
mod dns;
mod dockerfile;
mod dockerfile_copy;
mod file;
mod healthcheck;
mod http;
mod image;
mod image_reference;
mod inputs;
mod instance;
mod instructions;
mod interpolation;
mod limit;
mod name;
mod need;
mod order;
mod pipeline;
mod privilege;
mod probe;
mod reference;
mod resolve;
mod restart;
mod retry;
mod runnable;
#[cfg(test)]
pub mod sample;
mod security_option;
mod stage_input;
mod test;
mod text;
mod value;

pub use acceptance::{Acceptance, BatsFile, ForeignTests, Target};
pub use check::{Capture, Check, Filter, FilterKind, Link, Operand, Predicate, PredicateKind, Query};
pub use condition::{Condition, ConditionTest};
pub use container::{
    BindMount, CacheMount, Command, Container, EnvValue, Interpreter, JoinedNetwork, Mount, Stop, TmpfsMount,
    VolumeMount,
};
pub use dns::{Dns, HostAddress};
pub use dockerfile::{Dockerfile, DockerfileArg, DockerfileFault, DockerfileFaultKind, DockerfileStage, INSTRUCTIONS};
pub use dockerfile_copy::DockerfileCopy;
pub use file::{FileContent, PutFile};
pub use healthcheck::{HealthTest, Healthcheck, Timings};
pub use http::{Body, HttpRequest, Part};
pub use image::{Build, Image, ImageSource, ImageUse};
pub use image_reference::{ImageReference, ReferenceError, ReferenceErrorKind};
pub use inputs::Inputs;
pub use instance::Instance;
pub use limit::{Limits, LogLimit, Ulimit};
pub use name::Name;
pub use need::{Need, NeedKind};
pub use order::Order;
pub use pipeline::{Allowed, Header, HostCommand, Network, Param, ParamSource, Pipeline, Secret, SecretSource, Volume};
pub use privilege::{Device, Gpus, Privileges, WhichGpus};
pub use probe::{EnvOrText, ExecLook, FilePlace, Look, Probe, RunLook, SqlLook, TcpLook};
pub use reference::{NameKind, Reference};
pub use resolve::{Resolution, resolve};
pub use restart::Restart;
pub use retry::{Retry, RetryOn};
pub use runnable::{Artifact, Port, Runnable, Service, Stage};
pub use security_option::SecurityOption;
pub use stage_input::StageInput;
pub use test::{Action, ActionKind, Row, Skip, Step, Test, Wait};
pub use text::{Hole, Piece, Scope, Text};
pub use value::{ByteSize, Values};

pub use crate::ast::names_one_place;

/// Words of the language that mean what they say.
pub use crate::ast::{
    Arithmetic, ArtifactOn, CertificateField, CheckStrength, DnsRecord, Encoding, Fact, Gate, HttpVersion, JsonKind,
    LogsSince, Most, Oom, OutputReport, PlainFilter, Protocol, PullPolicy, Quantifier, ReportKind, RestartPolicy,
    SqlClient, WaitKind,
};
