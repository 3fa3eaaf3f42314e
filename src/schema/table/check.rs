use super::super::{Argument, NodeDef, Part, Property, Rule, Type, Word};

/// What stands under a probe.
pub static CHECKS: &[&NodeDef] = &[&EXPECT, &REQUIRE, &CAPTURE];

static EXPECT: NodeDef = NodeDef::new("expect", "Something that must hold of the answer; the test goes on when it does not.")
    .more(
        "A value right after what is looked at stands for `equals`: `expect status 200`. Predicates stand as properties, or one a line in a \
         block; all of them must hold. `not-contains=\"x\"` is the negation of `contains=\"x\"`, and `not { … }` that of each predicate in it. \
         What is not there holds nothing but a negated `exists`, and what cannot be compared fails, negated or not. A JSONPath of names and \
         indexes selects one value; one with wildcards, slices or filters a list.",
    )
    .arguments(&[QUERY, VALUE])
    .properties(PREDICATES)
    .children(&[LONG_PREDICATES])
    .rules(&[Rule::Asserts])
    .repeatable();

static REQUIRE: NodeDef = NodeDef::new("require", "The same as `expect`, but the test ends where it does not hold.")
    .arguments(&[QUERY, VALUE])
    .properties(PREDICATES)
    .children(&[LONG_PREDICATES])
    .rules(&[Rule::Asserts])
    .repeatable();

static CAPTURE: NodeDef =
    NodeDef::new("capture", "Keeps a part of the answer for the later probes of the test, as `{{name}}`.")
        .arguments(&[
            Argument::new("name", Type::Name, "What it is called from here on."),
            Argument::new("query", Type::Word(PLAIN_QUERIES), "What is kept.").optional(),
        ])
        .properties(&[
            Property::new("header", Type::Text, "Keeps the value of this header."),
            Property::new("cookie", Type::Text, "Keeps the value of this cookie."),
            Property::new("json", Type::JsonPath, "Keeps what this selects in the body."),
            Property::new("regex", Type::Regex, "Keeps the first group, or all, of what this matches in the body."),
            Property::new("xml", Type::Text, "Keeps what this XPath selects in the body.").planned(),
        ])
        .rules(&[Rule::ExactlyOne(&[
            Part::Argument("query"),
            Part::Property("header"),
            Part::Property("cookie"),
            Part::Property("json"),
            Part::Property("regex"),
            Part::Property("xml"),
        ])])
        .repeatable();

const VALUE: Argument = Argument::new("value", Type::Any, "What it must equal.").optional();

const QUERY: Argument = Argument::new("query", Type::Word(QUERIES), "What is looked at.");

const STATUS: Word = Word::new("status", "the status code");
const VERSION: Word = Word::new("version", "the version of HTTP, such as `1.1`");
const URL: Word = Word::new("url", "the URL, after redirects");
const BODY: Word = Word::new("body", "the body as text");
const SIZE: Word = Word::new("size", "the number of bytes in the body");
const SHA256: Word = Word::new("sha256", "the SHA-256 of the body, in hexadecimal");
const DURATION: Word = Word::new("duration", "milliseconds from sending to the last byte");
const BYTES: Word = Word::planned("bytes", "the body as bytes");
const CERTIFICATE: Word = Word::planned("certificate", "the server's certificate");

static PLAIN_QUERIES: &[Word] = &[STATUS, VERSION, URL, BODY, SIZE, SHA256, DURATION, BYTES, CERTIFICATE];

