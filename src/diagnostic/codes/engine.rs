//! Codes about the container engine: not reachable, refused, failed.

codes! {
    /// No engine answers.
    ENGINE_UNREACHABLE = "engine-unreachable", Error;
    /// The engine's socket may not be used by this user.
    ENGINE_FORBIDDEN = "engine-forbidden", Error;
    /// The engine could not do what was asked, for a reason of its own.
    ENGINE_FAILED = "engine-failed", Error;
}
