//! Rules about values that must never be seen, and what a container is allowed, one file a rule.

mod secret_default;

use super::Rule;

/// The rules of this class.
pub(super) const RULES: &[Rule] = &[secret_default::RULE];
