use std::path::PathBuf;

use super::ImageId;

/// A build, with everything resolved.
#[derive(Debug, Clone, Default)]
pub struct BuildRequest {
    /// The context; absolute.
    pub context: PathBuf,
    /// The Dockerfile; absolute.
    pub dockerfile: PathBuf,
    /// The Dockerfile's text, where it stands in the pipeline itself.
    pub inline: Option<String>,
    /// The stage; the last one where there is none.
    pub target: Option<String>,
    /// Build arguments.
    pub args: Vec<(String, String)>,
    /// Labels of the image.
    pub labels: Vec<(String, String)>,
    /// References that the image gets.
    pub tags: Vec<String>,
    /// Secrets of `RUN --mount=type=secret`.
    pub secrets: Vec<BuildSecret>,
    /// Look for newer base images. A base that only this engine has is used as it is, with a warning.
    pub pull: bool,
    /// Build every step anew.
    pub no_cache: bool,
    /// `linux/arm64`.
    pub platform: Option<String>,
    /// The network of `RUN` steps.
    pub network: Option<String>,
    /// Images of a registry whose cache is taken over.
    pub cache_from: Vec<String>,
    /// Whether the cache is put into the image, for others.
    pub inline_cache: bool,
}

/// A secret of a build.
#[derive(Clone)]
pub struct BuildSecret {
    /// The id that the Dockerfile names.
    pub id: String,
    /// Its bytes.
    pub value: Vec<u8>,
}

/// Never shows the value.
impl std::fmt::Debug for BuildSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BuildSecret").field("id", &self.id).finish_non_exhaustive()
    }
}

/// An image that was built.
#[derive(Debug, Clone)]
pub struct Built {
    /// Its id.
    pub image: ImageId,
}

/// What a build tells while it runs. Steps are BuildKit's vertexes; `step` is stable within a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BuildProgress {
    /// A step began.
    Started {
        /// Which.
        step: String,
        /// `[release 3/6] RUN pip install …`
        name: String,
    },
    /// A step ended well.
    Finished {
        /// Which.
        step: String,
        /// Nothing had to be done.
        cached: bool,
    },
    /// A step ended badly.
    Failed {
        /// Which.
        step: String,
        /// In the builder's words.
        error: String,
    },
    /// Output of a step.
    Log {
        /// Which.
        step: String,
        /// Bytes, not aligned to lines.
        data: Vec<u8>,
    },
    /// Bytes done of a transfer within a step.
    Transfer {
        /// Which.
        step: String,
        /// What is transferred.
        id: String,
        /// Done.
        current: u64,
        /// Of; 0 where not known.
        total: u64,
    },
    /// Something that the user should know.
    Warning(String),
}

/// Why a build failed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuildFailure {
    /// The step that failed, as the builder names it.
    pub step: Option<String>,
    /// The exit code of its command.
    pub exit_code: Option<i64>,
    /// Its last lines.
    pub log: Vec<String>,
    /// The lines of the Dockerfile, from 1, where they are known.
    pub lines: Option<(usize, usize)>,
    /// The builder's words.
    pub message: String,
}
