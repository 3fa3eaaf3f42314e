use crate::diagnostic::codes::shell::UNQUOTED_REMOVAL;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::shell::script::{Part, Simple};
use crate::lint::{Rule, Written};

/// `rm -r $DIR/…`: with blanks in the value it removes something else, and without a value everything.
pub(super) const RULE: Rule = Rule::written(UNQUOTED_REMOVAL, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for text in written.scripts() {
        let removals = text.commands().iter().filter(|command| {
            command.name() == Some("rm")
                && (command.has_letter('r') || command.has_letter('R') || command.has("--recursive"))
        });
        for part in removals.flat_map(Simple::arguments).flat_map(|word| &word.parts) {
            let (Part::Variable { quoted: false, span, .. } | Part::Hole { quoted: false, span }) = part else {
                continue;
            };
            let place = text.place(written.files, span.clone());
            let variable = text.slice(span.clone());
            let told =
                Diagnostic::new(UNQUOTED_REMOVAL, format!("`{variable}` is not quoted in a removal of directories"))
                    .label(place, "split at its blanks");
            let is_bare = !written.files.slice(text.text.span).starts_with('"');
            diagnostics.push(if is_bare || matches!(part, Part::Hole { .. }) {
                told.help(format!("quote it: `\"{variable}\"`"))
            } else {
                told.help(format!("quote it, with the quotes escaped in this string: `\\\"{variable}\\\"`")).fix(
                    "quote the variable",
                    place,
                    format!("\\\"{variable}\\\""),
                )
            });
        }
    }
}
