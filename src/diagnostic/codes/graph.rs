//! Codes about needs and templates.

codes! {
    /// A file that declares nothing.
    EMPTY_PIPELINE = "empty-pipeline", Error;
    /// Needs that lead back to where they began.
    DEPENDENCY_CYCLE = "dependency-cycle", Error;
    /// What waits for itself.
    SELF_DEPENDENCY = "self-dependency", Error;
    /// A gate that what is needed never reaches.
    IMPOSSIBLE_GATE = "impossible-gate", Error;
    /// Templates that extend one another.
    TEMPLATE_CYCLE = "template-cycle", Error;
    /// Templates that add more than a file may grow to.
    TOO_MUCH_EXTENDED = "too-much-extended", Error;
    /// A matrix that makes no instance.
    EMPTY_MATRIX = "empty-matrix", Error;
    /// More instances than a file may make.
    MATRIX_LIMIT = "matrix-limit", Error;
    /// A part of a matrix that changes nothing.
    MATRIX_NO_EFFECT = "matrix-no-effect", Warning;
    /// An axis that a matrix does not have.
    UNKNOWN_AXIS = "unknown-axis", Error;
    /// An axis whose values make no difference.
    UNUSED_AXIS = "unused-axis", Warning;
    /// A failure that a stage cannot be tried again after.
    BAD_RETRY_CONDITION = "bad-retry-condition", Error;
    /// A stage that runs in the end and yet waits for a success.
    ALWAYS_NEEDS_SUCCESS = "always-needs-success", Error;
    /// Something that waits for a stage that runs in the end.
    NEEDS_THE_END = "needs-the-end", Error;
    /// An input that the other stage does not leave.
    ARTIFACT_NOT_PRODUCED = "artifact-not-produced", Error;
    /// An input that several instances could leave.
    AMBIGUOUS_INPUT = "ambiguous-input", Error;
    /// An artifact that would be written outside of the pipeline's directory.
    ARTIFACT_PATH_ESCAPE = "artifact-path-escape", Error;
    /// A service that nothing needs.
    UNNEEDED_SERVICE = "unneeded-service", Advice;
    /// An `after` beside a need of the same name.
    AFTER_AND_NEEDS = "after-and-needs", Warning;
    /// A default target that is named twice.
    DUPLICATE_DEFAULT = "duplicate-default", Warning;
    /// Something that no default target leads to.
    OUTSIDE_DEFAULT = "outside-default", Advice;
    /// A need that another one implies.
    REDUNDANT_NEED = "redundant-need", Advice;
    /// A name that a block needs twice.
    DUPLICATE_NEED = "duplicate-need", Warning;
    /// A `when` that asks for a value which the param cannot have.
    DEAD_CONDITION = "dead-condition", Warning;
    /// A `retry` after failures that there cannot be.
    RETRY_NO_EFFECT = "retry-no-effect", Warning;
    /// An artifact that every instance of a matrix puts in the same place.
    MATRIX_ARTIFACT = "matrix-artifact", Warning;
    /// Two stages that write one file, and none of which waits for the other.
    ARTIFACT_RACE = "artifact-race", Warning;
    /// Two stages that write one volume, and none of which waits for the other.
    VOLUME_RACE = "volume-race", Advice;
}
