use super::tour::requests;
use crate::ast::inside;
use crate::diagnostic::codes::acceptance::URL_FRAGMENT;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// `/page#part`: what follows the `#` is never sent.
pub(super) const RULE: Rule = Rule::written(URL_FRAGMENT, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for (_, request) in requests(written) {
        let url = &request.url;
        let Some(at) = url.value.find('#') else { continue };
        let span = inside(written.files, url.span, &url.value, at..url.value.len());
        let diagnostic = Diagnostic::new(URL_FRAGMENT, format!("`{}` is not sent", &url.value[at..]))
            .label(span, "stays with the client")
            .help("take it away, or write `%23` for a `#` of the path");
        let is_part = span != url.span;
        diagnostics.push(if is_part { diagnostic.suggestion("take it away", span, "") } else { diagnostic });
    }
}
