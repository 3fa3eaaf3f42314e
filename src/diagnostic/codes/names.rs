//! Codes about names, references and values from outside.

codes! {
    /// A name that what it names cannot carry.
    BAD_NAME = "bad-name", Error;
    /// A name that has a meaning of its own.
    RESERVED_NAME = "reserved-name", Error;
    /// Two declarations of one name.
    DUPLICATE_NAME = "duplicate-name", Error;
    /// A name that is used and not declared.
    UNKNOWN_REFERENCE = "unknown-reference", Error;
    /// A `{{name}}` that names nothing.
    UNKNOWN_VARIABLE = "unknown-variable", Error;
    /// A `{{name}}` whose value is not known where it stands.
    UNAVAILABLE_VARIABLE = "unavailable-variable", Error;
    /// A `{{` that begins no `{{name}}`.
    BAD_INTERPOLATION = "bad-interpolation", Error;
    /// A `$` before a `{{name}}`.
    DOLLAR_BEFORE_HOLE = "dollar-before-hole", Warning;
    /// Two names that differ in case alone, or in `-` and `_`.
    SIMILAR_NAMES = "similar-names", Warning;
    /// A param and a secret of one name.
    NAME_COLLISION = "name-collision", Warning;
    /// A param that is used and has no value.
    UNSET_PARAM = "unset-param", Error;
    /// A value of a param that is none of its choices.
    PARAM_CHOICE = "param-choice", Error;
    /// A value of a param that its pattern does not match.
    PARAM_PATTERN = "param-pattern", Error;
    /// A pipeline that is for a newer version of pipe.
    NEWER_VERSION = "newer-version", Error;
    /// A `min-version` that is no version.
    BAD_VERSION = "bad-version", Error;
    /// A string with more in its holes than any program takes.
    INTERPOLATION_LIMIT = "interpolation-limit", Error;
    /// A secret that is used and has no value.
    UNSET_SECRET = "unset-secret", Error;
    /// A `--set` that names no param.
    UNKNOWN_PARAM = "unknown-param", Error;
    /// An included file that is not there.
    MISSING_INCLUDE = "missing-include", Error;
    /// An included file that cannot be read.
    UNREADABLE_INCLUDE = "unreadable-include", Error;
    /// Files that include one another.
    INCLUDE_CYCLE = "include-cycle", Error;
    /// A file that is included twice.
    DUPLICATE_INCLUDE = "duplicate-include", Error;
    /// An included file that lies outside of the pipeline's directory.
    INCLUDE_OUTSIDE = "include-outside", Error;
    /// More included files, or longer chains of them, than any pipeline has.
    INCLUDE_LIMIT = "include-limit", Error;
    /// A `pipeline` node in an included file.
    MISPLACED_HEADER = "misplaced-header", Error;
    /// A file that the pipeline names and that is not there.
    MISSING_FILE = "missing-file", Error;
    /// A line of an env file that sets no variable.
    BAD_ENV_FILE = "bad-env-file", Error;
    /// A name that no environment variable can have.
    BAD_VARIABLE_NAME = "bad-variable-name", Error;
    /// An image that nothing uses.
    UNUSED_IMAGE = "unused-image", Warning;
    /// A network that nothing uses.
    UNUSED_NETWORK = "unused-network", Warning;
    /// A param that nothing uses.
    UNUSED_PARAM = "unused-param", Warning;
    /// A secret that nothing uses.
    UNUSED_SECRET = "unused-secret", Warning;
    /// A template that nothing extends.
    UNUSED_TEMPLATE = "unused-template", Warning;
    /// A volume that nothing mounts.
    UNUSED_VOLUME = "unused-volume", Warning;
}
