/// What a text of a probe is held to, besides the names in its holes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grammar {
    /// Nothing.
    Free,
    /// A regular expression.
    Regex,
    /// JSON.
    Json,
    /// A JSONPath of RFC 9535.
    JsonPath,
    /// An XPath 1.0.
    XPath,
    /// The name of a header.
    HeaderName,
    /// The path of a file that is there, relative to the pipeline's directory.
    File,
    /// The path of a file that may be there.
    Snapshot,
}
