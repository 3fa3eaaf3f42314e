use rustix::process::Signal;

/// How a run is struck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blow {
    /// Ctrl-C, as `kill -INT` sends it.
    Int,
    /// Twice: the second once the run has said that it stops.
    IntTwice,
    /// What whoever runs pipe sends to end it.
    Term,
    /// Its terminal is closed.
    Hup,
    /// Ctrl-\.
    Quit,
    /// What no process hears.
    Kill,
}

impl Blow {
    /// All of them.
    pub const ALL: [Blow; 6] = [Blow::Int, Blow::IntTwice, Blow::Term, Blow::Hup, Blow::Quit, Blow::Kill];

    /// The head of its column.
    pub fn name(self) -> &'static str {
        match self {
            Blow::Int => "INT",
            Blow::IntTwice => "INT twice",
            Blow::Term => "TERM",
            Blow::Hup => "HUP (terminal closed)",
            Blow::Quit => "QUIT",
            Blow::Kill => "KILL",
        }
    }

    /// The signal that is sent; of a closed terminal it is the kernel that sends it.
    pub fn signal(self) -> Signal {
        match self {
            Blow::Int | Blow::IntTwice => Signal::INT,
            Blow::Term => Signal::TERM,
            Blow::Hup => Signal::HUP,
            Blow::Quit => Signal::QUIT,
            Blow::Kill => Signal::KILL,
        }
    }

    /// The exit code of a run that it ends, as a shell tells it.
    pub fn code(self) -> i32 {
        128 + self.signal().as_raw()
    }
}
