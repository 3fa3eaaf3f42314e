//! Rules about names, params and interpolation, one file a rule.

mod unused;

use super::Rule;

/// The rules of this class.
pub(super) const RULES: &[Rule] = &unused::RULES;
