use super::super::{Argument, NodeDef, Part, Property, Rule, Type, Word};
use super::{dns, file, limit, privilege};

/// What templates, services and stages share.
pub static SETTINGS: &[&NodeDef] = &[
    &EXTENDS,
    &IMAGE,
    &COMMAND,
    &SH,
    &ENTRYPOINT,
    &ENV,
    &ENV_FILE,
    &WORKDIR,
    &USER,
    &NEEDS,
    &AFTER,
    &MOUNT,
    &NETWORK,
    &HOSTNAME,
    &INIT,
    &READ_ONLY,
    &STOP,
    &LABEL,
    &TIMEOUT,
    &file::SECRET,
    &file::FILE,
    &limit::RESOURCES,
    &privilege::GPUS,
    &privilege::PRIVILEGED,
    &privilege::CAP,
    &privilege::SECURITY_OPT,
    &limit::ULIMIT,
    &privilege::SYSCTL,
    &privilege::DEVICE,
    &dns::DNS,
    &dns::EXTRA_HOST,
    &PLATFORM,
    &PULL,
    &limit::LOG_LIMIT,
    &TTY,
];

/// What the containers that tests make take: all of it, but for what their makers say themselves (what they run, in which image, after
/// what), for templates, and for what is of no use to a container whose output is read and that is gone once it has ended.
pub static FOR_TESTS: &[&NodeDef] = &[
    &ENV,
    &ENV_FILE,
    &WORKDIR,
    &USER,
    &MOUNT,
    &NETWORK,
    &HOSTNAME,
    &INIT,
    &READ_ONLY,
    &LABEL,
    &file::SECRET,
    &file::FILE,
    &limit::RESOURCES,
    &privilege::GPUS,
    &privilege::PRIVILEGED,
    &privilege::CAP,
    &privilege::SECURITY_OPT,
    &limit::ULIMIT,
    &privilege::SYSCTL,
    &privilege::DEVICE,
    &dns::DNS,
    &dns::EXTRA_HOST,
    &PLATFORM,
    &PULL,
];

/// What holds for them together.
pub const RULES: &[Rule] = &[Rule::AtMostOne(&[Part::Child("command"), Part::Child("sh")])];

static EXTENDS: NodeDef = NodeDef::new("extends", "Takes over the settings of templates.")
    .more(
        "Settings merge one by one: scalars replace, `env` and `label` merge by key, `needs`, `mount` and `port` append. Later templates win \
         over earlier ones, and what stands here wins over all.",
    )
    .arguments(&[Argument::new("template", Type::Name, "A template.").many()])
    .repeatable();

/// `image NAME`
pub static IMAGE: NodeDef = NodeDef::new("image", "The image that the container runs.").arguments(&[Argument::new(
    "image",
    Type::ImageReference,
    "A declared image, or a reference with a tag or a digest.",
)]);

/// `command A B C`
pub static COMMAND: NodeDef = NodeDef::new("command", "What the container runs, word by word, without a shell.")
    .more("The image's entrypoint is kept.")
    .arguments(&[Argument::new("word", Type::Text, "The program and its arguments.").many()]);

/// `sh "script"`
pub static SH: NodeDef = NodeDef::new("sh", "What the container runs, as a script of `/bin/sh -ec`.")
    .more(
        "`sh (bash)\"…\"` is run by `bash -ec` and `sh (python)\"…\"` by `python3 -u -c`, which the image must have. `$NAME` and `$(…)` reach the \
         shell untouched; only `{{…}}` is filled in. The image's entrypoint is left out.",
    )
    .arguments(&[Argument::new("script", Type::Script, "The script; it ends at the first command that fails.")]);

/// `entrypoint A B C`
pub static ENTRYPOINT: NodeDef =
    NodeDef::new("entrypoint", "What runs the command, instead of the image's own entrypoint.")
        .arguments(&[Argument::new("word", Type::Text, "The program and its arguments.").many()]);

/// `env KEY value`
pub static ENV: NodeDef = NodeDef::new("env", "Variables of the container's environment.")
    .more("`KEY (secret)NAME` takes the value of a secret; a key alone takes the value of the param of that name.")
    .entries(
        "the variable",
        Argument::new("value", Type::Text, "Its value.")
            .optional()
            .annotations(&["secret"])
            .default("the value of the param of that name"),
    );

pub static ENV_FILE: NodeDef = NodeDef::new("env-file", "Files of `KEY=value` lines; `env` wins over them.")
    .arguments(&[Argument::new("file", Type::Path, "A file.").many()])
    .repeatable();

pub static WORKDIR: NodeDef = NodeDef::new("workdir", "The directory that the command starts in.")
    .arguments(&[Argument::new("path", Type::ContainerPath, "An absolute path.")]);

pub static USER: NodeDef = NodeDef::new("user", "The user that the command runs as.").arguments(&[Argument::new(
    "user",
    Type::Text,
    "`name`, `uid`, `name:group` or `uid:gid`.",
)]);

/// `needs X… gate=…`
pub static NEEDS: NodeDef = NodeDef::new("needs", "What must be before this starts; it is run where it is not yet.")
    .more(
        "What a need must have reached follows its kind: a stage has succeeded, a service with a healthcheck is healthy, one without has \
         started, an acceptance has passed. `gate` says otherwise.",
    )
    .arguments(&[Argument::new("name", Type::Name, "A service, stage or acceptance.").many()])
    .properties(&[Property::new("gate", Type::Word(GATES), "What it must have reached.").default("as its kind says")])
    .repeatable();

