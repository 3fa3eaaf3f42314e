use crate::ast::{Command, EnvValue};
use crate::diagnostic::codes::secrets::PASSWORD_IN_URL;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// `https://user:password@host`: a URL is shown, logged and sent on.
pub(super) const RULE: Rule = Rule::written(PASSWORD_IN_URL, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    let environment = written.settings().flat_map(|settings| &settings.env).filter_map(|entry| match &entry.value {
        EnvValue::Text(text) => Some(text),
        _ => None,
    });
    let words = written.settings().filter_map(|settings| settings.command.as_ref()).flat_map(|command| match command {
        Command::Exec(words) => words.words.iter().collect(),
        Command::Shell { script, .. } => vec![script],
    });
    for text in environment.chain(words) {
        let Some((place, user)) = credentials(&text.value) else { continue };
        let span = crate::ast::inside(written.files, text.span, &text.value, place);
        diagnostics.push(
            Diagnostic::new(PASSWORD_IN_URL, format!("the password of `{user}` stands in a URL of the network"))
                .label(span, "shown wherever the URL is")
                .help("take it out of the URL, and hand it over as a `secret`"),
        );
    }
}

/// The place of the password in the first URL of a web server that has one, and its user.
fn credentials(text: &str) -> Option<(std::ops::Range<usize>, &str)> {
    let start = ["https://", "http://", "ftp://"].iter().find_map(|scheme| Some(text.find(scheme)? + scheme.len()))?;
    let authority = text[start..].split(['/', '?', '#', ' ', '"', '\'', '\n']).next()?;
    let (user_info, _) = authority.rsplit_once('@')?;
    let (user, password) = user_info.split_once(':')?;
    let is_open = !password.is_empty() && !password.contains(['$', '{']);
    let at = start + user.len() + 1;
    is_open.then(|| (at..at + password.len(), user))
}
