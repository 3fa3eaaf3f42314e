use super::Language;
use super::reader::Reader;
use crate::source::{Span, Spanned};

/// What a container runs: `command` or `sh`, of which a container has one at most.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// `command A B C`: no shell.
    Exec(Words),
    /// `sh "script"`.
    Shell {
        /// The script.
        script: Spanned<String>,
        /// What its annotation says of it; without one it is for `/bin/sh`.
        language: Option<Spanned<Language>>,
        /// The node.
        span: Span,
    },
}

/// The words of `command A B C` or `entrypoint A B C`; never empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Words {
    /// In order.
    pub words: Vec<Spanned<String>>,
    /// The node.
    pub span: Span,
}

impl Command {
    /// The first `command` or `sh` in `parent`.
    pub(super) fn decode(parent: Reader<'_>) -> Option<Self> {
        let shell = |node: Reader<'_>| {
            Some(Command::Shell {
                script: node.argument(0)?,
                language: Language::of_argument(node, 0),
                span: node.span(),
            })
        };
        parent.words("command").map(Command::Exec).or_else(|| parent.child("sh").and_then(shell))
    }
}
