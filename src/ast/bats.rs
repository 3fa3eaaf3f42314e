use super::ContainerSettings;
use super::reader::Reader;
use crate::source::{Span, Spanned};

/// `bats "FILE" image=NAME { env … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Bats {
    /// The file, relative to the pipeline's directory.
    pub file: Spanned<String>,
    /// Its container; the image stands there, and neither `command` nor `needs` does.
    pub settings: ContainerSettings,
    /// The whole node.
    pub span: Span,
}

impl Bats {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        let mut settings = ContainerSettings::decode(node);
        settings.image = node.property("image");
        Some(Bats { file: node.argument(0)?, settings, span: node.span() })
    }
}
