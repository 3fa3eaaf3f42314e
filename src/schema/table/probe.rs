use super::super::{Argument, NodeDef, Property, Type, Word};
use super::{check, container, http};

/// What may be looked at.
pub static PROBES: &[&NodeDef] =
    &[&http::HTTP, &TCP, &EXEC, &RUN, &LOGS, &FILE, &CONTAINER, &STATS, &IMAGE, &SQL, &REDIS, &DNS];

const SERVICE: Argument = Argument::new("service", Type::Name, "A service; it is needed, and healthy.");
const WORDS: Argument = Argument::new("word", Type::Text, "The program and its arguments.").many();

static TCP: NodeDef =
    NodeDef::new("tcp", "A connection to a port of a service. One that expects nothing wants the port open.")
        .arguments(&[
            SERVICE,
            Argument::new("port", Type::Port, "The container's port.").optional().default("the service's only port"),
        ])
        .properties(&[TIMEOUT, Property::new("send", Type::Text, "What is sent once the connection stands.")])
        .children(&[check::TCP])
        .repeatable();

static EXEC: NodeDef = NodeDef::new(
    "exec",
    "A command in a running service, without a shell. One that expects nothing wants the exit code 0.",
)
.arguments(&[SERVICE, WORDS])
.children(&[&[&STDIN, &container::ENV, &container::WORKDIR, &container::USER, &container::TIMEOUT], check::COMMAND])
.repeatable();

static RUN: NodeDef = NodeDef::new(
    "run",
    "A command in a new container of an image, in the run's network. One that expects nothing wants the exit code 0.",
)
.arguments(&[
    Argument::new("image", Type::ImageReference, "A declared image, or a reference with a tag or a digest."),
    Argument::new("word", Type::Text, "The program and its arguments.").many(),
])
.children(&[&[&STDIN, &container::ENTRYPOINT, &container::TIMEOUT], container::FOR_TESTS, check::COMMAND])
.repeatable();

static STDIN: NodeDef = NodeDef::new("stdin", "What the command reads as its input.").arguments(&[Argument::new(
    "text",
    Type::Text,
    "The text.",
)]);

static LOGS: NodeDef = NodeDef::new("logs", "What a service wrote.")
    .arguments(&[SERVICE])
    .properties(&[Property::new("since", Type::Word(SINCE), "From when on.").default("test")])
    .children(&[check::LOGS])
    .repeatable();

static SINCE: &[Word] = &[Word::new("test", "since the test began"), Word::new("start", "since the service started")];

static FILE: NodeDef = NodeDef::new(
    "file",
    "A file in the container of a service, in a volume or in an image, whatever tools there are. One that expects nothing wants it to be there.",
)
.arguments(&[
    Argument::new(
        "place",
        Type::Name,
        "A service, which is needed, and healthy; or a declared volume, whose own root `/` is; or a declared image, of which nothing is run.",
    ),
    Argument::new("path", Type::ContainerPath, "Where it lies there."),
])
.children(&[check::FILE])
.repeatable();

static CONTAINER: NodeDef = NodeDef::new("container", "The container of a service, as the engine sees it.")
    .arguments(&[SERVICE])
    .children(&[check::CONTAINER])
    .repeatable();

static STATS: NodeDef = NodeDef::new("stats", "What the container of a service uses.")
    .arguments(&[SERVICE])
    .children(&[check::STATS])
    .repeatable();

static IMAGE: NodeDef = NodeDef::new("image", "An image, as the engine sees it.")
    .arguments(&[Argument::new(
        "image",
        Type::ImageReference,
        "A declared image, or a reference with a tag or a digest.",
    )])
    .children(&[check::IMAGE])
    .repeatable();

static SQL: NodeDef = NodeDef::new(
    "sql",
    "A statement to the database of a service, by the client in its own image. One that expects nothing wants it to succeed.",
)
.arguments(&[SERVICE, Argument::new("statement", Type::Text, "The statement.")])
.properties(&[
    Property::new("client", Type::Word(CLIENTS), "Which client.").default("what the image is known for"),
    Property::new("user", Type::Text, "The user of the database.").default("what the container's environment says"),
    Property::new("database", Type::Text, "The database; of SQLite the file.")
        .default("what the container's environment says"),
    TIMEOUT,
])
.children(&[&[&PASSWORD], check::SQL])
.repeatable();

static CLIENTS: &[Word] = &[
    Word::new("mariadb", "`mariadb`"),
    Word::new("mysql", "`mysql`"),
    Word::new("postgres", "`psql`"),
    Word::new("sqlite", "`sqlite3`"),
];

static PASSWORD: NodeDef =
    NodeDef::new("password", "The password of the database's user.").arguments(&[Argument::new(
        "password",
        Type::Text,
        "A secret, as `(secret)NAME`, or a text.",
    )
    .annotations(&["secret"])]);

static REDIS: NodeDef = NodeDef::new("redis", "A command to the Redis of a service, by `redis-cli` in its own image.")
    .arguments(&[SERVICE, Argument::new("word", Type::Text, "The command and its arguments.").many()])
    .children(&[&[&container::TIMEOUT], check::REDIS])
    .repeatable();

static DNS: NodeDef = NodeDef::new(
    "dns",
    "A name, as it resolves inside the run's network: a service's or an alias's there, and what else the name servers of this machine know.",
)
    .arguments(&[Argument::new("name", Type::Text, "The name.")])
    .properties(&[Property::new("type", Type::Word(RECORDS), "The type of the records.").default("A"), TIMEOUT])
    .children(&[check::DNS])
    .repeatable();

static RECORDS: &[Word] = &[
    Word::new("A", "IPv4 addresses"),
    Word::new("AAAA", "IPv6 addresses"),
    Word::new("CNAME", "the name that it stands for"),
    Word::new("SRV", "hosts and ports of a service"),
];

const TIMEOUT: Property =
    Property::new("timeout", Type::Duration { zero: false }, "How long it may take.").default("10s");
