//! Codes about the container engine: not reachable, refused, failed.

codes! {
    /// No engine answers.
    ENGINE_UNREACHABLE = "engine-unreachable", Error;
    /// The engine's socket may not be used by this user.
    ENGINE_FORBIDDEN = "engine-forbidden", Error;
    /// The engine went away in the middle of a run.
    ENGINE_LOST = "engine-lost", Error;
    /// The engine takes questions and does not answer in time.
    ENGINE_SILENT = "engine-silent", Error;
    /// What answers is no engine, or speaks another language.
    ENGINE_GARBLED = "engine-garbled", Error;
    /// The engine could not do what was asked, for a reason of its own.
    ENGINE_FAILED = "engine-failed", Error;
}
