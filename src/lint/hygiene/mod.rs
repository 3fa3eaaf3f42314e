//! Rules about the file itself, one file a rule.

use super::Rule;

/// The rules of this class.
pub(super) const RULES: &[Rule] = &[];