static GATES: &[Word] = &[
    Word::new("started", "its process is up"),
    Word::new("healthy", "its healthcheck has passed, and it still runs"),
    Word::new("succeeded", "it ended well"),
    Word::new("completed", "it ended, well or not, or was skipped"),
    Word::new("exited", "its process ended, with any code"),
];

/// `after X…`
pub static AFTER: NodeDef =
    NodeDef::new("after", "What must have ended before this starts, where both are in the run.")
        .more("Unlike `needs` it never takes anything into the run.")
        .arguments(&[Argument::new("name", Type::Name, "A service, stage or acceptance.").many()])
        .repeatable();

pub static MOUNT: NodeDef = NodeDef::new("mount", "Something mounted into the container.")
    .arguments(&[
        Argument::new(
            "source",
            Type::Path,
            "A declared volume, or a path of the host: what begins with `.`, `~` or `/` or holds a `/`.",
        )
        .words(&[Word::new("tmpfs", "memory"), Word::new("cache", "a volume that is kept from run to run, for all pipelines of this name; `pipe clean --volumes` removes it")]),
        Argument::new("target", Type::ContainerPath, "Where in the container."),
    ])
    .flags(&[Word::new("read-only", "not to be written")])
    .properties(&[
        Property::new("size", Type::Size, "The most that it may hold.").requires(Part::Word("source", "tmpfs")),
        Property::new("name", Type::Text, "The cache's name: mounts of one name share one volume, wherever they stand.")
            .default("the target")
            .requires(Part::Word("source", "cache")),
    ])
    .repeatable();

pub static NETWORK: NodeDef =
    NodeDef::new("network", "A declared network that the container joins besides the run's own.")
        .arguments(&[
            Argument::new("name", Type::Name, "A declared network.").words(&[Word::new("none", "no network at all")])
        ])
        .children(&[&[&ALIAS]])
        .repeatable();

static ALIAS: NodeDef = NodeDef::new("alias", "Further host names of the container in that network.")
    .arguments(&[Argument::new("name", Type::Text, "A host name.").many()])
    .repeatable();

static HOSTNAME: NodeDef = NodeDef::new("hostname", "The host name inside the container.").arguments(&[Argument::new(
    "name",
    Type::Text,
    "A host name.",
)]);

static INIT: NodeDef =
    NodeDef::new("init", "Whether an init process runs as process 1: it passes signals on and reaps orphans.")
        .more("On by default for stages.")
        .arguments(SWITCH);

static READ_ONLY: NodeDef =
    NodeDef::new("read-only", "Whether the container's root file system is read-only.").arguments(SWITCH);

/// `init`, `init #false`
pub const SWITCH: &[Argument] = &[Argument::new("on", Type::Boolean, "On or off.").optional().default("#true")];

static STOP: NodeDef = NodeDef::new("stop", "How the container is asked to end.").properties(&[
    Property::new("signal", Type::Signal, "The signal that is sent first.").default("the image's own, or SIGTERM"),
    Property::new("grace", Type::Duration { zero: true }, "How long it may take before it is killed.")
        .default("at once where its work is done"),
]);

static LABEL: NodeDef = NodeDef::new("label", "A label of the container.")
    .entries("the label's key", Argument::new("value", Type::Text, "The label's value."));

/// `timeout "10m"`
pub static TIMEOUT: NodeDef = NodeDef::new("timeout", "How long this may take; past it, it fails.")
    .arguments(&[Argument::new("duration", Type::Duration { zero: false }, "The time, from its start.")]);

static PLATFORM: NodeDef = NodeDef::new("platform", "The platform of the image to run, where it has several.")
    .more("The engine's machine must be able to run it, by emulation if need be.")
    .arguments(&[Argument::new("platform", Type::Text, "`os/architecture[/variant]`, such as `\"linux/arm64\"`.")]);

static PULL: NodeDef = NodeDef::new("pull", "When a registry is asked for the image, where that is one of a registry.")
    .more("Where several containers of a run want one image, the strictest wins: `always`, then `missing`.")
    .arguments(&[Argument::new("policy", Type::Word(PULLS), "When.")]);

static PULLS: &[Word] = &[
    Word::new("missing", "where the engine has not got it; as without `pull`"),
    Word::new("always", "once each run"),
    Word::new("never", "never: the engine must have it"),
];

static TTY: NodeDef = NodeDef::new("tty", "Whether the container has a terminal.")
    .more("Programs that look for one show colours and progress then. Both streams of its output are one.")
    .arguments(SWITCH);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stage_takes_the_containers_of_tests_take_too() {
        let names = |list: &[&NodeDef]| list.iter().map(|node| node.name).collect::<Vec<_>>();
        let taken = names(FOR_TESTS);
        let left: Vec<_> = names(SETTINGS).into_iter().filter(|name| !taken.contains(name)).collect();
        let wanted = [
            "extends",
            "image",
            "command",
            "sh",
            "entrypoint",
            "needs",
            "after",
            "stop",
            "timeout",
            "log-limit",
            "tty",
        ];
        assert_eq!(left, wanted);
    }
}
