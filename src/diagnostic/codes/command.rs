//! Codes about the command line and what it reads.

codes! {
    /// There is no pipeline file.
    NO_PIPELINE_FILE = "no-pipeline-file", Error;
    /// The pipeline file cannot be read.
    UNREADABLE_FILE = "unreadable-file", Error;
    /// A target on the command line is not declared.
    UNKNOWN_TARGET = "unknown-target", Error;
    /// `--set` is not of the form `NAME=VALUE`.
    MALFORMED_SET = "malformed-set", Error;
    /// The command that gives a param its value failed.
    PARAM_COMMAND_FAILED = "param-command-failed", Error;
    /// A secret's file cannot be read.
    SECRET_UNAVAILABLE = "secret-unavailable", Error;
    /// `pipe explain` was asked for something that there is not.
    UNKNOWN_TOPIC = "unknown-topic", Error;
    /// What the command line says of tags is no filter.
    BAD_TAG_FILTER = "bad-tag-filter", Error;
    /// The command line chooses among the tests, and chose none.
    NO_TEST_SELECTED = "no-test-selected", Error;
    /// The pipeline has nothing that could be run.
    NOTHING_TO_RUN = "nothing-to-run", Error;
    /// A command wants an environment that is not up.
    NOT_UP = "not-up", Error;
    /// An environment of this pipeline is coming up already.
    ALREADY_COMING_UP = "already-coming-up", Error;
    /// shellcheck was asked for and cannot be run.
    SHELLCHECK_UNAVAILABLE = "shellcheck-unavailable", Error;
    /// A report could not be written.
    REPORT_UNWRITABLE = "report-unwritable", Error;
    /// A file that is to be mended cannot be written.
    UNWRITABLE_FILE = "unwritable-file", Error;
    /// A file has changed while it was mended or formatted.
    CHANGED_FILE = "changed-file", Error;
    /// `pipe push` has nothing to publish.
    NOTHING_TO_PUSH = "nothing-to-push", Error;
    /// `pipe push` would publish what its run does not put to the test.
    NOT_ACCEPTED = "not-accepted", Error;
}
