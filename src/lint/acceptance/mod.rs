//! Rules about tests and what they expect, one file a rule.

mod test_expects_nothing;

use super::Rule;

/// The rules of this class.
pub(super) const RULES: &[Rule] = &[test_expects_nothing::RULE];
