use std::path::PathBuf;

use super::KeyValue;
use super::reader::{Reader, words};
use crate::source::{Files, Span, Spanned};

/// `image NAME { build … | pull … | import … | load …; tag … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    /// Its name, where it is declared.
    pub name: Spanned<String>,
    /// Where it comes from; missing only where a diagnostic says so.
    pub source: Option<ImageSource>,
    /// `tag "registry/name:tag"`, each argument of each node.
    pub tags: Vec<Spanned<String>>,
    /// The whole node.
    pub span: Span,
}

/// Where an image comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum ImageSource {
    /// `build CONTEXT …`.
    Build(Box<Build>),
    /// `pull "mariadb:11" policy=missing`.
    Pull {
        /// What to take.
        reference: Spanned<String>,
        /// When the registry is asked.
        policy: Option<Spanned<PullPolicy>>,
        /// The node.
        span: Span,
    },
    /// `import "rootfs.tar"`: the path, relative to the pipeline's directory.
    Import(Spanned<String>),
    /// `load "image.tar"`: the path, relative to the pipeline's directory.
    Load(Spanned<String>),
}

/// `build CONTEXT dockerfile=… target=… { arg K V; … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Build {
    /// The context, relative to the pipeline's directory.
    pub context: Option<Spanned<String>>,
    /// The Dockerfile, relative to the context.
    pub dockerfile: Option<Spanned<String>>,
    /// `inline """…"""`: a Dockerfile that stands in the pipeline itself.
    pub inline: Option<Spanned<String>>,
    /// The Dockerfile's stage to build.
    pub target: Option<Spanned<String>>,
    /// `arg K V`.
    pub args: Vec<KeyValue>,
    /// `label K V`.
    pub labels: Vec<KeyValue>,
    /// `secret NAME id=…`.
    pub secrets: Vec<BuildSecret>,
    /// `ssh ID`: agents that are forwarded.
    pub ssh: Vec<Span>,
    /// `cache-from "REF"…`.
    pub cache_from: Vec<Spanned<String>>,
    /// `cache-to inline`: the word's place.
    pub inline_cache: Option<Span>,
    /// `context NAME PATH`.
    pub contexts: Vec<BuildContext>,
    /// Look for newer base images.
    pub pull: Option<Spanned<bool>>,
    /// Build every step anew.
    pub no_cache: Option<Spanned<bool>>,
    /// `linux/arm64`.
    pub platform: Option<Spanned<String>>,
    /// The network of `RUN` steps.
    pub network: Option<Spanned<String>>,
    /// The whole node.
    pub span: Span,
}

/// `secret NAME id=ID`, in a build.
#[derive(Debug, Clone, PartialEq)]
pub struct BuildSecret {
    /// The pipeline's secret.
    pub secret: Spanned<String>,
    /// What `RUN --mount=type=secret,id=…` calls it; the secret's own name where it is missing.
    pub id: Option<Spanned<String>>,
    /// The node.
    pub span: Span,
}

/// `context NAME PATH`, in a build.
#[derive(Debug, Clone, PartialEq)]
pub struct BuildContext {
    /// What the Dockerfile calls it.
    pub name: Spanned<String>,
    /// The directory, relative to that of the file.
    pub path: Spanned<String>,
    /// The node.
    pub span: Span,
}

/// When a registry is asked for an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PullPolicy {
    /// Only where the engine does not have it.
    #[default]
    Missing,
    /// Each time.
    Always,
    /// Never.
    Never,
}

words!(PullPolicy:
    "missing" => PullPolicy::Missing,
    "always" => PullPolicy::Always,
    "never" => PullPolicy::Never,
);

impl Build {
    /// The context and the Dockerfile, as paths from the pipeline's own directory, where both stand in the text; the Dockerfile is
    /// missing where it stands in the pipeline itself, or is named by a param.
    pub fn places(&self, files: &Files) -> Option<(PathBuf, Option<PathBuf>)> {
        let is_literal = |text: &str| !text.contains("{{");
        let context = self.context.as_ref().filter(|context| is_literal(&context.value))?;
        let directory = files.place(context.span, &context.value);
        let dockerfile = self.dockerfile.as_ref().map_or("Dockerfile", |dockerfile| &dockerfile.value);
        let is_known = self.inline.is_none() && is_literal(dockerfile);
        let dockerfile = is_known.then(|| directory.join(dockerfile));
        Some((directory, dockerfile))
    }
}

impl Image {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        Some(Image {
            name: node.argument(0)?,
            source: node.all().find_map(ImageSource::decode),
            tags: node.values("tag"),
            span: node.span(),
        })
    }
}

impl ImageSource {
    fn decode(node: Reader<'_>) -> Option<Self> {
        match node.name().value.as_str() {
            "build" => Some(ImageSource::Build(Box::new(Build::decode(node)))),
            "pull" => Some(ImageSource::Pull {
                reference: node.argument(0)?,
                policy: node.property("policy"),
                span: node.span(),
            }),
            "import" => Some(ImageSource::Import(node.argument(0)?)),
            "load" => Some(ImageSource::Load(node.argument(0)?)),
            _ => None,
        }
    }
}

impl Build {
    fn decode(node: Reader<'_>) -> Self {
        Build {
            context: node.argument(0),
            dockerfile: node.property("dockerfile"),
            inline: node.value("inline"),
            target: node.property("target"),
            args: node.pairs("arg"),
            labels: node.pairs("label"),
            secrets: node.children("secret").filter_map(BuildSecret::decode).collect(),
            ssh: node.children("ssh").map(|ssh| ssh.span()).collect(),
            cache_from: node.values("cache-from"),
            inline_cache: node.value::<String>("cache-to").map(|word| word.span),
            contexts: node.children("context").filter_map(BuildContext::decode).collect(),
            pull: node.property("pull"),
            no_cache: node.property("no-cache"),
            platform: node.property("platform"),
            network: node.property("network"),
            span: node.span(),
        }
    }
}

impl BuildContext {
    fn decode(node: Reader<'_>) -> Option<Self> {
        Some(BuildContext { name: node.argument(0)?, path: node.argument(1)?, span: node.span() })
    }
}

impl BuildSecret {
    fn decode(node: Reader<'_>) -> Option<Self> {
        Some(BuildSecret { secret: node.argument(0)?, id: node.property("id"), span: node.span() })
    }
}
