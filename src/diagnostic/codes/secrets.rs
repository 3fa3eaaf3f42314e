//! Codes about secrets and what containers are allowed.

codes! {
    /// A secret whose default stands in the file.
    SECRET_DEFAULT = "secret-default", Advice;
}