static QUERIES: &[Word] = &[
    STATUS,
    VERSION,
    URL,
    Word::new("header", "the value of a header").takes(&[Argument::new(
        "name",
        Type::Text,
        "The header, in any case.",
    )]),
    Word::new("cookie", "the value of a cookie that the answer sets").takes(&[Argument::new(
        "name",
        Type::Text,
        "The cookie.",
    )]),
    BODY,
    SIZE,
    SHA256,
    Word::new("json", "what a JSONPath selects in the body").takes(&[Argument::new(
        "path",
        Type::JsonPath,
        "The JSONPath of RFC 9535, such as `$.items[0].title`.",
    )]),
    Word::new("regex", "the first group, or all, of what a regular expression matches in the body")
        .takes(&[Argument::new("pattern", Type::Regex, "The regular expression.")]),
    DURATION,
    BYTES,
    CERTIFICATE,
    Word::planned("xml", "what an XPath selects in the body"),
    Word::planned("exit", "the exit code of a command"),
    Word::planned("stdout", "the output of a command"),
    Word::planned("stderr", "the error output of a command"),
    Word::planned("lines", "the lines of a log"),
    Word::planned("rows", "the rows of a query"),
    Word::planned("row-count", "the number of rows of a query"),
    Word::planned("cell", "a cell of a query"),
    Word::planned("state", "the state of a container"),
    Word::planned("health", "the health of a container"),
    Word::planned("restarts", "how often a container was restarted"),
    Word::planned("oom-killed", "whether a container ran out of memory"),
    Word::planned("exit-code", "the exit code of a container"),
    Word::planned("peak-memory", "the most memory that a container used"),
];

static JSON_KINDS: &[Word] = &[
    Word::new("int", "a number without fraction"),
    Word::new("number", "any number"),
    Word::new("bool", "a boolean"),
    Word::new("string", "a string"),
    Word::new("list", "a list"),
    Word::new("object", "an object"),
    Word::planned("date", "a string that is a date"),
    Word::planned("uuid", "a string that is a UUID"),
    Word::planned("ipv4", "a string that is an IPv4 address"),
    Word::planned("url", "a string that is a URL"),
];

const COUNT: Type = Type::Integer { min: 0, max: i64::MAX };

/// The short forms.
const PREDICATES: &[Property] = &[
    Property::new("equals", Type::Any, "Equal: numbers by value, strings exactly.").negatable(),
    Property::new("gt", Type::Number, "Greater.").negatable(),
    Property::new("ge", Type::Number, "Greater or equal.").negatable(),
    Property::new("lt", Type::Number, "Less.").negatable(),
    Property::new("le", Type::Number, "Less or equal.").negatable(),
    Property::new("starts-with", Type::Text, "Begins so.").negatable(),
    Property::new("ends-with", Type::Text, "Ends so.").negatable(),
    Property::new("contains", Type::Any, "A string that holds it, or a list that has it.").negatable(),
    Property::new("matches", Type::Regex, "A regular expression matches somewhere.").negatable(),
    Property::new("exists", Type::Boolean, "There is a value."),
    Property::new("empty", Type::Boolean, "An empty string, list or object."),
    Property::new("null", Type::Boolean, "JSON null."),
    Property::new("count", COUNT, "A list of this many, or an object or string of this length.").negatable(),
    Property::new("type", Type::Word(JSON_KINDS), "A type of JSON.").negatable(),
    Property::new("has-key", Type::Text, "An object with this key.").negatable(),
    Property::new("json-equals", Type::Json, "The same JSON, whatever the order of keys.").negatable(),
    Property::new("json-contains", Type::Json, "JSON that has at least this: its keys, and its elements in any order; \"<int>\", \"<string>\", \"<any>\" and the like stand for any value of that type.").negatable(),
    Property::new("len", COUNT, "The same as `count`.").planned(),
    Property::new("approx", Type::Any, "Nearly equal.").planned(),
    Property::new("json-schema", Type::Path, "Valid under a JSON Schema.").planned(),
    Property::new("snapshot", Type::Path, "Equal to a file that `--update` writes.").planned(),
];

/// The long forms, one a line.
static LONG_PREDICATES: &[&NodeDef] = &[
    &EQUALS,
    &GT,
    &GE,
    &LT,
    &LE,
    &BETWEEN,
    &STARTS_WITH,
    &ENDS_WITH,
    &CONTAINS,
    &MATCHES,
    &IN,
    &EXISTS,
    &EMPTY,
    &NULL,
    &COUNT_IS,
    &TYPE,
    &HAS_KEY,
    &JSON_EQUALS,
    &JSON_CONTAINS,
    &NOT,
    &FILTER,
    &APPROX,
    &CONTAINS_ALL,
    &ANY_ORDER,
    &EACH,
    &ANY,
    &NONE,
    &JSON_SCHEMA,
    &SNAPSHOT,
];

