use super::super::{Argument, NodeDef, Part, Property, Rule, Type, Word};
use super::{container, healthcheck};

/// `service NAME { … }`
pub static SERVICE: NodeDef = NodeDef::new("service", "A container that runs as long as something needs it.")
    .more("It starts when it is first needed and is reachable under its name in the run's network.")
    .arguments(&[Argument::new("name", Type::Name, "Its name: a DNS label, since it is a host name.")])
    .children(&[container::SETTINGS, &[&healthcheck::HEALTHCHECK, &PORT, &KEEP, &RESTART]])
    .rules(container::RULES)
    .repeatable();

/// `port 8000`
pub static PORT: NodeDef = NodeDef::new("port", "A port of the container, published on the host.")
    .more(
        "`port 8000` takes a free port of the host, which `{{NAME.url}}` and `pipe port` tell; `port \"8080:8000\"` and `port 8000 host=8080` \
         fix it. The host's address is 127.0.0.1 unless the author says otherwise.",
    )
    .arguments(&[Argument::new(
        "port",
        Type::PublishedPort,
        "The container's port, alone or as `\"HOST:CONTAINER\"`; a range of ports as `\"8000-8010\"`.",
    )])
    .properties(&[
        Property::new("host", Type::Port, "The port of the host.").default("a free one"),
        Property::new("protocol", Type::Word(PROTOCOLS), "Its protocol; `\"53/udp\"` says the same.").default("tcp"),
        Property::new("bind", Type::Address, "The address of the host.").default("127.0.0.1"),
    ])
    .rules(&[Rule::PortOnce])
    .repeatable();

static PROTOCOLS: &[Word] =
    &[Word::new("tcp", "streams"), Word::new("udp", "datagrams"), Word::new("sctp", "messages in streams")];

/// `keep`
pub static KEEP: NodeDef =
    NodeDef::new("keep", "Whether it runs to the end of the run, though nothing needs it any more.")
        .arguments(container::SWITCH);

/// `restart on-failure`
pub static RESTART: NodeDef = NodeDef::new("restart", "What happens when the service ends by itself while it is needed.")
    .more(
        "Without it that fails the run. It is pipe that starts it again, and readiness is awaited within the time that it had from the first \
         start; after the run, and for what `pipe up` leaves, nobody does.",
    )
    .arguments(&[Argument::new("policy", Type::Word(RESTARTS), "When it is started again.")])
    .properties(&[
        Property::new("max", Type::Integer { min: 1, max: 1_000 }, "How often at most.").default("5"),
        Property::new("backoff", Type::Duration { zero: true }, "The pause before; it doubles each time, up to a minute.")
            .default("500ms"),
    ]);

static RESTARTS: &[Word] = &[
    Word::new("on-failure", "when it ended with another code than 0"),
    Word::new("always", "with whatever code it ended"),
];

/// A part that the healthcheck's HTTP properties need.
pub const HTTP: Part = Part::Property("http");
