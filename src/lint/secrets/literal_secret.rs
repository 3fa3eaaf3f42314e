use crate::ast::{Command, EnvValue};
use crate::diagnostic::codes::secrets::LITERAL_SECRET;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// A value that looks like a key or a token of some service, in the open.
pub(super) const RULE: Rule = Rule::written(LITERAL_SECRET, check);

/// How the tokens of well-known services begin, how long they are at least, and what they are called.
const TOKENS: [(&str, usize, &str); 14] = [
    ("AKIA", 20, "an access key of AWS"),
    ("ghp_", 36, "a token of GitHub"),
    ("gho_", 36, "a token of GitHub"),
    ("ghs_", 36, "a token of GitHub"),
    ("github_pat_", 40, "a token of GitHub"),
    ("glpat-", 20, "a token of GitLab"),
    ("xoxb-", 24, "a token of Slack"),
    ("xoxp-", 24, "a token of Slack"),
    ("sk_live_", 24, "a key of Stripe"),
    ("rk_live_", 24, "a key of Stripe"),
    ("npm_", 36, "a token of npm"),
    ("pypi-", 40, "a token of PyPI"),
    ("dckr_pat_", 20, "a token of Docker Hub"),
    ("AIza", 39, "a key of Google"),
];

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for settings in written.settings() {
        for entry in &settings.env {
            let EnvValue::Text(value) = &entry.value else { continue };
            let Some(what) = kind(&value.value) else { continue };
            let name = entry.key.value.to_lowercase().replace('_', "-");
            diagnostics.push(
                Diagnostic::new(LITERAL_SECRET, format!("the value of `{}` looks like {what}", entry.key.value))
                    .label(value.span, "anyone can read it")
                    .help(format!(
                        "declare `secret {name} env={}` and write `{} (secret){name}`; then revoke this one",
                        entry.key.value, entry.key.value
                    ))
                    .note(format!("it begins with `{}…`", value.value.chars().take(4).collect::<String>())),
            );
        }
        let words = match &settings.command {
            Some(Command::Exec(words)) => words.words.iter().collect(),
            Some(Command::Shell { script, .. }) => vec![script],
            None => Vec::new(),
        };
        for word in words {
            let found = word
                .value
                .split(|c: char| c.is_whitespace() || "\"'=".contains(c))
                .find_map(|part| Some((part, kind(part)?)));
            let Some((part, what)) = found else { continue };
            let start = part.as_ptr() as usize - word.value.as_ptr() as usize;
            let place = crate::ast::inside(written.files, word.span, &word.value, start..start + part.len());
            diagnostics.push(
                Diagnostic::new(LITERAL_SECRET, format!("a word of this command looks like {what}"))
                    .label(place, "anyone can read it")
                    .help("declare a `secret`, hand it over with `env KEY (secret)NAME`, then revoke this one"),
            );
        }
    }
}

/// What the value looks like.
fn kind(value: &str) -> Option<&'static str> {
    if value.contains("-----BEGIN ") && value.contains("PRIVATE KEY-----") {
        return Some("a private key");
    }
    let is_plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let token = TOKENS.iter().find(|(prefix, length, _)| value.starts_with(prefix) && value.len() >= *length);
    token.filter(|_| is_plain).map(|(.., what)| *what)
}
