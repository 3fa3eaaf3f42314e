use super::super::{Argument, NodeDef, Property, Type, Word};

/// `dns "10.0.0.2"`
pub static DNS: NodeDef = NodeDef::new("dns", "DNS servers that are asked for names of the outside.")
    .more("Names of services are answered by the engine all the same.")
    .arguments(&[Argument::new("server", Type::Address, "A server's address.").many()])
    .properties(&[
        Property::new("search", Type::Words, "Domains in which short names are looked for.")
            .default("those of the engine's machine"),
        Property::new("options", Type::Words, "Options of the resolver, such as `ndots:1`.").default("none"),
    ])
    .repeatable();

/// `extra-host "db.example.com" "10.0.0.5"`
pub static EXTRA_HOST: NodeDef = NodeDef::new("extra-host", "Further lines of the container's `/etc/hosts`.")
    .repeatable_entries(
        "the host name",
        Argument::new("address", Type::Address, "Its address.")
            .words(&[Word::new("host-gateway", "the machine that the engine runs on, as containers reach it")]),
    );
