use std::path::PathBuf;

use super::Text;

/// An option of the engine's security modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecurityOption {
    /// As the engine takes it.
    Plain(Text),
    /// `seccomp=FILE`: the engine is given what stands in the file, which lies relative to the pipeline's directory.
    SeccompProfile(PathBuf),
    /// `systempaths=unconfined`: no path of `/proc` and `/sys` is hidden or read-only.
    OpenSystemPaths,
}
