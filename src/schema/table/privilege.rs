use super::super::{Argument, NodeDef, Part, Property, Rule, Type, Word};
use super::container::SWITCH;

/// `privileged`
pub static PRIVILEGED: NodeDef =
    NodeDef::new("privileged", "Whether the container has all capabilities and all devices of the host.")
        .more(
            "It is as good as root on the host. Most of what it is asked for is to be had with `cap add` or `device`.",
        )
        .arguments(SWITCH);

/// `cap add NET_ADMIN`
pub static CAP: NodeDef = NodeDef::new("cap", "Capabilities of the kernel, given or taken.")
    .more("`cap drop ALL` and then `cap add` of what is needed is the strictest way.")
    .arguments(&[
        Argument::new("what", Type::Word(ADD_OR_DROP), "Whether they are given or taken."),
        Argument::new("capability", Type::Word(CAPABILITIES), "A capability, without `CAP_`.").many(),
    ])
    .repeatable();

static ADD_OR_DROP: &[Word] =
    &[Word::new("add", "besides those that containers have"), Word::new("drop", "of those that containers have")];

static CAPABILITIES: &[Word] = &[
    Word::new("ALL", "all of them"),
    Word::new("AUDIT_CONTROL", "switches kernel auditing"),
    Word::new("AUDIT_READ", "reads the audit log"),
    Word::new("AUDIT_WRITE", "writes to the audit log; containers have it"),
    Word::new("BLOCK_SUSPEND", "keeps the machine awake"),
    Word::new("BPF", "loads BPF programs"),
    Word::new("CHECKPOINT_RESTORE", "freezes processes and brings them back"),
    Word::new("CHOWN", "changes owners of files; containers have it"),
    Word::new("DAC_OVERRIDE", "passes by permissions of files; containers have it"),
    Word::new("DAC_READ_SEARCH", "reads any file and directory"),
    Word::new("FOWNER", "acts as any file's owner; containers have it"),
    Word::new("FSETID", "keeps the set-user-ID bit; containers have it"),
    Word::new("IPC_LOCK", "locks memory"),
    Word::new("IPC_OWNER", "uses any System V object"),
    Word::new("KILL", "signals any process; containers have it"),
    Word::new("LEASE", "takes leases on files"),
    Word::new("LINUX_IMMUTABLE", "sets files immutable"),
    Word::new("MAC_ADMIN", "configures mandatory access control"),
    Word::new("MAC_OVERRIDE", "passes by mandatory access control"),
    Word::new("MKNOD", "makes device files; containers have it"),
    Word::new("NET_ADMIN", "configures networks: addresses, routes, firewalls"),
    Word::new("NET_BIND_SERVICE", "binds ports below 1024; containers have it"),
    Word::new("NET_BROADCAST", "broadcasts"),
    Word::new("NET_RAW", "uses raw sockets, as `ping` does; containers have it"),
    Word::new("PERFMON", "watches performance"),
    Word::new("SETFCAP", "gives files capabilities; containers have it"),
    Word::new("SETGID", "changes groups; containers have it"),
    Word::new("SETPCAP", "changes capabilities; containers have it"),
    Word::new("SETUID", "changes users; containers have it"),
    Word::new("SYSLOG", "reads the kernel's log"),
    Word::new("SYS_ADMIN", "mounts, and much else that administrators do"),
    Word::new("SYS_BOOT", "reboots"),
    Word::new("SYS_CHROOT", "changes the root directory; containers have it"),
    Word::new("SYS_MODULE", "loads kernel modules"),
    Word::new("SYS_NICE", "raises priorities"),
    Word::new("SYS_PACCT", "switches accounting"),
    Word::new("SYS_PTRACE", "traces other processes, as debuggers do"),
    Word::new("SYS_RAWIO", "uses ports of the hardware"),
    Word::new("SYS_RESOURCE", "passes by resource limits"),
    Word::new("SYS_TIME", "sets the clock"),
    Word::new("SYS_TTY_CONFIG", "configures terminals"),
    Word::new("WAKE_ALARM", "wakes the machine"),
];

/// `security-opt no-new-privileges`
pub static SECURITY_OPT: NodeDef = NodeDef::new("security-opt", "Options of the engine's security modules.")
    .more(
        "`no-new-privileges`; `seccomp=` with `unconfined` or a profile's file, relative to the pipeline's directory; `apparmor=` with a \
         profile's name; `label=` with a label of SELinux; `systempaths=unconfined`.",
    )
    .arguments(&[Argument::new("option", Type::Text, "An option, as `docker run --security-opt` takes it.").many()])
    .repeatable();

/// `sysctl net.core.somaxconn 1024`
pub static SYSCTL: NodeDef = NodeDef::new("sysctl", "Parameters of the kernel that the container has for itself.")
    .more("Those are `net.…`, `fs.mqueue.…`, `kernel.domainname`, and `kernel.msg…`, `kernel.sem` and `kernel.shm…`.")
    .entries("the parameter", Argument::new("value", Type::Text, "Its value."));

/// `device "/dev/fuse"`
pub static DEVICE: NodeDef = NodeDef::new("device", "A device of the host that the container may use.")
    .arguments(&[
        Argument::new("device", Type::Text, "The device on the host, such as `\"/dev/fuse\"`."),
        Argument::new("target", Type::ContainerPath, "Where in the container.").optional().default("the same path"),
    ])
    .properties(&[Property::new(
        "permissions",
        Type::String,
        "What is allowed: of `r` (read), `w` (write) and `m` (make).",
    )
    .default("rwm")])
    .repeatable();

/// `gpus all`
pub static GPUS: NodeDef = NodeDef::new("gpus", "The GPUs that the container may use.")
    .more("The engine's machine must have a driver for them, such as the NVIDIA Container Toolkit.")
    .arguments(&[Argument::new("count", Type::Integer { min: 1, max: 1_024 }, "How many.")
        .optional()
        .words(&[Word::new("all", "all that the machine has")])])
    .properties(&[
        Property::new("driver", Type::Text, "The engine's driver for them.").default("one that fits"),
        Property::new("capabilities", Type::Words, "What the driver must be able to do.").default("gpu"),
    ])
    .children(&[&[&GPU_DEVICE]])
    .rules(&[Rule::ExactlyOne(&[Part::Argument("count"), Part::Child("device")])]);

static GPU_DEVICE: NodeDef = NodeDef::new("device", "Certain GPUs, instead of a number of any.")
    .arguments(&[Argument::new("id", Type::Text, "The number or id that the driver gives it.").many()])
    .repeatable();
