use std::fmt;
use std::path::PathBuf;

use indexmap::IndexMap;

use super::{EnvValue, ImageReference, Name, PullPolicy, Text};
use crate::source::{Span, Spanned};

/// An image that the pipeline declares.
#[derive(Debug, Clone)]
pub struct Image {
    /// Its name, where it is declared.
    pub name: Spanned<Name>,
    /// Where it comes from.
    pub source: ImageSource,
    /// What `pipe push` publishes, and what the image is called on this engine once built.
    pub tags: Vec<Text>,
    /// The whole declaration.
    pub span: Span,
}

/// Where an image comes from.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "a pipeline has few images, and most are built")]
pub enum ImageSource {
    /// Built from a Dockerfile.
    Build(Build),
    /// Taken from a registry.
    Pull {
        /// What to take.
        reference: Spanned<ImageReference>,
        /// Whether to ask the registry.
        policy: PullPolicy,
    },
    /// Made of the tar of a root file system; the path is relative to the pipeline's directory.
    Import(Spanned<PathBuf>),
    /// Read from the archive of `docker save`.
    Load(Spanned<PathBuf>),
}

/// How an image is built.
#[derive(Debug, Clone)]
pub struct Build {
    /// The context, relative to the pipeline's directory.
    pub context: Spanned<PathBuf>,
    /// The Dockerfile, relative to the pipeline's directory.
    pub dockerfile: Spanned<PathBuf>,
    /// A Dockerfile that stands in the pipeline itself, instead.
    pub inline: Option<Text>,
    /// The stage to build; the last one where there is none.
    pub target: Option<Text>,
    /// Build arguments.
    pub args: IndexMap<String, Text>,
    /// Labels of the image.
    pub labels: IndexMap<String, Text>,
    /// Images of a registry whose cache is taken over.
    pub cache_from: Vec<Text>,
    /// Whether the cache of this build is put into the image, for others.
    pub inline_cache: bool,
    /// Further directories, by the name that the Dockerfile has for them, relative to the pipeline's directory.
    pub contexts: IndexMap<String, Spanned<PathBuf>>,
    /// Secrets by id.
    pub secrets: IndexMap<String, EnvValue>,
    /// Look for newer base images.
    pub pull: bool,
    /// Build every step anew.
    pub no_cache: bool,
    /// `linux/arm64`.
    pub platform: Option<Text>,
    /// The network of `RUN` steps: `none`, `host`.
    pub network: Option<String>,
    /// The whole `build` node.
    pub span: Span,
}

/// The image that a container runs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ImageUse {
    /// One that the pipeline declares.
    Declared(Name),
    /// One from a registry, named in place.
    Reference(ImageReference),
}

impl fmt::Display for ImageUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImageUse::Declared(name) => write!(f, "{name}"),
            ImageUse::Reference(reference) => write!(f, "{reference}"),
        }
    }
}
