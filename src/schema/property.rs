use super::definition::NOW;
use super::{Part, Support, Type};

/// A value that stands on a node with a name: `name=value`.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// As written.
    pub name: &'static str,
    /// What it is.
    pub ty: Type,
    /// What it is for, in one sentence.
    pub doc: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// What holds where it is missing, for the reference; empty where nothing does.
    pub default: &'static str,
    /// Whether `not-name=value` is its negation.
    pub negatable: bool,
    /// The part without which it would have no effect.
    pub requires: Option<Part>,
    /// Whether this version runs it.
    pub support: Support,
}

impl Property {
    /// A property that may be missing.
    pub const fn new(name: &'static str, ty: Type, doc: &'static str) -> Self {
        Property { name, ty, doc, required: false, default: "", negatable: false, requires: None, support: NOW }
    }

    /// Must be there.
    pub const fn required(self) -> Self {
        Property { required: true, ..self }
    }

    /// What holds where it is missing.
    pub const fn default(self, default: &'static str) -> Self {
        Property { default, ..self }
    }

    /// May be negated.
    pub const fn negatable(self) -> Self {
        Property { negatable: true, ..self }
    }

    /// Has no effect without `part`.
    pub const fn requires(self, part: Part) -> Self {
        Property { requires: Some(part), ..self }
    }

    /// Checked as any other; a run that would need it is refused.
    pub const fn not_run(self) -> Self {
        Property { support: Support::Checked, ..self }
    }
}
