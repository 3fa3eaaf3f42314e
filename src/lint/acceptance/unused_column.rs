use super::tour::tests;
use crate::ast::Each;
use crate::diagnostic::codes::acceptance::UNUSED_COLUMN;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// A column of a table that the test does not use.
pub(super) const RULE: Rule = Rule::written(UNUSED_COLUMN, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for test in tests(written) {
        let Some(Each::Rows { rows, .. }) = &test.each else { continue };
        let Some(first) = rows.first() else { continue };
        let text = written.files.slice(test.span);
        for cell in &first.cells {
            let name = format!("row.{}", cell.key.value);
            let is_used = text.match_indices(&name).any(|(at, _)| {
                let after = text[at + name.len()..].chars().next();
                after.is_none_or(|c| !c.is_alphanumeric() && c != '-' && c != '_')
            });
            if !is_used {
                diagnostics.push(
                    Diagnostic::new(UNUSED_COLUMN, format!("the test does not use the column `{}`", cell.key.value))
                        .label(cell.key.span, "never used")
                        .help(format!("write `{{{{{name}}}}}` in the test, or take the cells away")),
                );
            }
        }
    }
}
