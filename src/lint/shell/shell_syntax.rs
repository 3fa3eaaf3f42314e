use crate::diagnostic::codes::shell::SHELL_SYNTAX;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::shell::script::FaultKind;
use crate::lint::{Rule, Written};

/// A script that no shell can read: it would end before its first command.
pub(super) const RULE: Rule = Rule::written(SHELL_SYNTAX, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for text in written.scripts() {
        let Some(fault) = &text.script.fault else { continue };
        let place = text.place(written.files, fault.at.clone());
        let told = |message: String, label: &str| Diagnostic::new(SHELL_SYNTAX, message).label(place, label);
        diagnostics.push(match &fault.kind {
            FaultKind::Unclosed(closing) => {
                told(format!("`{}` is not closed in this script", text.slice(fault.at.clone())), "opened here")
                    .help(format!("close it with `{closing}`"))
            }
            FaultKind::Missing(wanted, opener) => {
                let word = text.slice(opener.clone());
                let at_end = *opener == fault.at;
                let label =
                    if at_end { format!("no `{wanted}` follows") } else { format!("`{wanted}` must come first") };
                let told = told(format!("`{word}` has no `{wanted}` in this script"), &label);
                let told =
                    if at_end { told } else { told.label(text.place(written.files, opener.clone()), "begins here") };
                told.help(format!("write `{}`", form(word)))
            }
            FaultKind::Unexpected(found) => {
                told(format!("`{found}` cannot stand here in a script"), "not expected here")
                    .help(format!("take `{found}` away, or write what must come before it"))
            }
            FaultKind::Nothing(operator) => told(format!("nothing follows `{operator}` in this script"), "and then?")
                .help(format!("write a word after `{operator}`, or take it away")),
            FaultKind::Heredoc(end) => told(format!("the here-document does not end with `{end}`"), "begins here")
                .help(format!("put `{end}` on a line of its own, without blanks before it")),
            FaultKind::TooDeep => told("the script is nested too deeply to be read".to_owned(), "too deep from here")
                .help("put the script into a file of its own"),
        });
    }
}

/// How the construct that begins with `word` is written.
fn form(word: &str) -> &'static str {
    match word {
        "if" => "if TEST; then …; fi",
        "case" => "case WORD in PATTERN) … ;; esac",
        "{" => "{ …; }",
        "for" | "select" => "for NAME in WORDS; do …; done",
        _ => "while TEST; do …; done",
    }
}
