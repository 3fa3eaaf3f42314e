use super::super::{Argument, NodeDef, Part, Property, Rule, Type, Word};
use super::check;

/// What may be looked at, in a test and in `setup`.
pub static PROBES: &[&NodeDef] = &[
    &HTTP,
    &TCP,
    &EXEC,
    &RUN,
    &LOGS,
    &FILE_PROBE,
    &CONTAINER,
    &IMAGE,
    &SQL,
    &STOP,
    &START,
    &KILL,
    &PAUSE,
    &UNPAUSE,
    &RESTART,
    &DISCONNECT,
    &CONNECT,
];

/// What else may stand in a test.
pub static STEPS: &[&NodeDef] = &[&EVENTUALLY, &CONSISTENTLY, &EACH, &SKIP, &ONLY, &RETRY];

static HTTP: NodeDef = NodeDef::new(
    "http",
    "An HTTP request, and what is expected of its answer. One that expects nothing wants a status below 400.",
)
.arguments(&[
    Argument::new("method", Type::Word(METHODS), "The method."),
    Argument::new("url", Type::Url, "The URL, absolute or relative to the target."),
])
.properties(&[
    Property::new("follow", Type::Boolean, "Follows redirects.").default("#false"),
    Property::new("timeout", Type::Duration { zero: false }, "From connecting to the last byte.").default("10s"),
    Property::new("insecure", Type::Boolean, "Takes any certificate.").planned(),
])
.children(&[&[&HEADER, &QUERY, &JSON, &BODY, &FORM, &FILE, &BASIC_AUTH, &BEARER, &MULTIPART, &COOKIE], check::CHECKS])
.rules(&[
    Rule::AtMostOne(&[
        Part::Child("json"),
        Part::Child("body"),
        Part::Child("form"),
        Part::Child("file"),
        Part::Child("multipart"),
    ]),
    Rule::AtMostOne(&[Part::Child("basic-auth"), Part::Child("bearer")]),
])
.repeatable();

static METHODS: &[Word] = &[
    Word::new("GET", "reads"),
    Word::new("HEAD", "reads without the body"),
    Word::new("POST", "creates"),
    Word::new("PUT", "replaces"),
    Word::new("PATCH", "changes"),
    Word::new("DELETE", "removes"),
    Word::new("OPTIONS", "asks what is allowed"),
    Word::new("TRACE", "echoes"),
];

static HEADER: NodeDef = NodeDef::new("header", "A header of the request.")
    .repeatable_entries("the header's name", Argument::new("value", Type::Text, "Its value."));

static QUERY: NodeDef = NodeDef::new("query", "A query parameter, added to those of the URL.")
    .repeatable_entries("the parameter's name", Argument::new("value", Type::Text, "Its value."));

static JSON: NodeDef = NodeDef::new("json", "A JSON body, sent as `application/json`.").arguments(&[Argument::new(
    "text",
    Type::Json,
    "The JSON text.",
)]);

static BODY: NodeDef =
    NodeDef::new("body", "A body that is sent as it is.").arguments(&[Argument::new("text", Type::Text, "The body.")]);

static FORM: NodeDef = NodeDef::new("form", "Fields of a form, sent as `application/x-www-form-urlencoded`.")
    .entries("the field's name", Argument::new("value", Type::Text, "Its value."));

static FILE: NodeDef = NodeDef::new("file", "A body that is read from a file.").arguments(&[Argument::new(
    "path",
    Type::Path,
    "The file.",
)]);

static BASIC_AUTH: NodeDef = NodeDef::new("basic-auth", "A user and a password, sent with the request.").arguments(&[
    Argument::new("user", Type::Text, "The user."),
    Argument::new("password", Type::Text, "The password."),
]);

static BEARER: NodeDef = NodeDef::new("bearer", "A bearer token, sent with the request.").arguments(&[Argument::new(
    "token",
    Type::Text,
    "The token.",
)]);

static MULTIPART: NodeDef = NodeDef::planned("multipart", "A body of several parts.");
static COOKIE: NodeDef = NodeDef::planned("cookie", "A cookie of the request.");
static TCP: NodeDef = NodeDef::planned("tcp", "A connection to a port.");
static EXEC: NodeDef = NodeDef::planned("exec", "A command in a running service.");
static RUN: NodeDef = NodeDef::planned("run", "A command in a new container of an image.");
static LOGS: NodeDef = NodeDef::planned("logs", "The output of a service.");
static FILE_PROBE: NodeDef = NodeDef::planned("file", "A file in a service.");
static CONTAINER: NodeDef = NodeDef::planned("container", "The state of a service's container.");
static IMAGE: NodeDef = NodeDef::planned("image", "The properties of an image.");
static SQL: NodeDef = NodeDef::planned("sql", "A query to a database service.");
static STOP: NodeDef = NodeDef::planned("stop", "Stops a service.");
static START: NodeDef = NodeDef::planned("start", "Starts a service again.");
static KILL: NodeDef = NodeDef::planned("kill", "Kills a service.");
static PAUSE: NodeDef = NodeDef::planned("pause", "Freezes a service.");
static UNPAUSE: NodeDef = NodeDef::planned("unpause", "Thaws a service.");
static RESTART: NodeDef = NodeDef::planned("restart", "Restarts a service.");
static DISCONNECT: NodeDef = NodeDef::planned("disconnect", "Takes a service off the network.");
static CONNECT: NodeDef = NodeDef::planned("connect", "Puts a service back on the network.");
static EVENTUALLY: NodeDef = NodeDef::planned("eventually", "Probes that must pass within a time.");
static CONSISTENTLY: NodeDef = NodeDef::planned("consistently", "Probes that must pass for a time.");
static EACH: NodeDef = NodeDef::planned("each", "Repeats the test for each row of a table.");
static SKIP: NodeDef = NodeDef::planned("skip", "Leaves the test out.");
static ONLY: NodeDef = NodeDef::planned("only", "Leaves all other tests out.");
static RETRY: NodeDef = NodeDef::planned("retry", "Runs the test again when it fails.");
