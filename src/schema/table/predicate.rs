use super::super::{Argument, NodeDef, Property, Type, Word};
use super::filter;

/// The short forms.
pub const SHORT: &[Property] = &[
    Property::new("equals", Type::Any, EQUALS_DOC).negatable(),
    Property::new("gt", Type::Number, "Greater.").negatable(),
    Property::new("ge", Type::Number, "Greater or equal.").negatable(),
    Property::new("lt", Type::Number, "Less.").negatable(),
    Property::new("le", Type::Number, "Less or equal.").negatable(),
    Property::new("approx", Type::Number, "Equal to a thousandth.").negatable(),
    Property::new("starts-with", Type::Text, "Begins so.").negatable(),
    Property::new("ends-with", Type::Text, "Ends so.").negatable(),
    Property::new("contains", Type::Any, CONTAINS_DOC).negatable(),
    Property::new("matches", Type::Regex, MATCHES_DOC).negatable(),
    Property::new("exists", Type::Boolean, "There is a value."),
    Property::new("empty", Type::Boolean, EMPTY_DOC),
    Property::new("null", Type::Boolean, "JSON null."),
    Property::new("count", COUNT, COUNT_DOC).negatable(),
    Property::new("len", COUNT, "The same as `count`.").negatable(),
    Property::new("type", Type::Word(KINDS), "A type of value.").negatable(),
    Property::new("has-key", Type::Text, "An object with this key.").negatable(),
    Property::new("json-equals", Type::Json, JSON_EQUALS_DOC).negatable(),
    Property::new("json-contains", Type::Json, JSON_CONTAINS_DOC).negatable(),
    Property::new("json-schema", Type::Path, JSON_SCHEMA_DOC).negatable(),
    Property::new("snapshot", Type::Path, SNAPSHOT_DOC).negatable(),
];

/// The long forms, one a line, and filters between them.
pub static LONG: &[&NodeDef] = &[
    &filter::FILTER,
    &EQUALS,
    &GT,
    &GE,
    &LT,
    &LE,
    &BETWEEN,
    &APPROX,
    &STARTS_WITH,
    &ENDS_WITH,
    &CONTAINS,
    &CONTAINS_ALL,
    &ANY_ORDER,
    &MATCHES,
    &IN,
    &EXISTS,
    &EMPTY,
    &NULL,
    &COUNT_IS,
    &LEN,
    &TYPE,
    &HAS_KEY,
    &SORTED,
    &UNIQUE,
    &EACH,
    &ANY,
    &NONE,
    &JSON_EQUALS,
    &JSON_CONTAINS,
    &JSON_SCHEMA,
    &SNAPSHOT,
    &NOT,
];

const EQUALS_DOC: &str = "Equal: numbers by value, strings exactly.";
const CONTAINS_DOC: &str = "A string that holds it, or a list that has it.";
const MATCHES_DOC: &str = "A regular expression matches somewhere.";
const EMPTY_DOC: &str = "An empty string, list or object.";
const COUNT_DOC: &str = "A list of this many, or an object or string of this length.";
const JSON_EQUALS_DOC: &str = "The same JSON, whatever the order of keys.";
const JSON_CONTAINS_DOC: &str = "JSON that has at least this: its keys, and its elements in any order; \"<int>\", \"<string>\", \
    \"<any>\" and the like stand for any value of that type.";
const JSON_SCHEMA_DOC: &str = "Valid under the JSON Schema in a file, of draft 2020-12 unless the schema says another. A \
    `$ref` to another file is relative to it; nothing is fetched from other machines.";
const SNAPSHOT_DOC: &str = "Equal to a file beside the pipeline: JSON by value, all else exactly. `pipe run --update-snapshots` writes the file, secrets \
    masked; without it a file that is not there fails.";

/// The types that a value may be of.
static KINDS: &[Word] = &[
    Word::new("int", "a number without fraction"),
    Word::new("float", "a number with a fraction"),
    Word::new("number", "any number"),
    Word::new("bool", "a boolean"),
    Word::new("string", "a string"),
    Word::new("list", "a list"),
    Word::new("object", "an object"),
    Word::new("collection", "a list or an object"),
    Word::new("date", "a date, or a string that is one, such as `2026-11-24` or `2026-11-24T09:30:00Z`"),
    Word::new("iso-date", "a string that is a date and a time of RFC 3339, such as `2026-11-24T09:30:00.5Z`"),
    Word::new("uuid", "a string that is a UUID"),
    Word::new("ipv4", "a string that is an IPv4 address"),
    Word::new("ipv6", "a string that is an IPv6 address"),
    Word::new("url", "a string that is an absolute URL"),
    Word::new("email", "a string of the form `name@domain`"),
    Word::new("semver", "a string that is a semantic version, such as `1.4.0-rc.1`"),
];

