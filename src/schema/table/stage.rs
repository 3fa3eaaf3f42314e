use super::super::{Argument, NodeDef, Property, Type, Word};
use super::container;

/// `stage NAME { … }`
pub static STAGE: NodeDef = NodeDef::new("stage", "A container that runs to completion; its exit code decides.")
    .more("A stage without `command`, `sh` and `image` is a milestone: a name for what it needs.")
    .arguments(&[Argument::new("name", Type::Name, "Its name: a DNS label.")])
    .children(&[
        container::SETTINGS,
        &[&ARTIFACT, &ALLOW_FAILURE, &EXPECT_EXIT, &INPUT, &RETRY, &ALWAYS, &MATRIX, &WHEN, &CACHE],
    ])
    .rules(container::RULES)
    .repeatable();

/// `artifact "/path"`
pub static ARTIFACT: NodeDef = NodeDef::new(
    "artifact",
    "A file or directory that is copied out of the container, on failure too.",
)
.arguments(&[Argument::new("path", Type::ContainerPath, "Where it lies in the container.")])
.properties(&[
    Property::new(
        "to",
        Type::Text,
        "Where it is put, relative to the directory of this file; a path that ends in `/` is a directory to put it in.",
    )
    .default("the last part of the path"),
    Property::new("report", Type::Word(REPORTS), "Reads it as a report of tests, and merges it with the others."),
    Property::new("on", Type::Word(WHENS), "When it is copied.").default("always"),
])
.repeatable();

static REPORTS: &[Word] = &[Word::new("junit", "JUnit XML"), Word::new("tap", "the Test Anything Protocol")];

static WHENS: &[Word] = &[
    Word::new("always", "whatever the exit code"),
    Word::new("success", "when the stage succeeded"),
    Word::new("failure", "when the stage failed"),
];

static ALLOW_FAILURE: NodeDef = NodeDef::new("allow-failure", "Whether its failure is told and does not fail the run.")
    .arguments(container::SWITCH);

static EXPECT_EXIT: NodeDef = NodeDef::new("expect-exit", "The exit codes that count as success.")
    .arguments(&[Argument::new("code", Type::Integer { min: 0, max: 255 }, "An exit code.").many().default("0")]);

static INPUT: NodeDef = NodeDef::planned("input", "Copies an artifact of another stage in.");
static RETRY: NodeDef = NodeDef::planned("retry", "Runs the stage again when it fails.");
static ALWAYS: NodeDef = NodeDef::planned("always", "Runs the stage in the end, whatever happened.");
static MATRIX: NodeDef = NodeDef::planned("matrix", "Makes one instance of the stage for each combination.");
static WHEN: NodeDef = NodeDef::planned("when", "The condition under which the stage is wanted.");
static CACHE: NodeDef = NodeDef::planned("cache", "Skips the stage when nothing that it depends on has changed.");
