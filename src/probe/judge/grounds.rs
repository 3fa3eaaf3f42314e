use std::time::SystemTime;

use super::Files;
use crate::model::Scope;

/// What a value is judged by besides itself.
#[derive(Clone, Copy)]
pub struct Grounds<'a> {
    /// The values of holes.
    pub scope: &'a dyn Scope,
    /// The files that predicates compare with.
    pub files: &'a Files,
    /// What time it is, for filters that count days.
    pub now: SystemTime,
    /// Hides secrets in text that is kept in a snapshot.
    pub mask: &'a dyn Fn(&str) -> String,
}
