use crate::diagnostic::codes::shell::BASHISM;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::shell::text::Shell;
use crate::lint::{Rule, Written};
use crate::source::Span;

/// A script that `/bin/sh` reads, with something that only bash has: on Debian and Alpine `sh` is no bash.
pub(super) const RULE: Rule = Rule::written(BASHISM, check);

/// Commands that a POSIX shell does not have, and what to write instead.
const COMMANDS: [(&str, Option<&str>); 8] = [
    ("source", Some(".")),
    ("declare", None),
    ("typeset", None),
    ("let", None),
    ("pushd", None),
    ("popd", None),
    ("shopt", None),
    ("mapfile", None),
];

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for text in written.scripts().iter().filter(|text| text.shell == Shell::Posix && text.script.fault.is_none()) {
        for it in &text.script.bashisms {
            let place = text.place(written.files, it.at.clone());
            diagnostics.push(told(it.what.to_owned(), place));
        }
        for command in text.commands() {
            let Some(word) = command.words.first() else { continue };
            let place = text.place(written.files, word.span.clone());
            let name = word.literal().unwrap_or_default();
            if let Some((name, instead)) = COMMANDS.iter().find(|(known, _)| *known == name) {
                let told = told(format!("`{name}`"), place);
                diagnostics.push(match instead {
                    Some(instead) => told.fix(format!("write `{instead}`"), place, *instead),
                    None => told,
                });
            }
            if name == "[" || name == "test" {
                for word in command.arguments().iter().filter(|word| word.literal() == Some("==")) {
                    let place = text.place(written.files, word.span.clone());
                    diagnostics.push(told(format!("`==` in `{name}`"), place).fix("write `=`", place, "="));
                }
            }
        }
    }
}

fn told(what: String, place: Span) -> Diagnostic {
    Diagnostic::new(BASHISM, format!("{what} is of bash, and `sh` need not know it"))
        .label(place, "not in POSIX")
        .help("write it as POSIX has it, or run bash: `command bash -ec \"…\"`")
}
