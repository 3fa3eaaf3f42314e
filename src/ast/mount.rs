use super::reader::{Bytes, Reader};
use crate::source::{Span, Spanned};

/// `mount SOURCE "/path" read-only size=…`.
#[derive(Debug, Clone, PartialEq)]
pub struct Mount {
    /// What is mounted.
    pub source: MountSource,
    /// Where in the container.
    pub target: Spanned<String>,
    /// `read-only`: the word's place.
    pub read_only: Option<Span>,
    /// The node.
    pub span: Span,
}

/// What is mounted. A source that begins with `.`, `~` or `/`, or holds a `/`, is a path.
#[derive(Debug, Clone, PartialEq)]
pub enum MountSource {
    /// `mount public …`: a declared volume.
    Volume(Spanned<String>),
    /// `mount "./dir" …`: a path of the host, relative to the pipeline's directory.
    Bind(Spanned<String>),
    /// `mount tmpfs … size="64MiB"`: memory.
    Tmpfs {
        /// The most it may hold, in bytes.
        size: Option<Spanned<u64>>,
    },
    /// `mount cache … name=…`: a volume that is kept from run to run.
    Cache {
        /// Its name; its target where there is none.
        name: Option<Spanned<String>>,
    },
}

impl Mount {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        Some(Mount {
            source: MountSource::decode(node)?,
            target: node.argument(1)?,
            read_only: node.flag(2, "read-only"),
            span: node.span(),
        })
    }
}

impl MountSource {
    fn decode(node: Reader<'_>) -> Option<Self> {
        let source: Spanned<String> = node.argument(0)?;
        Some(match source.value.as_str() {
            "tmpfs" => MountSource::Tmpfs {
                size: node.property("size").map(|size: Spanned<Bytes>| size.map(|Bytes(size)| size)),
            },
            "cache" => MountSource::Cache { name: node.property("name") },
            path if path.starts_with(['.', '~']) || path.contains('/') => MountSource::Bind(source),
            _ => MountSource::Volume(source),
        })
    }
}
