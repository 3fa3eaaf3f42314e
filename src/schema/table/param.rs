use super::super::{Argument, NodeDef, Part, Property, Rule, Type};

/// `param NAME [default]`
pub static PARAM: NodeDef = NodeDef::new("param", "A value from outside, filled in where `{{name}}` stands.")
    .more(
        "Its sources are asked in this order: `--set NAME=VALUE` on the command line, the variable that `env` names, the `command`, \
         the default. A param that none of them gives a value must be set by `--set`.",
    )
    .arguments(&[
        Argument::new("name", Type::Name, "The param's name."),
        Argument::new("default", Type::String, "The value where no other source has one.").optional(),
    ])
    .properties(&[
        Property::new("env", Type::Name, "The variable of pipe's own environment that gives the value."),
        Property::new("default", Type::String, "The same as the second argument."),
        Property::new("pattern", Type::Regex, "What the whole value must match."),
    ])
    .children(&[&[&COMMAND, &CHOICES, &REQUIRED]])
    .rules(&[
        Rule::AtMostOne(&[Part::Argument("default"), Part::Property("default"), Part::Child("required")]),
        Rule::AtMostOne(&[Part::Child("command"), Part::Child("required")]),
        Rule::AtMostOne(&[Part::Property("pattern"), Part::Child("choices")]),
    ])
    .repeatable();

static COMMAND: NodeDef = NodeDef::new("command", "A command on the host whose output, trimmed, is the value.")
    .more("It runs in the directory of this file, only when the value is wanted, and without a shell.")
    .arguments(&[Argument::new("word", Type::String, "The program and its arguments.").many()])
    .properties(&[TIMEOUT]);

/// How long a command on the host may take.
pub const TIMEOUT: Property =
    Property::new("timeout", Type::Duration { zero: false }, "How long it may take; past it, it has failed.")
        .default("10s");

static CHOICES: NodeDef = NodeDef::new("choices", "The values that are allowed.")
    .arguments(&[Argument::new("value", Type::String, "A value.").many()])
    .repeatable();

static REQUIRED: NodeDef =
    NodeDef::new("required", "The value must come from outside, whether or not it is used in a run.");
