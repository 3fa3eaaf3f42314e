use super::super::{Argument, NodeDef, Part, Property, Rule, Type, Word};
use super::service::HTTP;

/// `healthcheck …`
pub static HEALTHCHECK: NodeDef = NodeDef::new("healthcheck", "How a service shows that it is ready.")
    .more(
        "A service is ready at the first pass, or after as many in a row as `successes` says and as long as `stable` says. The check runs from \
         the moment the process is up, in quick succession at first, then at `interval`. It is given up when the time is used up that Docker \
         would have waited: `start-period` + `retries` × (`interval` + `timeout`).",
    )
    .arguments(&[Argument::new("test", Type::Script, "A command line, run by the image's shell in the container: 0 is a pass.")
        .optional()
        .words(&[
            Word::new("none", "no check, not even the image's own: started is ready"),
            Word::new("image", "the check that the image declares, with its timings where none stand here; the image must have one"),
        ])])
    .properties(&[
        Property::new("http", Type::Url, "A path to GET from outside the container."),
        Property::new("tcp", Type::Port, "A port to connect to from outside the container."),
        Property::new("log", Type::Regex, "What a line of its output must match, from its start on."),
        Property::new("port", Type::Port, "The container's port to ask.").default("the service's only port").requires(HTTP),
        Property::new("status", Type::Integer { min: 100, max: 599 }, "The status wanted.").default("any of 200–399").requires(HTTP),
        Property::new("body-contains", Type::Text, "What the body must hold.").requires(HTTP),
        Property::new("interval", Type::Duration { zero: false }, "The longest pause between two tries.").default("2s"),
        Property::new("timeout", Type::Duration { zero: false }, "How long one try may take.").default("5s"),
        Property::new("retries", Type::Integer { min: 1, max: 10_000 }, "How many failures Docker would bear.").default("30"),
        Property::new("start-period", Type::Duration { zero: true }, "Time to come up in which failures do not count.").default("0s"),
        Property::new("start-interval", Type::Duration { zero: false }, "The pause between tries within the start period."),
        Property::new("successes", Type::Integer { min: 1, max: 1_000 }, "How many passes in a row make it ready.").default("1"),
        Property::new("stable", Type::Duration { zero: true }, "How long the passes must span.").default("0s"),
    ])
    .children(&[&[&COMMAND]])
    .rules(&[Rule::ExactlyOne(&[
        Part::Argument("test"),
        Part::Child("command"),
        Part::Property("http"),
        Part::Property("tcp"),
        Part::Property("log"),
    ]), Rule::Alone(Part::Word("test", "none"))]);

static COMMAND: NodeDef =
    NodeDef::new("command", "A command that is run in the container, without a shell: 0 is a pass.")
        .arguments(&[Argument::new("word", Type::Text, "The program and its arguments.").many()]);
