use std::collections::HashMap;

use crate::diagnostic::codes::names::SIMILAR_NAMES;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};
use crate::source::Spanned;

/// Names of one kind that people will take for each other: they differ in case alone, or in `-` and `_`.
pub(super) const RULE: Rule = Rule::written(SIMILAR_NAMES, check);

fn check(subject: &Written<'_>, diagnostics: &mut Diagnostics) {
    let spec = subject.spec;
    tell("params", spec.params.iter().map(|it| &it.name), diagnostics);
    tell("secrets", spec.secrets.iter().map(|it| &it.name), diagnostics);
    tell("templates", spec.templates.iter().map(|it| &it.name), diagnostics);
}

fn tell<'a>(kind: &str, names: impl Iterator<Item = &'a Spanned<String>>, diagnostics: &mut Diagnostics) {
    let mut seen: HashMap<String, &Spanned<String>> = HashMap::new();
    for name in names {
        let plain = name.value.to_lowercase().replace('_', "-");
        match seen.get(&plain) {
            Some(first) if first.value != name.value => diagnostics.push(
                Diagnostic::new(SIMILAR_NAMES, format!("two {kind} are called `{}` and `{}`", first.value, name.value))
                    .label(name.span, "easily mistaken")
                    .label(first.span, "for this one")
                    .help("give one of them another name"),
            ),
            Some(_) => {}
            None => drop(seen.insert(plain, name)),
        }
    }
}
