//! What the author meant: names resolved, templates merged, invariants hold.
//!
//! Main type: [`Pipeline`], which exists only if it is valid. This room does no I/O: files and environment come in as values.

mod acceptance;
mod container;
mod healthcheck;
mod image;
mod name;
mod need;
mod pipeline;
mod runnable;
mod text;
mod value;

pub use acceptance::{
    Acceptance, BatsFile, Body, Capture, Check, CheckStrength, HttpProbe, JsonKind, Operand, Predicate, PredicateKind,
    Probe, Query, Target, Test,
};
pub use container::{BindMount, Command, Container, EnvValue, Mount, Stop, TmpfsMount, VolumeMount};
pub use healthcheck::{HealthTest, Healthcheck};
pub use image::{Build, Image, ImageReference, ImageSource, ImageUse, PullPolicy};
pub use name::Name;
pub use need::{Gate, Need, NeedKind};
pub use pipeline::{Header, Network, Param, ParamSource, Pipeline, Secret, SecretSource, Volume};
pub use runnable::{Artifact, ArtifactOn, Port, ReportKind, Runnable, Service, Stage};
pub use text::{Hole, Piece, Scope, Text};
pub use value::{ByteSize, Values};
