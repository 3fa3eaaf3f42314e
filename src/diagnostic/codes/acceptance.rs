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
    /// A text that is to be an XPath and is not.
    BAD_XPATH = "bad-xpath", Error;
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
    /// What every answer keeps.
    ALWAYS_HOLDS = "always-holds", Warning;
    /// A header's value of several lines.
    BAD_HEADER_VALUE = "bad-header-value", Error;
    /// A name that is captured twice.
    CAPTURE_REDEFINED = "capture-redefined", Warning;
    /// A capture that is called as a param is.
    CAPTURE_SHADOWS_PARAM = "capture-shadows-param", Warning;
    /// A capture that nothing uses.
    CAPTURE_UNUSED = "capture-unused", Advice;
    /// Expectations that cannot both hold.
    CONFLICTING_EXPECTS = "conflicting-expects", Warning;
    /// A condition of `skip` that is always the same.
    CONSTANT_SKIP = "constant-skip", Warning;
    /// A header that stands twice and may stand once.
    DUPLICATE_HEADER = "duplicate-header", Warning;
    /// Bounds that stand the wrong way round.
    EMPTY_RANGE = "empty-range", Error;
    /// A test without a name.
    EMPTY_TEST_NAME = "empty-test-name", Error;
    /// A request that reads, with a body.
    GET_WITH_BODY = "get-with-body", Warning;
    /// A redirect that is expected and followed.
    HIDDEN_REDIRECT = "hidden-redirect", Warning;
    /// A list that is compared with one value.
    LIST_NEVER_EQUALS = "list-never-equals", Error;
    /// This machine in the place of a service.
    LOCALHOST_IN_TEST = "localhost-in-test", Warning;
    /// A look into the body of an answer that has none.
    NO_BODY = "no-body", Warning;
    /// A test that leaves all others out.
    ONLY_LEFT_IN = "only-left-in", Warning;
    /// A wait that tries once.
    POLL_TOO_SLOW = "poll-too-slow", Warning;
    /// A regular expression that any text matches.
    REGEX_MATCHES_EVERYTHING = "regex-matches-everything", Warning;
    /// A password or token in a URL.
    SECRET_IN_URL = "secret-in-url", Warning;
    /// A name in one pair of braces.
    SINGLE_BRACE = "single-brace", Warning;
    /// A test that is left out without a reason.
    SKIP_WITHOUT_REASON = "skip-without-reason", Advice;
    /// A host that is a service, or nearly one.
    UNKNOWN_HOST = "unknown-host", Warning;
    /// A column that a test does not use.
    UNUSED_COLUMN = "unused-column", Advice;
    /// A part of a URL that is not sent.
    URL_FRAGMENT = "url-fragment", Warning;
    /// A wait that is longer than the time-out around it.
    WAIT_EXCEEDS_TIMEOUT = "wait-exceeds-timeout", Warning;
}
