use super::super::{Argument, NodeDef, Part, Property, Rule, Type, Word};
use super::container;

/// `stage NAME { … }`
pub static STAGE: NodeDef = NodeDef::new("stage", "A container that runs to completion; its exit code decides.")
    .more("A stage without `command`, `sh` and `image` is a milestone: a name for what it needs.")
    .arguments(&[Argument::new("name", Type::Name, "Its name: a DNS label.")])
    .children(&[
        container::SETTINGS,
        &[&ARTIFACT, &REPORT, &ALLOW_FAILURE, &EXPECT_EXIT, &OOM, &INPUT, &RETRY, &ALWAYS, &MATRIX, &WHEN, &CACHE],
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

/// `report tap`
static REPORT: NodeDef =
    NodeDef::new("report", "Reads what the stage writes to its standard output as a report of tests, and merges it with the others.")
        .more(
            "Each test is told as it ends. One that fails fails the stage whatever its exit code, and so does a plan that is not kept. Where the \
             stage may be run again, the tests of an attempt are told at its end, and those of the last one alone. A report that lies in a file \
             is one of `artifact … report=`.",
        )
        .arguments(&[Argument::new("format", Type::Word(STREAMS), "The format.")]);

static STREAMS: &[Word] = &[Word::new("tap", "the Test Anything Protocol, of version 12, 13 or 14")];

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

/// `oom fail`
static OOM: NodeDef = NodeDef::new(
    "oom",
    "What it means that a process of the stage was killed for want of memory, though its exit code is a success.",
)
.more("A test runner that loses one of its workers may well end with 0, without the tests of that one.")
.arguments(&[Argument::new("meaning", Type::Word(OOMS), "Whether the stage has failed.")
    .default("`fail` where the stage reports tests (`report`, `artifact … report=`), else `warn`")]);

static OOMS: &[Word] =
    &[Word::new("fail", "the stage has failed"), Word::new("warn", "the run warns of it, and goes on")];

/// `input STAGE "/from" at="/to"`
static INPUT: NodeDef = NodeDef::new("input", "Copies an artifact of another stage into the container, before it starts.")
    .more(
        "It implies that this stage needs the other one to have succeeded. The path is one that the other stage declares as an `artifact`, or \
         lies in one that is a directory. Of a stage with a matrix it is the instance whose values are those of this one; there must be one \
         alone.",
    )
    .arguments(&[
        Argument::new("stage", Type::Name, "The stage that leaves it."),
        Argument::new("path", Type::ContainerPath, "Where it lies in the container of that stage."),
    ])
    .properties(&[
        Property::new("at", Type::ContainerPath, "Where it is put in this stage's container.").default("the same path")
    ])
    .repeatable();

/// `retry N on="exit 137" backoff="1s"`
static RETRY: NodeDef = NodeDef::new("retry", "Runs the stage again when it fails, in a fresh container.")
    .more(
        "Each attempt that fails is told, and a stage that passed only when tried again is shown as such. `on` says after which failures: \
         `exit CODE…`, `oom` (a process was killed for want of memory), `timeout` (the stage's own), or `any` of these; several are separated \
         by commas. Artifacts are those of the last attempt.",
    )
    .arguments(&[Argument::new("times", Type::Integer { min: 0, max: 100 }, "How many times it is run again at most.")])
    .properties(&[
        Property::new("on", Type::String, "The failures after which it is run again.").default("any"),
        Property::new(
            "backoff",
            Type::Duration { zero: true },
            "How long to wait before it is run again; twice as long each time, up to five minutes.",
        )
        .default("at once"),
    ]);

/// `always`
static ALWAYS: NodeDef =
    NodeDef::new("always", "Whether the stage runs in the end of every run that it is part of, whatever happened.")
        .more(
            "It begins when all other work of the run has ended, well or not, also after a failure, a time-out and the first Ctrl-C; the second \
             Ctrl-C ends it. Nothing new is started for it then: where it needs a service that is not up, it is skipped. It cannot need a stage or \
             an acceptance to have succeeded, which may never run; `after`, or `gate=completed`, orders it. Its own failure fails the run.",
        )
        .arguments(container::SWITCH);

/// `matrix { AXIS VALUE… }`
static MATRIX: NodeDef = NodeDef::new("matrix", "Makes one instance of the stage for each combination of values.")
    .more(
        "An instance is called by its values, `unit[python=3.11,db=mariadb]`, and `{{matrix.python}}` is its value of that axis. What needs the \
         stage needs all of its instances, and `pipe run FILE unit` runs all of them; `pipe run FILE 'unit[python=3.11]'` runs those with that \
         value. A stage has at most 256 instances.",
    )
    .children(&[&[&EXCLUDE, &INCLUDE]])
    .lines("an axis", Argument::new("value", Type::Spelled, "The values of the axis.").many());

static EXCLUDE: NodeDef = NodeDef::new("exclude", "Leaves out the combinations that have all of these values.")
    .any_property(Argument::new("value", Type::Spelled, "A value of the axis of that name."))
    .repeatable();

static INCLUDE: NodeDef = NodeDef::new("include", "Adds a combination, which gives each axis a value of its own.")
    .any_property(Argument::new("value", Type::Spelled, "The value of the axis of that name."))
    .repeatable();

/// `when param=NAME is=VALUE`
static WHEN: NodeDef = NodeDef::new("when", "The condition under which the stage is wanted.")
    .more(
        "A stage that is not wanted is skipped, with its reason, and so are stages that take an `input` of it; what needs it otherwise goes on as \
         if it had succeeded. Several conditions must all hold.",
    )
    .properties(&[
        Property::new("param", Type::Name, "The param whose value decides."),
        Property::new("is", Type::Spelled, "The value that it must have.").requires(Part::Property("param")),
        Property::new("is-not", Type::Spelled, "The value that it must not have.").requires(Part::Property("param")),
        Property::new("changed", Type::String, "A pattern of paths, one of which must have changed: `src/**`.").not_run(),
    ])
    .rules(&[
        Rule::ExactlyOne(&[Part::Property("is"), Part::Property("is-not"), Part::Property("changed")]),
        Rule::AtMostOne(&[Part::Property("param"), Part::Property("changed")]),
    ])
    .repeatable();

/// `cache { input "src/**" }`
static CACHE: NodeDef = NodeDef::new(
    "cache",
    "Skips the stage when nothing that it depends on has changed since it last succeeded.",
)
.more(
    "That is its image, command and environment, the declared inputs, and all that it needs. Its artifacts come back.",
)
.children(&[&[&CACHE_INPUT]])
.not_run();

static CACHE_INPUT: NodeDef = NodeDef::new("input", "Files of the pipeline's directory that the stage depends on.")
    .arguments(&[Argument::new("pattern", Type::String, "A pattern of paths: `src/**`.").many()])
    .repeatable();
