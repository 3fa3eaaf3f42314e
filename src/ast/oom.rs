use super::reader::words;

/// What it means that a process of a stage was killed for want of memory, though its exit code is a success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oom {
    /// The stage has failed.
    Fail,
    /// The run warns of it, and goes on.
    Warn,
}

words!(Oom:
    "fail" => Oom::Fail,
    "warn" => Oom::Warn,
);
