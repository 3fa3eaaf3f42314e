use super::tour::requests;
use crate::ast::{Body, Part};
use crate::diagnostic::codes::acceptance::GET_WITH_BODY;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};
use crate::source::Span;

/// A request that reads, with a body: it means nothing there, and many servers drop it.
pub(super) const RULE: Rule = Rule::written(GET_WITH_BODY, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for (_, request) in requests(written) {
        let method = &request.method;
        let Some(body) = request.body.as_ref().filter(|_| matches!(method.value.as_str(), "GET" | "HEAD" | "TRACE"))
        else {
            continue;
        };
        let Some(place) = place(body) else { continue };
        diagnostics.push(
            Diagnostic::new(GET_WITH_BODY, format!("`{}` is sent with a body", method.value))
                .label(method.span, "reads, and takes no body")
                .label(place, "the body")
                .help("write `POST`, or pass it as `query KEY \"value\"`")
                .suggestion("write `POST`", method.span, "POST"),
        );
    }
}

fn place(body: &Body) -> Option<Span> {
    match body {
        Body::Json(text) | Body::Text(text) | Body::File(text) => Some(text.span),
        Body::Form(lines) => lines.first().map(|line| line.span),
        Body::Multipart(parts) => parts.first().map(|part| match part {
            Part::Field(line) => line.span,
            Part::File { path, .. } => path.span,
        }),
    }
}
