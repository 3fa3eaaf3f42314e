use super::super::{Argument, NodeDef, Property, Type, Word};

/// `resources cpus=1.5 memory="512MiB"`
pub static RESOURCES: NodeDef = NodeDef::new("resources", "How much of the machine the container may use.")
    .more("What is not limited is shared with everything else on the machine. Templates merge it property by property.")
    .properties(&[
        Property::new("cpus", Type::Number, "How many processors' worth of time, from 0.01; `1.5` is one and a half.")
            .default("all of them"),
        Property::new(
            "memory",
            Type::Size,
            "The most memory; past it a process of the container is killed. At least 6 MiB.",
        )
        .default("all of it"),
        Property::new(
            "memory-reservation",
            Type::Size,
            "The memory that it is pressed down to where the machine runs short; at most `memory`.",
        )
        .default("none"),
        Property::new(
            "swap",
            Type::Size,
            "How much it may swap out besides `memory`, which must be limited too; `\"0B\"` forbids it.",
        )
        .default("as much as `memory`"),
        Property::new("pids", Type::Integer { min: 1, max: 4_194_304 }, "The most processes and threads.")
            .default("as many as the engine allows"),
        Property::new("shm", Type::Size, "The size of `/dev/shm`; browsers and databases want more than there is.")
            .default("64 MiB"),
    ]);

/// `ulimit nofile 1024 4096`
pub static ULIMIT: NodeDef = NodeDef::new("ulimit", "A limit of the kernel for each process of the container.")
    .more("A later one of the same name replaces an earlier one.")
    .arguments(&[
        Argument::new("name", Type::Word(ULIMITS), "What is limited."),
        Argument::new("soft", Type::Integer { min: 0, max: i64::MAX }, "The limit that holds.").words(UNLIMITED),
        Argument::new("hard", Type::Integer { min: 0, max: i64::MAX }, "How far a process may raise it by itself.")
            .optional()
            .words(UNLIMITED)
            .default("the same"),
    ])
    .repeatable();

static UNLIMITED: &[Word] = &[Word::new("unlimited", "as much as the kernel has")];

static ULIMITS: &[Word] = &[
    Word::new("core", "the size of a core dump, in bytes"),
    Word::new("cpu", "processor time, in seconds"),
    Word::new("data", "the size of the data segment, in bytes"),
    Word::new("fsize", "the size of a file that it writes, in bytes"),
    Word::new("locks", "file locks"),
    Word::new("memlock", "memory that cannot be swapped out, in bytes"),
    Word::new("msgqueue", "bytes in POSIX message queues"),
    Word::new("nice", "how far its priority may be raised"),
    Word::new("nofile", "open files"),
    Word::new("nproc", "processes of its user"),
    Word::new("rss", "resident memory, in bytes; Linux heeds it no more"),
    Word::new("rtprio", "the real-time priority"),
    Word::new("rttime", "real-time processor time without a pause, in microseconds"),
    Word::new("sigpending", "signals that wait"),
    Word::new("stack", "the size of the stack, in bytes"),
];

/// `log-limit "10MiB" files=3`
pub static LOG_LIMIT: NodeDef = NodeDef::new("log-limit", "How much of the container's output the engine keeps.")
    .more("It bounds what `pipe logs` and `docker logs` can show later. What a run shows and reports is not cut.")
    .arguments(&[Argument::new("size", Type::Size, "The size at which a new file is begun; at least 1 kB.")])
    .properties(&[Property::new(
        "files",
        Type::Integer { min: 1, max: 1_000 },
        "How many files are kept, the newest.",
    )
    .default("3")]);
