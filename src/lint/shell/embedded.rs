use super::text::{Shell, ShellText};
use crate::ast::Spec;
use crate::source::Spanned;

/// A script that stands in a pipeline, for tools that look at scripts.
#[derive(Debug, Clone)]
pub struct EmbeddedScript<'a> {
    /// Its text and its place.
    pub text: &'a Spanned<String>,
    /// Whether bash reads it; else it is `/bin/sh`.
    pub is_bash: bool,
}

/// Every script of `spec` that a shell can read, in its order.
pub fn scripts(spec: &Spec) -> Vec<EmbeddedScript<'_>> {
    let all = ShellText::all(spec).into_iter().filter(|text| text.script.fault.is_none());
    all.map(|text| EmbeddedScript { text: text.text, is_bash: text.shell == Shell::Bash }).collect()
}
