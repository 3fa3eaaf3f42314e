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
    /// A test that any answer passes.
    TEST_EXPECTS_NOTHING = "test-expects-nothing", Warning;
}
