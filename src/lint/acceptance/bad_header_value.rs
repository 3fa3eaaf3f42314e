use super::tour::requests;
use crate::ast::inside;
use crate::diagnostic::codes::acceptance::BAD_HEADER_VALUE;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// A line end in the value of a header: no request can carry it.
pub(super) const RULE: Rule = Rule::written(BAD_HEADER_VALUE, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for header in requests(written).flat_map(|(_, request)| &request.headers) {
        let value = &header.value;
        let wrong = value.value.char_indices().find(|(_, c)| c.is_control() && *c != '\t');
        let Some((at, c)) = wrong else { continue };
        let label = if matches!(c, '\n' | '\r') { "a line end" } else { "a control character" };
        diagnostics.push(
            Diagnostic::new(
                BAD_HEADER_VALUE,
                format!("the value of header `{}` is more than one line", header.key.value),
            )
            .label(inside(written.files, value.span, &value.value, at..at + c.len_utf8()), label)
            .help("write the value on one line, or the header several times"),
        );
    }
}
