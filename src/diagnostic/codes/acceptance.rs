//! Codes about acceptance tests.

codes! {
    /// An acceptance without a test.
    NO_TESTS = "no-tests", Error;
    /// A test that looks at nothing.
    EMPTY_TEST = "empty-test", Error;
    /// Two tests of one name.
    DUPLICATE_TEST = "duplicate-test", Error;
    /// A relative URL in an acceptance without target.
    RELATIVE_URL = "relative-url", Error;
    /// A text that no test can ask for.
    BAD_URL = "bad-url", Error;
    /// A text that is to be JSON and is not.
    BAD_JSON = "bad-json", Error;
    /// A text that is to be a JSONPath and is not.
    BAD_JSON_PATH = "bad-json-path", Error;
    /// A text that is to be a regular expression and is not.
    BAD_REGEX = "bad-regex", Error;
    /// A name that cannot be a header's.
    BAD_HEADER_NAME = "bad-header-name", Error;
    /// A status code that no answer has.
    IMPOSSIBLE_STATUS = "impossible-status", Error;
    /// A `stop-if` outside of a wait.
    STOP_IF_ALONE = "stop-if-alone", Error;
    /// A wait that looks at nothing.
    EMPTY_WAIT = "empty-wait", Error;
    /// A word that cannot be a tag.
    BAD_TAG = "bad-tag", Error;
    /// A table of rows that is none.
    BAD_TABLE = "bad-table", Error;
    /// A capture that is used before it is there.
    CAPTURE_BEFORE_DEFINE = "capture-before-define", Error;
    /// A test that any answer passes.
    TEST_EXPECTS_NOTHING = "test-expects-nothing", Warning;
}
