use super::super::{Argument, NodeDef, Part, Property, Type};
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
    .arguments(&[Argument::new("port", Type::PublishedPort, "The container's port, alone or as `\"HOST:CONTAINER\"`.")])
    .properties(&[
        Property::new("host", Type::Port, "The port of the host.").default("a free one"),
        Property::new("bind", Type::Address, "The address of the host.").default("127.0.0.1"),
    ])
    .repeatable();

static KEEP: NodeDef = NodeDef::new("keep", "Whether it runs to the end of the run, though nothing needs it any more.")
    .arguments(container::SWITCH);

static RESTART: NodeDef = NodeDef::planned("restart", "What happens when the service ends by itself.");

/// A part that the healthcheck's HTTP properties need.
pub const HTTP: Part = Part::Property("http");
