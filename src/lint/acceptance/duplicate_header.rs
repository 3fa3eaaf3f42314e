use std::collections::HashMap;

use super::tour::requests;
use crate::diagnostic::codes::acceptance::DUPLICATE_HEADER;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// Headers that a request has once (RFC 9110): of two a server may take either, or refuse the request.
const ONCE: [&str; 10] = [
    "authorization",
    "content-length",
    "content-type",
    "date",
    "from",
    "host",
    "if-modified-since",
    "origin",
    "referer",
    "user-agent",
];

/// A header that stands twice and may stand once.
pub(super) const RULE: Rule = Rule::written(DUPLICATE_HEADER, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for (_, request) in requests(written) {
        let mut firsts = HashMap::new();
        let auth = request.bearer.as_ref().or(request.basic_auth.as_ref().map(|(user, _)| user));
        if let Some(auth) = auth {
            firsts.insert("authorization".to_owned(), auth.span);
        }
        for header in &request.headers {
            let name = header.key.value.to_ascii_lowercase();
            if !ONCE.contains(&name.as_str()) {
                continue;
            }
            if let Some(first) = firsts.get(&name) {
                diagnostics.push(
                    Diagnostic::new(DUPLICATE_HEADER, format!("`{}` is set twice", header.key.value))
                        .label(header.key.span, "again here")
                        .label(*first, "first here")
                        .help("keep one of the two"),
                );
                continue;
            }
            firsts.insert(name, header.key.span);
        }
    }
}
