use std::collections::HashMap;

use crate::ast::{ConditionTest, Param, Runnable};
use crate::diagnostic::codes::graph::DEAD_CONDITION;
use crate::diagnostic::{Diagnostic, Diagnostics, listed, near};
use crate::lint::{Rule, Written};

/// A `when` that asks for a value which the param cannot have.
pub(super) const RULE: Rule = Rule::written(DEAD_CONDITION, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    let params: HashMap<&str, &Param> =
        written.spec.params.iter().map(|param| (param.name.value.as_str(), param)).collect();
    for runnable in &written.spec.runnables {
        let Runnable::Stage(stage) = runnable else { continue };
        for condition in &stage.conditions {
            let ConditionTest::Param { param, is, value } = &condition.test else { continue };
            let Some(declared) = params.get(param.value.as_str()) else { continue };
            let choices: Vec<&str> = declared.choices.iter().map(|choice| choice.value.as_str()).collect();
            if choices.is_empty() || choices.contains(&value.value.as_str()) {
                continue;
            }
            let outcome = if *is { "never wanted" } else { "always wanted" };
            let diagnostic =
                Diagnostic::new(DEAD_CONDITION, format!("param `{}` is never `{}`", param.value, value.value))
                    .label(value.span, outcome)
                    .label(declared.choices[0].span, "one of these")
                    .note(format!("its choices: {}", listed(&choices, "and")));
            diagnostics.push(match near(&value.value, choices.iter().copied()).as_slice() {
                [only] => diagnostic.help(format!("did you mean `{only}`?")).suggestion(
                    format!("write `{only}`"),
                    value.span,
                    format!("\"{only}\""),
                ),
                _ => diagnostic.help("name one of its choices, or add this one to them"),
            });
        }
    }
}
