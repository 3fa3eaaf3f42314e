//! The container engine as we wish it were: a small object-safe trait in our own words, and what lives behind it.
//!
//! Main type: [`Engine`]. Occupants: `docker` (the real one), `fake` (scripted, in virtual time, with a ledger). No type of an
//! API crate leaves `docker`. Everything is addressed by id; names are for people.

mod build;
mod contact;
mod container;
pub mod docker;
mod error;
pub mod fake;
mod host;
mod image;
pub mod labels;
mod object;
mod resource;
mod traits;
mod usage;

pub use build::{BuildFailure, BuildProgress, BuildRequest, BuildSecret, Built};
pub use contact::{Contact, Standing};
pub use container::{
    Archive, Chunk, ContainerId, ContainerSpec, ContainerState, ContainerStatus, ExecOutput, ExecRequest, Exit,
    HealthSpec, Joined, MountSpec, Pieces, PortSpec, Protocol, PublishedPort, Running, Stream,
};
pub use error::{EngineError, ErrorKind};
pub use host::{DeviceSpec, GpuSpec, HostSpec, LogSpec, UlimitSpec};
pub use image::{ImageConfig, ImageFacts, ImageHealth, ImageId, OfferedImage, PullProgress};
pub use object::{Object, ObjectKind};
pub use resource::{EngineInfo, NetworkId, NetworkSpec, VolumeSpec};
pub use traits::{Engine, Result};
pub use usage::Usage;