const fn predicate(name: &'static str, doc: &'static str, arguments: &'static [Argument]) -> NodeDef {
    NodeDef::new(name, doc).arguments(arguments).repeatable()
}

static EQUALS: NodeDef = predicate(
    "equals",
    "Equal: numbers by value, strings exactly.",
    &[Argument::new("value", Type::Any, "The value.")],
);
static GT: NodeDef = predicate("gt", "Greater.", BOUND);
static GE: NodeDef = predicate("ge", "Greater or equal.", BOUND);
static LT: NodeDef = predicate("lt", "Less.", BOUND);
static LE: NodeDef = predicate("le", "Less or equal.", BOUND);
static BETWEEN: NodeDef = predicate(
    "between",
    "Within both, inclusive.",
    &[Argument::new("bound", Type::Number, "The least and the most.").exactly(2)],
);
static STARTS_WITH: NodeDef =
    predicate("starts-with", "Begins so.", &[Argument::new("text", Type::Text, "The beginning.")]);
static ENDS_WITH: NodeDef = predicate("ends-with", "Ends so.", &[Argument::new("text", Type::Text, "The end.")]);
static CONTAINS: NodeDef = predicate(
    "contains",
    "A string that holds it, or a list that has it.",
    &[Argument::new("value", Type::Any, "The part.")],
);
static MATCHES: NodeDef = predicate(
    "matches",
    "A regular expression matches somewhere.",
    &[Argument::new("pattern", Type::Regex, "The regular expression.")],
);
static IN: NodeDef = predicate("in", "Is one of these.", &[Argument::new("value", Type::Any, "The values.").many()]);
static EXISTS: NodeDef = predicate("exists", "There is a value.", &[]);
static EMPTY: NodeDef = predicate("empty", "An empty string, list or object.", &[]);
static NULL: NodeDef = predicate("null", "JSON null.", &[]);
static COUNT_IS: NodeDef = predicate(
    "count",
    "A list of this many, or an object or string of this length.",
    &[Argument::new("count", COUNT, "The number.")],
);
static TYPE: NodeDef =
    predicate("type", "A type of JSON.", &[Argument::new("type", Type::Word(JSON_KINDS), "The type.")]);
static HAS_KEY: NodeDef =
    predicate("has-key", "An object with this key.", &[Argument::new("key", Type::Text, "The key.")]);
static JSON_EQUALS: NodeDef = predicate("json-equals", "The same JSON, whatever the order of keys.", JSON);
static JSON_CONTAINS: NodeDef = predicate(
    "json-contains",
    "JSON that has at least this: its keys, and its elements in any order; \"<int>\", \"<string>\", \"<any>\" and the like stand for any value of that type.",
    JSON,
);
static NOT: NodeDef =
    NodeDef::new("not", "None of the predicates in it holds.").children(&[LONG_PREDICATES]).repeatable();

const BOUND: &[Argument] = &[Argument::new("bound", Type::Number, "The bound.")];
const JSON: &[Argument] = &[Argument::new("json", Type::Json, "The JSON text.")];

static FILTER: NodeDef = NodeDef::planned("filter", "Changes the value before the predicates that follow.");
static APPROX: NodeDef = NodeDef::planned("approx", "Nearly equal.");
static CONTAINS_ALL: NodeDef = NodeDef::planned("contains-all", "A list that has all of these.");
static ANY_ORDER: NodeDef = NodeDef::planned("any-order", "A list of these, in any order.");
static EACH: NodeDef = NodeDef::planned("each", "Each of the list holds.");
static ANY: NodeDef = NodeDef::planned("any", "One of the list holds.");
static NONE: NodeDef = NodeDef::planned("none", "None of the list holds.");
static JSON_SCHEMA: NodeDef = NodeDef::planned("json-schema", "Valid under a JSON Schema.");
static SNAPSHOT: NodeDef = NodeDef::planned("snapshot", "Equal to a file that `--update` writes.");
