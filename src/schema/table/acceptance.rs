use super::super::{Argument, NodeDef, Property, Type};
use super::{container, probe};

/// `acceptance NAME { … }`
pub static ACCEPTANCE: NodeDef =
    NodeDef::new("acceptance", "Tests against services, as one of their clients would run them.")
        .arguments(&[Argument::new("name", Type::Name, "Its name: a DNS label.")])
        .children(&[&[
            &TARGET,
            &container::NEEDS,
            &container::AFTER,
            &container::TIMEOUT,
            &SETUP,
            &TEARDOWN,
            &TEST,
            &BATS,
            &BEFORE_ALL,
            &AFTER_ALL,
            &PARALLEL,
            &ARTIFACT,
            &COMMAND,
            &SH,
        ]])
        .repeatable();

static TARGET: NodeDef = NodeDef::new("target", "The service that relative URLs go to; it is needed, and healthy.")
    .arguments(&[Argument::new("service", Type::Name, "A service.")])
    .properties(&[Property::new("port", Type::Port, "The container's port.").default("the service's only port")]);

static SETUP: NodeDef = NodeDef::new("setup", "Probes before each test.").children(&[probe::PROBES]);

static TEARDOWN: NodeDef =
    NodeDef::new("teardown", "Probes after each test, whatever its result.").children(&[probe::PROBES]);

static TEST: NodeDef = NodeDef::new(
    "test",
    "One promise: its probes in order. A `require` that fails ends it, and a request without an answer.",
)
.arguments(&[Argument::new("name", Type::String, "What it promises, in words; unique in its acceptance.")])
.properties(&[Property::new("tags", Type::Words, "Words to select tests by.").planned()])
.children(&[probe::PROBES, probe::STEPS])
.repeatable();

static BATS: NodeDef =
    NodeDef::new("bats", "A file of bats tests, run in a container; each of its tests lands in the report.")
        .arguments(&[Argument::new("file", Type::Path, "The file.")])
        .properties(&[
            Property::new("image", Type::ImageReference, "The image to run it in; it must have `bats`.").required()
        ])
        .children(&[BATS_SETTINGS])
        .repeatable();

static BATS_SETTINGS: &[&NodeDef] = &[
    &container::ENV,
    &container::ENV_FILE,
    &container::WORKDIR,
    &container::USER,
    &container::MOUNT,
    &container::NETWORK,
    &container::TIMEOUT,
];

static BEFORE_ALL: NodeDef = NodeDef::planned("before-all", "Probes before the first test.");
static AFTER_ALL: NodeDef = NodeDef::planned("after-all", "Probes after the last test.");
static PARALLEL: NodeDef = NodeDef::planned("parallel", "How many tests run at once.");
static ARTIFACT: NodeDef = NodeDef::planned("artifact", "A report that is copied out and merged.");
static COMMAND: NodeDef = NodeDef::planned("command", "A command whose output is TAP.");
static SH: NodeDef = NodeDef::planned("sh", "A script whose output is TAP.");
