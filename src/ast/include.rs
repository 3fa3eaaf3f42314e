use super::reader::Reader;
use crate::source::{Files, Span, Spanned};
use crate::syntax::Document;

/// `include "FILE"…`.
#[derive(Debug, Clone, PartialEq)]
pub struct Include {
    /// The files, relative to the directory of the file that this stands in.
    pub files: Vec<Spanned<String>>,
    /// The whole node.
    pub span: Span,
}

impl Include {
    pub(super) fn decode(node: Reader<'_>) -> Self {
        Include { files: node.arguments(0), span: node.span() }
    }

    /// The includes of a document, in its order. Whoever gathers the files of a pipeline asks for them before the rest is decoded.
    pub fn all(document: &Document, files: &Files) -> Vec<Include> {
        let nodes = document.nodes.iter().filter(|node| node.name.value == "include");
        nodes.map(|node| Include::decode(Reader::new(node, files))).collect()
    }
}
