//! Codes about nodes, arguments, properties and types.

codes! {
    /// A node that does not exist here or anywhere.
    UNKNOWN_NODE = "unknown-node", Error;
    /// A node that belongs into another one.
    MISPLACED_NODE = "misplaced-node", Error;
    /// A node that may stand once stands twice.
    DUPLICATE_NODE = "duplicate-node", Error;
    /// A property that the node does not have.
    UNKNOWN_PROPERTY = "unknown-property", Error;
    /// A property that is written twice.
    DUPLICATE_PROPERTY = "duplicate-property", Error;
    /// A property that must be there.
    MISSING_PROPERTY = "missing-property", Error;
    /// An argument that must be there.
    MISSING_ARGUMENT = "missing-argument", Error;
    /// More arguments than the node takes.
    TOO_MANY_ARGUMENTS = "too-many-arguments", Error;
    /// One of several parts must be there.
    MISSING_ONE_OF = "missing-one-of", Error;
    /// Parts that exclude each other.
    MUTUALLY_EXCLUSIVE = "mutually-exclusive", Error;
    /// A value of another type.
    WRONG_TYPE = "wrong-type", Error;
    /// A number that is too small or too large.
    OUT_OF_RANGE = "out-of-range", Error;
    /// A word that is not of the set.
    UNKNOWN_VALUE = "unknown-value", Error;
    /// A text that is no duration.
    BAD_DURATION = "bad-duration", Error;
    /// A text that is no size.
    BAD_SIZE = "bad-size", Error;
    /// A text that is no port.
    BAD_PORT = "bad-port", Error;
    /// A text that is no IP address.
    BAD_ADDRESS = "bad-address", Error;
    /// A property that has no effect here.
    NO_EFFECT = "no-effect", Error;
    /// Braces with nothing between them.
    EMPTY_BLOCK = "empty-block", Warning;
    /// Braces on a node that takes none.
    UNEXPECTED_BLOCK = "unexpected-block", Error;
    /// An annotation that means nothing here.
    UNKNOWN_ANNOTATION = "unknown-annotation", Error;
    /// An expectation that asserts nothing.
    ASSERTS_NOTHING = "asserts-nothing", Error;
    /// A part of the language that this version does not run.
    NOT_YET_SUPPORTED = "not-yet-supported", Error;
    /// A query that the probe does not answer.
    UNANSWERABLE_QUERY = "unanswerable-query", Error;
}
