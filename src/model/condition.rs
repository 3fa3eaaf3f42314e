use std::fmt;

use super::{Name, Values};
use crate::source::Span;

/// The condition under which a stage is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// What decides.
    pub test: ConditionTest,
    /// The node.
    pub span: Span,
}

/// What decides whether a stage is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConditionTest {
    /// The value of a param.
    Param {
        /// Which.
        param: Name,
        /// Its value must be the one below, rather than another one.
        is: bool,
        /// The value.
        value: String,
        /// The param's value where it is known without running its command.
        known: Option<String>,
    },
    /// A path that fits this pattern must have changed.
    Changed(String),
}

impl Condition {
    /// Why the stage is not wanted; `None` where it is, or where that cannot be said before `values` hold the param.
    pub fn refusal(&self, values: &Values) -> Option<String> {
        match &self.test {
            ConditionTest::Param { param, is, value, known } => {
                let actual = known.as_deref().or_else(|| values.get(param.as_str()))?;
                ((actual == value) != *is).then(|| {
                    if *is {
                        format!("param `{param}` is `{actual}`, not `{value}`")
                    } else {
                        format!("param `{param}` is `{actual}`")
                    }
                })
            }
            ConditionTest::Changed(_) => None,
        }
    }

    /// The param whose value must be looked up to decide.
    pub fn undecided(&self, values: &Values) -> Option<&Name> {
        match &self.test {
            ConditionTest::Param { param, known: None, .. } if values.get(param.as_str()).is_none() => Some(param),
            _ => None,
        }
    }
}

/// As the author would write it.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.test {
            ConditionTest::Param { param, is, value, .. } => {
                write!(f, "param={param} {}={value}", if *is { "is" } else { "is-not" })
            }
            ConditionTest::Changed(pattern) => write!(f, "changed={pattern}"),
        }
    }
}
