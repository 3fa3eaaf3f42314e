//! Rules about what needs what, one file a rule.

mod unneeded_service;

use super::Rule;

/// The rules of this class.
pub(super) const RULES: &[Rule] = &[unneeded_service::RULE];
