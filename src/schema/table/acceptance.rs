use super::super::{Argument, NodeDef, Property, Type};
use super::{action, container, probe, stage, test};

/// `acceptance NAME { … }`
pub static ACCEPTANCE: NodeDef =
    NodeDef::new("acceptance", "Tests against services, as one of their clients would run them.")
        .arguments(&[Argument::new("name", Type::Name, "Its name: a DNS label.")])
        .more(
            "Tests in other tools stand beside its own: files of `bats`, and one `command` or `sh` that writes TAP, with the settings of a \
             container, or whose reports are copied out.",
        )
        .children(&[
            &[
                &TARGET,
                &container::NEEDS,
                &container::AFTER,
                &PARALLEL,
                &BEFORE_ALL,
                &AFTER_ALL,
                &SETUP,
                &TEARDOWN,
                &test::TEST,
                &BATS,
                &container::TIMEOUT,
            ],
            FOREIGN,
            container::FOR_TESTS,
        ])
        .rules(container::RULES)
        .repeatable();

/// Tests in another tool, besides the settings of their container.
static FOREIGN: &[&NodeDef] = &[&IMAGE, &COMMAND, &SH, &ARTIFACT];

/// Whether the node is one of tests in another tool, where it stands in an acceptance.
pub fn is_of_foreign_tests(name: &str) -> bool {
    [FOREIGN, container::FOR_TESTS].into_iter().flatten().any(|node| node.name == name)
}

static IMAGE: NodeDef = NodeDef { doc: "The image that `command` or `sh` runs in.", ..container::IMAGE };
static COMMAND: NodeDef =
    NodeDef { doc: "Tests in another tool, which writes TAP, word by word, without a shell.", ..container::COMMAND };
static SH: NodeDef =
    NodeDef { doc: "Tests in another tool, which writes TAP, as a script of `/bin/sh -ec`.", ..container::SH };
static ARTIFACT: NodeDef =
    NodeDef { doc: "A report of `command` or `sh` that is copied out and merged.", ..stage::ARTIFACT };

static TARGET: NodeDef = NodeDef::new("target", "The service that relative URLs go to; it is needed, and healthy.")
    .arguments(&[Argument::new("service", Type::Name, "A service.")])
    .properties(&[Property::new("port", Type::Port, "The container's port.").default("the service's only port")]);

static PARALLEL: NodeDef =
    NodeDef::new("parallel", "How many tests run at once; each has its own cookies and captures.")
        .arguments(&[Argument::new("tests", Type::Integer { min: 1, max: 256 }, "The number.").default("1")]);

static BEFORE_ALL: NodeDef = NodeDef::new(
    "before-all",
    "Probes before the first test. Where one of them fails, no test is run, those in other tools among them; what they capture all tests know.",
)
.children(STEPS);

static AFTER_ALL: NodeDef =
    NodeDef::new("after-all", "Probes after the last test, those in other tools among them, whatever the results.")
        .more(WHATEVER_HAPPENED)
        .children(STEPS);

static SETUP: NodeDef = NodeDef::new("setup", "Probes before each test.").children(STEPS);

static TEARDOWN: NodeDef =
    NodeDef::new("teardown", "Probes after each test, whatever its result.").more(WHATEVER_HAPPENED).children(STEPS);

const WHATEVER_HAPPENED: &str =
    "They are asked after a time-out and after the first Ctrl-C too, and have 10 s then; the second Ctrl-C ends them.";

const STEPS: &[&[&NodeDef]] = &[probe::PROBES, action::ACTIONS, test::WAITS];

static BATS: NodeDef =
    NodeDef::new("bats", "A file of bats tests, run in a container; each of its tests lands in the report.")
        .arguments(&[Argument::new("file", Type::Path, "The file.")])
        .properties(&[
            Property::new("image", Type::ImageReference, "The image to run it in; it must have `bats`.").required()
        ])
        .children(&[container::FOR_TESTS, &[&container::TIMEOUT]])
        .repeatable();
