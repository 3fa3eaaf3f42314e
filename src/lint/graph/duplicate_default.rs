use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::diagnostic::codes::graph::DUPLICATE_DEFAULT;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};
use crate::source::Span;

/// `default unit unit`
pub(super) const RULE: Rule = Rule::written(DUPLICATE_DEFAULT, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    let Some(header) = &written.spec.header else { return };
    let mut firsts: HashMap<&str, Span> = HashMap::new();
    let mut before: Option<Span> = None;
    for target in &header.default {
        match firsts.entry(&target.value) {
            Entry::Vacant(first) => drop(first.insert(target.span)),
            Entry::Occupied(first) => {
                let told =
                    Diagnostic::new(DUPLICATE_DEFAULT, format!("`{}` is a default target already", target.value))
                        .label(target.span, "again here")
                        .label(*first.get(), "first here")
                        .help("take the second one away");
                let gap = before.filter(|before| before.file == target.span.file && before.end <= target.span.start);
                diagnostics.push(match gap {
                    Some(before) => told.fix("take it away", Span { start: before.end, ..target.span }, ""),
                    None => told,
                });
            }
        }
        before = Some(target.span);
    }
}
