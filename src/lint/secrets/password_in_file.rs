use std::collections::HashSet;

use super::telling_name::{is_secret_by_name, secret_name};
use crate::ast::EnvValue;
use crate::diagnostic::codes::secrets::PASSWORD_IN_FILE;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::diagnostic::{Edit, Fix};
use crate::lint::{Rule, Written};
use crate::source::Span;

/// A variable that is called a password, a token or a key, with its value in the open.
pub(super) const RULE: Rule = Rule::written(PASSWORD_IN_FILE, check);

/// What such a variable is set to where it only says whether there is a password: `MARIADB_RANDOM_ROOT_PASSWORD yes`.
const SWITCHES: [&str; 8] = ["yes", "no", "true", "false", "on", "off", "1", "0"];

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    let declared: HashSet<&str> = written.spec.secrets.iter().map(|secret| secret.name.value.as_str()).collect();
    for settings in written.settings() {
        for entry in &settings.env {
            let EnvValue::Text(value) = &entry.value else { continue };
            let key = &entry.key.value;
            let is_open = !value.value.is_empty() && !value.value.contains("{{") && !value.value.starts_with('/');
            let is_switch =
                SWITCHES.contains(&value.value.to_lowercase().as_str()) || key.to_uppercase().contains("ALLOW_EMPTY_");
            if !is_open || is_switch || !is_secret_by_name(key) {
                continue;
            }
            let name = secret_name(key);
            let told = Diagnostic::new(
                PASSWORD_IN_FILE,
                format!("the value of `{key}` stands in the file, and is shown in logs"),
            )
            .label(value.span, "not masked")
            .help(format!("declare `secret {name} env={key}` and write `{key} (secret){name}`"));
            let first = written.spec.secrets.first().map(|secret| secret.span);
            diagnostics.push(if declared.contains(name.as_str()) {
                told.suggestion(format!("use the secret `{name}`"), value.span, format!("(secret){name}"))
            } else if let Some(before) = first {
                let at = Span { end: before.start, ..before };
                told.fix_of(Fix {
                    title: format!("make it a secret `{name}`"),
                    safe: false,
                    edits: vec![
                        Edit {
                            span: at,
                            text: format!("secret {name} env={key} default={}\n", written.files.slice(value.span)),
                        },
                        Edit { span: value.span, text: format!("(secret){name}") },
                    ],
                })
            } else {
                told
            });
        }
    }
}
