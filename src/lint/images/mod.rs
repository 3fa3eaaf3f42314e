//! Rules about images and the Dockerfiles that they are built from, one file a rule.

use super::Rule;

/// The rules of this class.
pub(super) const RULES: &[Rule] = &[];
