use super::super::{Argument, NodeDef, Part, Property, Rule, Type};
use super::{action, container, probe};

/// `test "…" { … }`
pub static TEST: NodeDef = NodeDef::new(
    "test",
    "One promise: its probes in order. A `require` that fails ends it, and a request without an answer.",
)
.arguments(&[Argument::new("name", Type::String, "What it promises, in words; unique in its acceptance.")])
.properties(&[Property::new("tags", Type::Words, "Words to select tests by: letters, digits, `-` and `_`.")])
.children(&[probe::PROBES, action::ACTIONS, WAITS, &[&EACH, &SKIP, &ONLY, &RETRY, &container::TIMEOUT]])
.repeatable();

/// Probes that are asked more than once.
pub static WAITS: &[&NodeDef] = &[&EVENTUALLY, &CONSISTENTLY];

static EVENTUALLY: NodeDef =
    NodeDef::new("eventually", "Probes that must all pass within a time; they are asked again until they do.")
        .more("Each try asks them anew, from the first on. The failures of the last try are those of the test.")
        .properties(&[
            Property::new("within", Type::Duration { zero: false }, "How long they have.").required(),
            Property::new("every", Type::Duration { zero: false }, "The time between two tries.").default("250ms"),
            Property::new("backoff", Type::Number, "How much longer each time between two tries is than the last one.")
                .default("1"),
        ])
        .children(&[probe::PROBES])
        .repeatable();

static CONSISTENTLY: NodeDef =
    NodeDef::new("consistently", "Probes that must pass all the time; they are asked again and again.")
        .properties(&[
            Property::new("for", Type::Duration { zero: false }, "For how long.").required(),
            Property::new("every", Type::Duration { zero: false }, "The time between two tries.").default("250ms"),
        ])
        .children(&[probe::PROBES])
        .repeatable();

static EACH: NodeDef = NodeDef::new("each", "Repeats the test for each row of a table, whose cells are `{{row.NAME}}`.")
    .more("The table stands in rows, or in a CSV file whose first line names the columns, or in a JSON file that is a list of objects with the same \
           keys. It has at most 10,000 rows. Where a cell is all of what something must equal, it is of the type of that: `expect status \
           \"{{row.status}}\"`.")
    .arguments(&[Argument::new("file", Type::Path, "A file that ends in `.csv` or `.json`.").optional()])
    .children(&[&[&ROW]])
    .rules(&[Rule::ExactlyOne(&[Part::Argument("file"), Part::Child("row")])]);

static ROW: NodeDef = NodeDef::new("row", "One row of the table.")
    .independent_entries("the column's name", Argument::new("value", Type::Text, "The cell."));

static SKIP: NodeDef = NodeDef::new("skip", "Leaves the test out; the report names it, with the reason.")
    .arguments(&[Argument::new("reason", Type::Text, "Why.").optional()])
    .properties(&[Property::new(
        "if",
        Type::Text,
        "Only where this is neither empty nor `false`, `no`, `off` or `0`, such as `\"{{quick}}\"`.",
    )]);

static ONLY: NodeDef = NodeDef::new("only", "Leaves all tests of the acceptance out that do not say so too.");

static RETRY: NodeDef =
    NodeDef::new("retry", "Runs the test again when it fails; one that passes then is reported as flaky.")
        .arguments(&[Argument::new("times", Type::Integer { min: 1, max: 100 }, "How many times more.")]);
