use super::super::{Argument, NodeDef, Part, Property, Rule, Type, Word};

/// `image NAME { … }`, at the top level
pub static IMAGE: NodeDef = NodeDef::new("image", "An image that the pipeline builds, pulls, imports or loads.")
    .more("It is made once a run, when something that is wanted needs it; all who name it run the same image.")
    .arguments(&[Argument::new("name", Type::Name, "The image's name in the pipeline.")])
    .children(&[&[&BUILD, &PULL, &IMPORT, &LOAD, &TAG]])
    .rules(&[Rule::ExactlyOne(&[
        Part::Child("build"),
        Part::Child("pull"),
        Part::Child("import"),
        Part::Child("load"),
    ])])
    .repeatable();

static BUILD: NodeDef = NodeDef::new("build", "Builds the image from a Dockerfile, with BuildKit.")
    .arguments(&[Argument::new(
        "context",
        Type::Path,
        "The directory that `COPY` copies from; its `.dockerignore` is honoured.",
    )])
    .properties(&[
        Property::new("dockerfile", Type::Path, "The Dockerfile, relative to the context.").default("Dockerfile"),
        Property::new("target", Type::Text, "The stage of the Dockerfile to build.").default("the last one"),
        Property::new(
            "pull",
            Type::Boolean,
            "Looks for newer base images, once a run; one that only the engine has is used as it is.",
        )
        .default("#false"),
        Property::new("no-cache", Type::Boolean, "Builds every step anew.").default("#false"),
        Property::new("platform", Type::Text, "The platform to build for, such as `linux/arm64`.")
            .default("the engine's own"),
        Property::new("network", Type::Word(NETWORKS), "The network of `RUN` steps.").default("default"),
    ])
    .children(&[&[&ARG, &LABEL, &SECRET, &INLINE, &SSH, &CACHE_FROM, &CACHE_TO, &CONTEXT]])
    .rules(&[Rule::AtMostOne(&[Part::Property("dockerfile"), Part::Child("inline")])]);

static ARG: NodeDef = NodeDef::new("arg", "A build argument, the value of an `ARG` of the Dockerfile.")
    .more("It stays in the image's history: what must not be seen is a `secret`.")
    .entries("the argument's name", Argument::new("value", Type::Text, "The argument's value."));

static LABEL: NodeDef = NodeDef::new("label", "A label of the image.")
    .entries("the label's key", Argument::new("value", Type::Text, "The label's value."));

static SECRET: NodeDef = NodeDef::new("secret", "A secret that `RUN --mount=type=secret,id=…` may read.")
    .arguments(&[Argument::new("name", Type::Name, "The secret of the pipeline.")])
    .properties(&[Property::new("id", Type::Name, "What the Dockerfile calls it.").default("the secret's own name")])
    .repeatable();

static INLINE: NodeDef = NodeDef::new("inline", "A Dockerfile that stands in the pipeline itself.")
    .arguments(&[Argument::new("text", Type::Text, "The Dockerfile's text.")]);

static NETWORKS: &[Word] = &[
    Word::new("default", "the engine's own"),
    Word::new("host", "that of the engine's machine"),
    Word::new("none", "no network at all"),
];

static SSH: NodeDef = NodeDef::new("ssh", "Forwards the SSH agent of this machine to `RUN --mount=type=ssh`.")
    .arguments(&[Argument::new("id", Type::Name, "What the Dockerfile calls it.").optional().default("default")])
    .repeatable()
    .not_run();

static CACHE_FROM: NodeDef =
    NodeDef::new("cache-from", "Images of a registry whose cache is taken over, made with `cache-to inline`.")
        .arguments(&[Argument::new("reference", Type::ImageReference, "An image, with its tag.").many()])
        .repeatable();

static CACHE_TO: NodeDef =
    NodeDef::new("cache-to", "Where the cache of this build is put, for others to take it over.")
        .arguments(&[Argument::new("where", Type::Word(CACHES), "The place.")]);

static CACHES: &[Word] = &[Word::new("inline", "into the image itself, published with it")];

static CONTEXT: NodeDef =
    NodeDef::new("context", "A further directory that `COPY --from=NAME` and `FROM NAME` may take from.")
        .arguments(&[
            Argument::new("name", Type::Name, "What the Dockerfile calls it."),
            Argument::new("path", Type::Path, "The directory."),
        ])
        .repeatable()
        .not_run();

static PULL: NodeDef = NodeDef::new("pull", "Takes the image from a registry.")
    .arguments(&[Argument::new("reference", Type::ImageReference, "The image, with a tag or a digest.")])
    .properties(&[Property::new("policy", Type::Word(POLICIES), "When the registry is asked.").default("missing")]);

static POLICIES: &[Word] = &[
    Word::new("missing", "only where the engine does not have it"),
    Word::new("always", "each time"),
    Word::new("never", "never: the engine must have it"),
];

static IMPORT: NodeDef = NodeDef::new("import", "Makes the image of the tar of a root file system.")
    .arguments(&[Argument::new("file", Type::Path, "The tar.")]);

static LOAD: NodeDef = NodeDef::new("load", "Reads the image from an archive of `docker save`.")
    .arguments(&[Argument::new("file", Type::Path, "The archive.")]);

static TAG: NodeDef = NodeDef::new("tag", "What the image is called on the engine, and what `pipe push` publishes.")
    .arguments(&[Argument::new("reference", Type::ImageReference, "A name with a tag.").many()])
    .repeatable();
