use super::super::{Argument, NodeDef, Part, Property, Rule, Type};
use super::{filter, predicate, query};

/// What stands under a probe that answers the queries of one list: `expect`, `require`, `stop-if` and `capture`.
macro_rules! checks {
    ($queries:path) => {{
        static EXPECT: NodeDef = expect(QUERIES);
        static REQUIRE: NodeDef = require(QUERIES);
        static STOP_IF: NodeDef = stop_if(QUERIES);
        static CAPTURE: NodeDef = capture(&[NAME, KEPT]);
        const QUERIES: &[Argument] = &[Argument::new("query", Type::Word($queries), "What is looked at."), VALUE];
        const KEPT: Argument = Argument::new("query", Type::Word($queries), "What is kept.").optional();
        &[&EXPECT, &REQUIRE, &STOP_IF, &CAPTURE]
    }};
}

/// What is expected of an HTTP answer.
pub static HTTP: &[&NodeDef] = &[&EXPECT, &REQUIRE, &STOP_IF, &CAPTURE];
/// What is expected of a connection.
pub static TCP: &[&NodeDef] = checks!(query::TCP);
/// What is expected of a command.
pub static COMMAND: &[&NodeDef] = checks!(query::COMMAND);
/// What is expected of a log.
pub static LOGS: &[&NodeDef] = checks!(query::LOGS);
/// What is expected of a file in a container.
pub static FILE: &[&NodeDef] = checks!(query::FILE);
/// What is expected of a container.
pub static CONTAINER: &[&NodeDef] = checks!(query::CONTAINER);
/// What is expected of what a container uses.
pub static STATS: &[&NodeDef] = checks!(query::STATS);
/// What is expected of an image.
pub static IMAGE: &[&NodeDef] = checks!(query::IMAGE);
/// What is expected of a database's answer.
pub static SQL: &[&NodeDef] = checks!(query::SQL);
/// What is expected of a reply of Redis.
pub static REDIS: &[&NodeDef] = checks!(query::REDIS);
/// What is expected of a name server's answer.
pub static DNS: &[&NodeDef] = checks!(query::DNS);
/// What is expected of the end of a container.
pub static STOP: &[&NodeDef] = checks!(query::STOP);

static EXPECT: NodeDef = NodeDef {
    more: "A value right after what is looked at stands for `equals`: `expect status 200`. Predicates stand as properties, or one a line in a \
           block; all of them must hold. `not-contains=\"x\"` is the negation of `contains=\"x\"`, and `not { … }` that of each predicate in it. \
           In a block a `filter` changes the value for what follows it. \
           What is not there holds nothing but a negated `exists`, and what cannot be compared fails, negated or not. A JSONPath of names and \
           indexes selects one value; one with wildcards, slices or filters a list.",
    same_as: "",
    ..expect(QUERIES)
};
static REQUIRE: NodeDef = require(QUERIES);
static STOP_IF: NodeDef = stop_if(QUERIES);
static CAPTURE: NodeDef = NodeDef {
    more: "It is known to the later probes of the same test alone; one in `setup` to the tests, one in `before-all` to all of them. In a \
           text stands what it is: text as it is, other values as JSON. Where the hole is all of what something must equal, its type counts too.",
    same_as: "",
    ..capture(CAPTURED)
}
.properties(&[
    Property::new("header", Type::Text, "Keeps the value of this header."),
    Property::new("cookie", Type::Text, "Keeps the value of this cookie."),
    Property::new("json", Type::JsonPath, "Keeps what this selects in the body."),
    Property::new("regex", Type::Regex, "Keeps the first group, or all, of what this matches in the body."),
    Property::new("xml", Type::XPath, "Keeps what this XPath selects in the body."),
    SECRET,
])
.rules(&[Rule::ExactlyOne(&[
    Part::Argument("query"),
    Part::Property("header"),
    Part::Property("cookie"),
    Part::Property("json"),
    Part::Property("regex"),
    Part::Property("xml"),
])]);

const QUERIES: &[Argument] = &[Argument::new("query", Type::Word(query::HTTP), "What is looked at."), VALUE];
const CAPTURED: &[Argument] = &[NAME, Argument::new("query", Type::Word(query::HTTP), "What is kept.").optional()];

const fn expect(arguments: &'static [Argument]) -> NodeDef {
    judging("expect", "Something that must hold of what is looked at; the test goes on when it does not.", arguments)
}

const fn require(arguments: &'static [Argument]) -> NodeDef {
    judging("require", "The same as `expect`, but the test ends where it does not hold.", arguments)
}

const fn stop_if(arguments: &'static [Argument]) -> NodeDef {
    judging(
        "stop-if",
        "Ends an `eventually` at once where it holds: what cannot get better is not waited for.",
        arguments,
    )
}

const fn judging(name: &'static str, doc: &'static str, arguments: &'static [Argument]) -> NodeDef {
    NodeDef::new(name, doc)
        .arguments(arguments)
        .properties(predicate::SHORT)
        .children(PREDICATES)
        .rules(ASSERTS)
        .repeatable()
        .same_as("acceptance.test.http.expect")
}

const fn capture(arguments: &'static [Argument]) -> NodeDef {
    NodeDef::new("capture", "Keeps a part of the answer for later probes, as `{{name}}`.")
        .arguments(arguments)
        .properties(KEPT_SECRET)
        .children(FILTERS)
        .rules(QUERIES_SOMETHING)
        .repeatable()
        .same_as("acceptance.test.http.capture")
}

const PREDICATES: &[&[&NodeDef]] = &[predicate::LONG];
const ASSERTS: &[Rule] = &[Rule::Asserts];
const FILTERS: &[&[&NodeDef]] = &[&[&filter::FILTER]];
const QUERIES_SOMETHING: &[Rule] = &[Rule::AtLeastOne(&[Part::Argument("query")])];
const KEPT_SECRET: &[Property] = &[SECRET];
const SECRET: Property =
    Property::new("secret", Type::Boolean, "Hides its value in all that is shown from then on.").default("#false");
const NAME: Argument = Argument::new("name", Type::Name, "What it is called from here on.");
const VALUE: Argument = Argument::new("value", Type::Any, "What it must equal.").optional();
