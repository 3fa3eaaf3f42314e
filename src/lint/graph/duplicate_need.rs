use std::collections::HashMap;

use crate::ast::{Gate, name_removal};
use crate::diagnostic::codes::graph::DUPLICATE_NEED;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};
use crate::source::Span;

/// One name that a block needs twice. What a template needs as well is no duplicate.
pub(super) const RULE: Rule = Rule::written(DUPLICATE_NEED, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for settings in written.settings() {
        let mut firsts: HashMap<(&str, Option<Gate>), Span> = HashMap::new();
        for need in &settings.needs {
            let key = (need.on.value.as_str(), need.gate.map(|gate| gate.value));
            let Some(first) = firsts.get(&key) else {
                firsts.insert(key, need.on.span);
                continue;
            };
            let name = &need.on.value;
            let diagnostic = Diagnostic::new(DUPLICATE_NEED, format!("`{name}` is needed twice"))
                .label(need.on.span, "again")
                .label(*first, "first")
                .help("take the second one away");
            diagnostics.push(match name_removal(written.files, need.on.span) {
                Some(span) => diagnostic.fix("take the second one away", span, ""),
                None => diagnostic,
            });
        }
    }
}
