use super::HostCommand;
use super::reader::Reader;
use crate::source::{Span, Spanned};

/// `secret NAME env=VAR file=PATH default=VALUE`.
#[derive(Clone, PartialEq)]
pub struct Secret {
    /// Its name, where it is declared.
    pub name: Spanned<String>,
    /// The variable of pipe's own environment that gives the value.
    pub env: Option<Spanned<String>>,
    /// The file whose content is the value, relative to the pipeline's directory.
    pub file: Option<Spanned<String>>,
    /// The command on the host whose output is the value.
    pub command: Option<HostCommand>,
    /// The value where no other source has one.
    pub default: Option<Spanned<String>>,
    /// The whole node.
    pub span: Span,
}

/// Never shows the value.
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secret")
            .field("name", &self.name)
            .field("env", &self.env)
            .field("file", &self.file)
            .field("command", &self.command)
            .field("default", &self.default.as_ref().map(|_| "…"))
            .field("span", &self.span)
            .finish()
    }
}

impl Secret {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        Some(Secret {
            name: node.argument(0)?,
            env: node.property("env"),
            file: node.property("file"),
            command: HostCommand::decode(node),
            default: node.property("default"),
            span: node.span(),
        })
    }
}
