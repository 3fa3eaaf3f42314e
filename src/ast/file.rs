use super::reader::Reader;
use crate::source::{Span, Spanned};

/// `file "/path" "content"`, or `secret NAME at="/path"`: a file that is put into the container.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// Where; `/run/secrets/NAME` where a secret does not say.
    pub path: Option<Spanned<String>>,
    /// What stands in it.
    pub content: FileContent,
    /// Octal digits.
    pub mode: Option<Spanned<String>>,
    /// `user[:group]`.
    pub user: Option<Spanned<String>>,
    /// The node.
    pub span: Span,
}

/// What stands in a file.
#[derive(Debug, Clone, PartialEq)]
pub enum FileContent {
    /// A text.
    Text(Spanned<String>),
    /// The value of the secret of that name.
    Secret(Spanned<String>),
}

impl File {
    /// The files and secrets in `parent`, in order.
    pub(super) fn decode_all(parent: Reader<'_>) -> Vec<Self> {
        let files = parent.all().filter_map(|node| match node.name().value.as_str() {
            "file" => Some(File::new(node, Some(node.argument(0)?), FileContent::Text(node.argument(1)?))),
            "secret" => Some(File::new(node, node.property("at"), FileContent::Secret(node.argument(0)?))),
            _ => None,
        });
        files.collect()
    }

    fn new(node: Reader<'_>, path: Option<Spanned<String>>, content: FileContent) -> Self {
        File { path, content, mode: node.property("mode"), user: node.property("user"), span: node.span() }
    }
}
