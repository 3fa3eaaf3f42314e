use std::collections::HashSet;

use crate::diagnostic::codes::shell::HOLE_IN_SCRIPT;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::shell::script::Part;
use crate::lint::{Rule, Written};

/// `{{param}}` in a script, without quotes: the value becomes a part of the program.
pub(super) const RULE: Rule = Rule::written(HOLE_IN_SCRIPT, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    let params: HashSet<&str> = written.spec.params.iter().map(|param| param.name.value.as_str()).collect();
    for text in written.scripts() {
        let words = text.commands().iter().flat_map(|command| command.words.iter().chain(&command.assignments));
        for part in words.flat_map(|word| &word.parts) {
            let Part::Hole { quoted: false, span } = part else { continue };
            let hole = text.slice(span.clone());
            let name = hole.trim_matches(['{', '}']).trim();
            if !params.contains(name) {
                continue;
            }
            let variable = name.to_uppercase().replace('-', "_");
            diagnostics.push(
                Diagnostic::new(HOLE_IN_SCRIPT, format!("the value of `{name}` becomes a part of this script"))
                    .label(text.place(written.files, span.clone()), "read as program text")
                    .help(format!(
                        "hand it over as a variable: `env {variable} \"{hole}\"`, and in the script `\"${variable}\"`"
                    )),
            );
        }
    }
}
