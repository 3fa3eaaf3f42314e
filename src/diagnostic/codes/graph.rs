//! Codes about needs and templates.

codes! {
    /// A file that declares nothing.
    EMPTY_PIPELINE = "empty-pipeline", Error;
    /// Needs that lead back to where they began.
    DEPENDENCY_CYCLE = "dependency-cycle", Error;
    /// A gate that what is needed never reaches.
    IMPOSSIBLE_GATE = "impossible-gate", Error;
    /// Templates that extend one another.
    TEMPLATE_CYCLE = "template-cycle", Error;
    /// Templates that add more than a file may grow to.
    TOO_MUCH_EXTENDED = "too-much-extended", Error;
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
}
