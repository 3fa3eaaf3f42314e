//! Codes about the file itself: what is written and does not matter.

codes! {
    /// A code that is not known.
    UNKNOWN_CODE = "unknown-code", Warning;
    /// An error that somebody wants left out.
    SUPPRESSED_ERROR = "suppressed-error", Warning;
    /// A comment that nearly is a suppression.
    MALFORMED_SUPPRESSION = "malformed-suppression", Warning;
    /// A suppression of what is not found.
    UNUSED_SUPPRESSION = "unused-suppression", Warning;
    /// A suppression that does not say why.
    SUPPRESSION_WITHOUT_REASON = "suppression-without-reason", Advice;
}
