use super::super::{Argument, NodeDef, Part, Property, Rule, Type, Word};
use super::check;

/// `http METHOD URL { … }`
pub static HTTP: NodeDef = NodeDef::new(
    "http",
    "An HTTP request, and what is expected of its answer. One that expects nothing wants a status below 400.",
)
.arguments(&[
    Argument::new("method", Type::Word(METHODS), "The method."),
    Argument::new("url", Type::Url, "The URL, absolute or relative to the target."),
])
.properties(&[
    Property::new("follow", Type::Boolean, "Follows redirects.").default("#false"),
    Property::new("max-redirects", Type::Integer { min: 0, max: 100 }, "How many redirects are followed at most.")
        .default("10")
        .requires(Part::Property("follow")),
    Property::new("timeout", Type::Duration { zero: false }, "From connecting to the last byte.").default("10s"),
    Property::new("connect-timeout", Type::Duration { zero: false }, "Until the connection stands.")
        .default("the time-out"),
    Property::new("insecure", Type::Boolean, "Takes any certificate.").default("#false"),
    Property::new("compressed", Type::Boolean, "Asks for a compressed answer, and looks at what was compressed.")
        .default("#false"),
    Property::new(
        "http-version",
        Type::Word(VERSIONS),
        "The version of HTTP to speak; `2` is spoken at once where there is no TLS.",
    )
    .default("2 where the server offers it over TLS, 1.1 otherwise"),
])
.children(&[
    &[&HEADER, &QUERY, &COOKIE, &JSON, &BODY, &FORM, &MULTIPART, &FILE, &BASIC_AUTH, &BEARER, &CA],
    check::HTTP,
])
.rules(&[
    Rule::AtMostOne(&[
        Part::Child("json"),
        Part::Child("body"),
        Part::Child("form"),
        Part::Child("multipart"),
        Part::Child("file"),
    ]),
    Rule::AtMostOne(&[Part::Child("basic-auth"), Part::Child("bearer")]),
    Rule::AtMostOne(&[Part::Property("insecure"), Part::Child("ca")]),
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
    Word::new("PURGE", "empties a cache"),
    Word::new("PROPFIND", "reads properties, in WebDAV"),
    Word::new("PROPPATCH", "changes properties, in WebDAV"),
    Word::new("MKCOL", "makes a collection, in WebDAV"),
    Word::new("COPY", "copies, in WebDAV"),
    Word::new("MOVE", "moves, in WebDAV"),
    Word::new("LOCK", "locks, in WebDAV"),
    Word::new("UNLOCK", "unlocks, in WebDAV"),
    Word::new("REPORT", "asks for a report, in WebDAV"),
    Word::new("SEARCH", "searches, in WebDAV"),
];

static VERSIONS: &[Word] = &[Word::new("1.0", "HTTP/1.0"), Word::new("1.1", "HTTP/1.1"), Word::new("2", "HTTP/2")];

static HEADER: NodeDef = NodeDef::new("header", "A header of the request.")
    .repeatable_entries("the header's name", Argument::new("value", Type::Text, "Its value."));

static QUERY: NodeDef = NodeDef::new("query", "A query parameter, added to those of the URL.")
    .repeatable_entries("the parameter's name", Argument::new("value", Type::Text, "Its value."));

static COOKIE: NodeDef = NodeDef::new("cookie", "A cookie of the request, besides those that earlier answers set.")
    .entries("the cookie's name", Argument::new("value", Type::Text, "Its value."));

static JSON: NodeDef = NodeDef::new("json", "A JSON body, sent as `application/json`.").arguments(&[Argument::new(
    "text",
    Type::Json,
    "The JSON text.",
)]);

static BODY: NodeDef =
    NodeDef::new("body", "A body that is sent as it is.").arguments(&[Argument::new("text", Type::Text, "The body.")]);

static FORM: NodeDef = NodeDef::new("form", "Fields of a form, sent as `application/x-www-form-urlencoded`.")
    .entries("the field's name", Argument::new("value", Type::Text, "Its value."));

static MULTIPART: NodeDef =
    NodeDef::new("multipart", "A body of several parts, sent as `multipart/form-data`.").children(&[&[&FIELD, &PART]]);

static FIELD: NodeDef = NodeDef::new("field", "A part that is text.")
    .repeatable_entries("the field's name", Argument::new("value", Type::Text, "Its value."));

static PART: NodeDef = NodeDef::new("file", "A part that is read from a file.")
    .arguments(&[
        Argument::new("name", Type::Text, "The field's name."),
        Argument::new("path", Type::Path, "The file."),
    ])
    .properties(&[
        Property::new("type", Type::Text, "Its content type.").default("application/octet-stream"),
        Property::new("filename", Type::Text, "What the file is called there.").default("the last part of its path"),
    ])
    .repeatable();

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

static CA: NodeDef = NodeDef::new("ca", "A file of certificates to trust, instead of those of the system.")
    .arguments(&[Argument::new("path", Type::Path, "The file, in PEM.")]);
