use super::tour::requests;
use crate::ast::inside;
use crate::diagnostic::codes::acceptance::SECRET_IN_URL;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// Parameters whose values are nobody's business.
const SECRET: [&str; 9] =
    ["access_token", "api_key", "api-key", "apikey", "auth_token", "password", "passwd", "secret", "token"];

/// A password or token in a URL: a URL is shown in failures, in curl lines and in the logs of servers.
pub(super) const RULE: Rule = Rule::written(SECRET_IN_URL, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for (_, request) in requests(written) {
        let url = &request.url;
        let place = |at| inside(written.files, url.span, &url.value, at);
        if let Some(at) = credentials(&url.value) {
            diagnostics.push(
                Diagnostic::new(SECRET_IN_URL, "a password stands in the URL")
                    .label(place(at), "shown wherever the URL is")
                    .help("take it out of the URL: `basic-auth USER PASSWORD` in the block of `http`"),
            );
        }
        for at in parameters(&url.value) {
            diagnostics.push(
                Diagnostic::new(SECRET_IN_URL, "a secret stands in the URL")
                    .label(place(at), "shown wherever the URL is")
                    .help("send it in a header: `bearer TOKEN` in the block of `http`, where the service takes it so"),
            );
        }
    }
}

/// Where the password of `http://user:password@host` stands.
fn credentials(url: &str) -> Option<std::ops::Range<usize>> {
    let start = url.find("://")? + 3;
    let authority = url[start..].split(['/', '?', '#']).next()?;
    let (user_info, _) = authority.rsplit_once('@')?;
    let (user, password) = user_info.split_once(':')?;
    let at = start + user.len() + 1;
    (!password.is_empty() && !password.contains("{{")).then(|| at..at + password.len())
}

/// Where the values of secret parameters stand that are written out.
fn parameters(url: &str) -> Vec<std::ops::Range<usize>> {
    let Some(start) = url.find('?').map(|at| at + 1) else { return Vec::new() };
    let mut found = Vec::new();
    let mut at = start;
    for pair in url[start..].split('#').next().unwrap_or_default().split('&') {
        if let Some((name, value)) = pair.split_once('=')
            && SECRET.contains(&name.to_ascii_lowercase().as_str())
            && !value.is_empty()
            && !value.contains("{{")
        {
            found.push(at + name.len() + 1..at + pair.len());
        }
        at += pair.len() + 1;
    }
    found
}
