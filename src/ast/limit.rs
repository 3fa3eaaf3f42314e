use super::reader::{Bytes, Read, Reader};
use crate::source::{Span, Spanned};
use crate::syntax::Value;

/// `resources cpus=1.5 memory="512MiB" …`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Resources {
    /// Processors' worth of time.
    pub cpus: Option<Spanned<f64>>,
    /// The most memory, in bytes.
    pub memory: Option<Spanned<u64>>,
    /// The memory that it is pressed down to, in bytes.
    pub memory_reservation: Option<Spanned<u64>>,
    /// What may be swapped out besides, in bytes.
    pub swap: Option<Spanned<u64>>,
    /// The most processes and threads.
    pub pids: Option<Spanned<u32>>,
    /// The size of `/dev/shm`, in bytes.
    pub shm: Option<Spanned<u64>>,
}

/// `ulimit NAME SOFT [HARD]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Ulimit {
    /// What is limited.
    pub name: Spanned<String>,
    /// The limit that holds.
    pub soft: Spanned<Most>,
    /// How far it may be raised; the same where it is missing.
    pub hard: Option<Spanned<Most>>,
    /// The node.
    pub span: Span,
}

/// The most that there may be of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Most {
    /// So much.
    Of(u64),
    /// As much as there is.
    Unlimited,
}

/// `log-limit "10MiB" files=3`.
#[derive(Debug, Clone, PartialEq)]
pub struct LogLimit {
    /// The size at which a new file is begun, in bytes.
    pub size: Spanned<u64>,
    /// How many files are kept.
    pub files: Option<Spanned<u32>>,
}

impl Resources {
    pub(super) fn decode(node: Reader<'_>) -> Self {
        let bytes = |name| node.property(name).map(|size: Spanned<Bytes>| size.map(|Bytes(size)| size));
        Resources {
            cpus: node.property("cpus"),
            memory: bytes("memory"),
            memory_reservation: bytes("memory-reservation"),
            swap: bytes("swap"),
            pids: node.property("pids"),
            shm: bytes("shm"),
        }
    }
}

impl Ulimit {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        Some(Ulimit { name: node.argument(0)?, soft: node.argument(1)?, hard: node.argument(2), span: node.span() })
    }
}

impl LogLimit {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        let size: Spanned<Bytes> = node.argument(0)?;
        Some(LogLimit { size: size.map(|Bytes(size)| size), files: node.property("files") })
    }
}

impl Read for Most {
    fn read(value: &Value, _: &str) -> Option<Self> {
        match value {
            Value::Integer(number) => u64::try_from(*number).ok().map(Most::Of),
            Value::String(word) if word == "unlimited" => Some(Most::Unlimited),
            _ => None,
        }
    }
}
