use super::super::{Argument, NodeDef, Property, Type};
use super::check;

/// What is done to a service in the middle of a test.
pub static ACTIONS: &[&NodeDef] = &[&STOP, &START, &KILL, &PAUSE, &UNPAUSE, &RESTART, &DISCONNECT, &CONNECT];

const SERVICE: &[Argument] = &[Argument::new("service", Type::Name, "A service; it is needed, and healthy.")];
const GRACE: Property =
    Property::new("grace", Type::Duration { zero: true }, "How long it may take before it is killed.")
        .default("what the service says");
const NETWORK: &[Property] = &[Property::new("network", Type::Name, "A declared network.").default("the run's own")];

static STOP: NodeDef = action("stop", "Stops a service, as a run would at its end, and waits for that.")
    .properties(&[GRACE])
    .children(&[check::STOP]);

static START: NodeDef = action("start", "Starts a service that was stopped or killed, and waits until it is ready.");

static KILL: NodeDef = action("kill", "Sends a signal to a service, and does not wait.").properties(&[Property::new(
    "signal",
    Type::Signal,
    "The signal.",
)
.default("SIGKILL")]);

static PAUSE: NodeDef = action("pause", "Freezes all processes of a service.");
static UNPAUSE: NodeDef = action("unpause", "Lets the processes of a frozen service go on.");
static RESTART: NodeDef =
    action("restart", "Stops a service, starts it again, and waits until it is ready.").properties(&[GRACE]);
static DISCONNECT: NodeDef = action("disconnect", "Takes a service off a network.").properties(NETWORK);
static CONNECT: NodeDef = action("connect", "Puts a service back on a network.").properties(NETWORK);

const fn action(name: &'static str, doc: &'static str) -> NodeDef {
    NodeDef::new(name, doc).arguments(SERVICE).repeatable()
}
