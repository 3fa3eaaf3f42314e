//! Codes about what a run met: stages, builds, readiness, tests.

codes! {
    /// No registry gives the image.
    IMAGE_UNAVAILABLE = "image-unavailable", Error;
    /// A step of a build failed.
    BUILD_FAILED = "build-failed", Error;
    /// The container's process could not be started.
    CANNOT_START = "cannot-start", Error;
    /// A port of the host is in use.
    PORT_TAKEN = "port-taken", Error;
    /// A stage ended with a code that is no success.
    STAGE_FAILED = "stage-failed", Error;
    /// A stage or a test suite took too long.
    TIMED_OUT = "timed-out", Error;
    /// The run's time was up while other runs held what only one may.
    NO_TURN = "no-turn", Error;
    /// A service ended while it was needed.
    SERVICE_EXITED = "service-exited", Error;
    /// A process did not end at its stop signal, and was killed.
    SIGNAL_IGNORED = "signal-ignored", Warning;
    /// A service was not ready in time.
    NOT_READY = "not-ready", Error;
    /// The image lacks the tool that a healthcheck runs.
    PROBE_TOOL_MISSING = "probe-tool-missing", Error;
    /// An image whose own healthcheck was to be used declares none.
    UNCHECKED_IMAGE = "unchecked-image", Error;
    /// An artifact is not there.
    ARTIFACT_MISSING = "artifact-missing", Error;
    /// A report tells of failures, or cannot be believed.
    REPORT_FAILED = "report-failed", Error;
    /// An `expect` did not hold.
    EXPECTATION_FAILED = "expectation-failed", Error;
    /// A test of another tool failed.
    TEST_FAILED = "test-failed", Error;
    /// A suite ended badly as a whole.
    SUITE_FAILED = "suite-failed", Error;
    /// A suite ran no test.
    NO_TESTS_RAN = "no-tests-ran", Error;
    /// An external volume or network is not there.
    MISSING_EXTERNAL = "missing-external", Error;
    /// Somebody else has what a run needs a name for.
    NAME_TAKEN = "name-taken", Error;
    /// A registry did not take an image.
    PUSH_FAILED = "push-failed", Error;
}
