use super::super::{Argument, NodeDef, Property, Type};

/// `file "/etc/app.conf" "…"`
pub static FILE: NodeDef = NodeDef::new("file", "A file with content that stands here, put into the container before it starts.")
    .more(
        "It replaces what the image has there. Directories on the way are made. A later one at the same path replaces an earlier one. In a \
         `read-only` container the directory of the file becomes one that can be written to, and keeps what the image has there.",
    )
    .arguments(&[
        Argument::new("path", Type::ContainerPath, "Where in the container."),
        Argument::new("content", Type::Text, "What stands in it."),
    ])
    .properties(&[
        Property::new("mode", Type::Text, "Who may do what with it, in octal digits.").default("\"0644\""),
        Property::new("user", Type::Text, "Whose it is: `name`, `uid`, `name:group` or `uid:gid`.").default("root"),
    ])
    .repeatable();

/// `secret NAME at="/run/secrets/x"`
pub static SECRET: NodeDef = NodeDef::new("secret", "A secret as a file in the container, put there before it starts.")
    .more(
        "Its value stands in no image, no label, no argument, no variable and nothing that `docker inspect` shows. It lies in the container's own \
         layer on the engine's machine, and goes with the container; this also works where the engine runs on another machine. In a `read-only` \
         container the directory of the file becomes one that can be written to.",
    )
    .arguments(&[Argument::new("name", Type::Name, "A declared secret.")])
    .properties(&[
        Property::new("at", Type::ContainerPath, "Where in the container.").default("`/run/secrets/NAME`"),
        Property::new("mode", Type::Text, "Who may do what with it, in octal digits.").default("\"0444\""),
        Property::new("user", Type::Text, "Whose it is: `name`, `uid`, `name:group` or `uid:gid`.").default("root"),
    ])
    .repeatable();
