use super::ByteSize;
use crate::ast::Most;
use crate::source::Spanned;

/// How much of the machine a container may use.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Limits {
    /// Processors' worth of time, at least 0.01.
    pub cpus: Option<Spanned<f64>>,
    /// The most memory.
    pub memory: Option<ByteSize>,
    /// The memory that it is pressed down to; at most `memory`.
    pub memory_reservation: Option<ByteSize>,
    /// What may be swapped out besides; only with `memory`.
    pub swap: Option<ByteSize>,
    /// The most processes and threads.
    pub pids: Option<u32>,
    /// The size of `/dev/shm`.
    pub shm: Option<ByteSize>,
    /// Limits of the kernel for each process, one each name.
    pub ulimits: Vec<Ulimit>,
    /// How much output the engine keeps; as much as pipe thinks fit where nobody says.
    pub log: Option<LogLimit>,
}

/// A limit of the kernel for each process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ulimit {
    /// `nofile`.
    pub name: String,
    /// The limit that holds.
    pub soft: Most,
    /// How far it may be raised; at least `soft`.
    pub hard: Most,
}

/// How much output the engine keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogLimit {
    /// The size at which a new file is begun.
    pub size: ByteSize,
    /// How many files are kept.
    pub files: u32,
}