const COUNT: Type = Type::Integer { min: 0, max: i64::MAX };

const fn predicate(name: &'static str, doc: &'static str, arguments: &'static [Argument]) -> NodeDef {
    NodeDef::new(name, doc).arguments(arguments).repeatable()
}

static EQUALS: NodeDef = predicate("equals", EQUALS_DOC, &[Argument::new("value", Type::Any, "The value.")]);
static GT: NodeDef = predicate("gt", "Greater.", BOUND);
static GE: NodeDef = predicate("ge", "Greater or equal.", BOUND);
static LT: NodeDef = predicate("lt", "Less.", BOUND);
static LE: NodeDef = predicate("le", "Less or equal.", BOUND);
static BETWEEN: NodeDef = predicate(
    "between",
    "Within both, inclusive.",
    &[Argument::new("bound", Type::Number, "The least and the most.").exactly(2)],
);
static APPROX: NodeDef = predicate(
    "approx",
    "Nearly equal.",
    &[
        Argument::new("value", Type::Number, "The number."),
        Argument::new("within", Type::Number, "How far it may be off.").optional().default("a thousandth of it"),
    ],
);
static STARTS_WITH: NodeDef =
    predicate("starts-with", "Begins so.", &[Argument::new("text", Type::Text, "The beginning.")]);
static ENDS_WITH: NodeDef = predicate("ends-with", "Ends so.", &[Argument::new("text", Type::Text, "The end.")]);
static CONTAINS: NodeDef = predicate("contains", CONTAINS_DOC, &[Argument::new("value", Type::Any, "The part.")]);
static CONTAINS_ALL: NodeDef =
    predicate("contains-all", "A string that holds all of these, or a list that has them.", VALUES);
static ANY_ORDER: NodeDef = predicate("any-order", "A list of just these, in any order.", VALUES);
static MATCHES: NodeDef =
    predicate("matches", MATCHES_DOC, &[Argument::new("pattern", Type::Regex, "The regular expression.")]);
static IN: NodeDef = predicate("in", "Is one of these.", VALUES);
static EXISTS: NodeDef = predicate("exists", "There is a value.", &[]);
static EMPTY: NodeDef = predicate("empty", EMPTY_DOC, &[]);
static NULL: NodeDef = predicate("null", "JSON null.", &[]);
static COUNT_IS: NodeDef = predicate("count", COUNT_DOC, &[Argument::new("count", COUNT, "The number.")]);
static LEN: NodeDef = predicate("len", "The same as `count`.", &[Argument::new("count", COUNT, "The number.")]);
static TYPE: NodeDef = predicate("type", "A type of value.", &[Argument::new("type", Type::Word(KINDS), "The type.")]);
static HAS_KEY: NodeDef =
    predicate("has-key", "An object with this key.", &[Argument::new("key", Type::Text, "The key.")]);
static SORTED: NodeDef = predicate("sorted", "A list in order, the least first.", &[]);
static UNIQUE: NodeDef = predicate("unique", "A list in which no value stands twice.", &[]);
static EACH: NodeDef = NodeDef::new("each", "Each element of a list is as the block says; of an empty list it holds.")
    .children(&[LONG])
    .repeatable();
static ANY: NodeDef =
    NodeDef::new("any", "At least one element of a list is as the block says.").children(&[LONG]).repeatable();
static NONE: NodeDef =
    NodeDef::new("none", "No element of a list is as the block says.").children(&[LONG]).repeatable();
static JSON_EQUALS: NodeDef = predicate("json-equals", JSON_EQUALS_DOC, JSON);
static JSON_CONTAINS: NodeDef = predicate("json-contains", JSON_CONTAINS_DOC, JSON);
static JSON_SCHEMA: NodeDef = predicate("json-schema", JSON_SCHEMA_DOC, FILE);
static SNAPSHOT: NodeDef = predicate("snapshot", SNAPSHOT_DOC, FILE);
static NOT: NodeDef = NodeDef::new("not", "None of the predicates in it holds.").children(&[LONG]).repeatable();

const BOUND: &[Argument] = &[Argument::new("bound", Type::Number, "The bound.")];
const VALUES: &[Argument] = &[Argument::new("value", Type::Any, "The values.").many()];
const JSON: &[Argument] = &[Argument::new("json", Type::Json, "The JSON text.")];
const FILE: &[Argument] = &[Argument::new("file", Type::Path, "The file.")];
