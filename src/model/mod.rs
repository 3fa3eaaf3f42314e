//! What the author meant: names resolved, templates merged, invariants hold.
//!
//! Main type: [`Pipeline`], which exists only if it is valid. This room does no I/O: files and environment come in as values.

mod acceptance;
mod container;
mod cycle;
mod dns;
mod dockerfile;
mod healthcheck;
mod image;
mod image_reference;
mod inputs;
mod instructions;
mod interpolation;
mod limit;
mod name;
mod need;
mod pipeline;
mod privilege;
mod reference;
mod resolve;
mod runnable;
#[cfg(test)]
pub mod sample;
mod security_option;
mod text;
mod value;

pub use acceptance::{
    Acceptance, BatsFile, Body, Capture, Check, HttpProbe, Operand, Predicate, PredicateKind, Probe, Query, Target,
    Test,
};
pub use container::{BindMount, Command, Container, EnvValue, Interpreter, Mount, Stop, TmpfsMount, VolumeMount};
pub use dns::{Dns, HostAddress};
pub use dockerfile::{Dockerfile, DockerfileArg, DockerfileFault, DockerfileFaultKind, DockerfileStage, INSTRUCTIONS};
pub use healthcheck::{HealthTest, Healthcheck, Timings};
pub use image::{Build, Image, ImageSource, ImageUse};
pub use image_reference::{ImageReference, ReferenceError, ReferenceErrorKind};
pub use inputs::Inputs;
pub use limit::{Limits, LogLimit, Ulimit};
pub use name::Name;
pub use need::{Need, NeedKind};
pub use pipeline::{Header, Network, Param, ParamSource, Pipeline, Secret, SecretSource, Volume};
pub use privilege::{Device, Gpus, Privileges, WhichGpus};
pub use reference::{NameKind, Reference};
pub use resolve::resolve;
pub use runnable::{Artifact, Port, Runnable, Service, Stage};
pub use security_option::SecurityOption;
pub use text::{Hole, Piece, Scope, Text};
pub use value::{ByteSize, Values};

/// Words of the language that mean what they say.
pub use crate::ast::{ArtifactOn, CheckStrength, Gate, JsonKind, Most, PullPolicy, ReportKind};
