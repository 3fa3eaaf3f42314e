//! Rules about what needs what, one file a rule.

mod after_and_needs;
mod duplicate_default;
mod outside_default;
mod redundant_need;
mod unneeded_service;

use super::Rule;

/// The rules of this class.
pub(super) const RULES: &[Rule] = &[
    after_and_needs::RULE,
    duplicate_default::RULE,
    outside_default::RULE,
    redundant_need::RULE,
    unneeded_service::RULE,
];
