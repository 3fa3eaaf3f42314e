use std::path::PathBuf;
use std::sync::Arc;

use sha2::{Digest, Sha256};

/// Files that the builder may ask for, by a name of our own making.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Source {
    /// A directory of this machine.
    Directory(PathBuf),
    /// A Dockerfile that exists in memory alone, as the one file `Dockerfile`.
    Text(Arc<str>),
}

/// The name by which the daemon asks for a build's context. An engine 20.10 asks for the ignore file by any name it is given, and for the
/// context itself by this one alone.
pub(super) const CONTEXT: &str = "context";

/// The name of the only file of a [`Source::Text`].
pub(super) const DOCKERFILE: &str = "Dockerfile";

impl Source {
    /// The name by which the daemon asks for a Dockerfile here. It tells sources apart and is the same in every run: the daemon finds by
    /// it what it was sent before.
    pub fn dockerfile_name(&self) -> String {
        format!("dockerfile-{}", self.hash())
    }

    /// What tells it from other sources.
    pub fn hash(&self) -> String {
        let mut hash = Sha256::new();
        match self {
            Source::Directory(path) => hash.update(path.as_os_str().as_encoded_bytes()),
            Source::Text(text) => {
                hash.update([0]);
                hash.update(text.as_bytes());
            }
        }
        hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// A text of the daemon for people: without the part of a name that tells sources apart.
pub(super) fn without_hash(text: &str) -> String {
    match text.strip_suffix(':').and_then(|text| text.rsplit_once("dockerfile-")) {
        Some((before, hash)) if hash.len() == 16 => format!("{before}dockerfile:"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_stable_and_tell_sources_apart() {
        let name = |path: &str| Source::Directory(path.into()).dockerfile_name();
        assert_eq!(name("/a"), name("/a"));
        assert_ne!(name("/a"), name("/b"));
        assert_ne!(Source::Text("/a".into()).dockerfile_name(), name("/a"));
    }

    #[test]
    fn people_see_the_role_alone() {
        let name = Source::Directory("/a".into()).dockerfile_name();
        assert_eq!(without_hash(&format!("transferring {name}:")), "transferring dockerfile:");
        assert_eq!(without_hash("transferring context:"), "transferring context:");
        assert_eq!(without_hash("extracting sha256:abc"), "extracting sha256:abc");
    }
}
