//! Rules about what needs what, one file a rule.

mod after_and_needs;
mod dead_condition;
mod duplicate_default;
mod duplicate_need;
mod matrix_artifact;
mod outside_default;
mod race;
mod redundant_need;
mod retry_no_effect;
mod unneeded_service;

use super::Rule;

/// The rules of this class.
pub(super) const RULES: &[Rule] = &[
    after_and_needs::RULE,
    duplicate_default::RULE,
    outside_default::RULE,
    redundant_need::RULE,
    dead_condition::RULE,
    duplicate_need::RULE,
    matrix_artifact::RULE,
    retry_no_effect::RULE,
    race::RULES[0],
    race::RULES[1],
    unneeded_service::RULE,
];
