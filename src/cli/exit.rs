use std::process::ExitCode;

use crate::event::Verdict;

/// How a command ended. The numbers are stable since 0.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    /// 0: passed, clean.
    Success,
    /// 1: a stage or test failed; `pipe check` found errors.
    Failed,
    /// 2: the pipeline or the command line is wrong.
    Usage,
    /// 3: the engine failed, something was left behind, or a file could not be read or written.
    Engine,
    /// 4: the pipeline's time-out.
    TimedOut,
    /// 128 + n: ended by signal n.
    Signal(i32),
}

impl ExitStatus {
    /// The exit code of a run.
    pub fn of_run(verdict: Verdict, left_behind: bool) -> Self {
        match verdict {
            Verdict::Passed if left_behind => ExitStatus::Engine,
            Verdict::Passed => ExitStatus::Success,
            Verdict::Failed => ExitStatus::Failed,
            Verdict::EngineFailed => ExitStatus::Engine,
            Verdict::TimedOut => ExitStatus::TimedOut,
            Verdict::Interrupted { signal } => ExitStatus::Signal(signal),
        }
    }

    /// The number that the process ends with.
    pub fn code(self) -> u8 {
        match self {
            ExitStatus::Success => 0,
            ExitStatus::Failed => 1,
            ExitStatus::Usage => 2,
            ExitStatus::Engine => 3,
            ExitStatus::TimedOut => 4,
            ExitStatus::Signal(signal) => u8::try_from(128 + signal).unwrap_or(u8::MAX),
        }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        ExitCode::from(status.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_leaves_something_behind_is_not_green() {
        assert_eq!(ExitStatus::of_run(Verdict::Passed, false).code(), 0);
        assert_eq!(ExitStatus::of_run(Verdict::Passed, true).code(), 3);
        assert_eq!(ExitStatus::of_run(Verdict::Failed, true).code(), 1);
        assert_eq!(ExitStatus::of_run(Verdict::Interrupted { signal: 15 }, false).code(), 143);
    }
}
