//! Codes about what only an engine and its registries can tell of a pipeline: `pipe check --online`.

codes! {
    /// An engine that does not know what the file asks for.
    ENGINE_TOO_OLD = "engine-too-old", Error;
    /// More processors than the engine's machine has.
    NOT_ENOUGH_CPUS = "not-enough-cpus", Error;
    /// An image that there is not for the platform.
    PLATFORM_UNAVAILABLE = "platform-unavailable", Error;
    /// An image for another platform than that of the engine.
    PLATFORM_MISMATCH = "platform-mismatch", Warning;
    /// An image whose tag may mean another one tomorrow.
    UNPINNED_IMAGE = "unpinned-image", Advice;
}
