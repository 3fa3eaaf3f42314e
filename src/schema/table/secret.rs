use super::super::{Argument, NodeDef, Part, Property, Rule, Type};

/// `secret NAME`, at the top level
pub static SECRET: NodeDef = NodeDef::new("secret", "A value that must never be seen.")
    .more("Its sources are asked in this order: the variable, the file, the command, the default. It is used as `(secret)NAME`. Wherever its value shows up in output it is masked; it never stands in a plan, a label or a name.")
    .arguments(&[Argument::new("name", Type::Name, "The secret's name.")])
    .properties(&[
        Property::new("env", Type::Name, "The variable of pipe's own environment that gives the value."),
        Property::new("file", Type::Path, "The file whose content is the value; one line break at its end is left out."),
        Property::new("default", Type::String, "The value where no other source has one; for development only."),
    ])
    .children(&[&[&COMMAND]])
    .rules(&[Rule::AtLeastOne(&[Part::Property("env"), Part::Property("file"), Part::Property("default"), Part::Child("command")])])
    .repeatable();

static COMMAND: NodeDef = NodeDef::new("command", "A command on the host whose output is the value.")
    .more("It runs in the directory of this file, only when the value is wanted, and without a shell. One line break at the end is left out.")
    .arguments(&[Argument::new("word", Type::String, "The program and its arguments.").many()])
    .properties(&[super::param::TIMEOUT]);
