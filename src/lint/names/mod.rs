//! Rules about names, params and interpolation, one file a rule.

mod name_collision;
mod similar_names;
mod unused;

use super::Rule;

/// The rules of this class.
pub(super) const RULES: &[Rule] = &{
    let [image, network, param, secret, template, volume] = unused::RULES;
    [image, network, param, secret, template, volume, name_collision::RULE, similar_names::RULE]
};
