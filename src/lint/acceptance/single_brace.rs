use super::tour::requests;
use crate::ast::inside;
use crate::diagnostic::codes::acceptance::SINGLE_BRACE;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// `/todos/{id}`: one pair of braces is sent as it is.
pub(super) const RULE: Rule = Rule::written(SINGLE_BRACE, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for (_, request) in requests(written) {
        let url = &request.url;
        for at in single_braces(&url.value) {
            let (span, hole) = (inside(written.files, url.span, &url.value, at.clone()), &url.value[at]);
            diagnostics.push(
                Diagnostic::new(SINGLE_BRACE, format!("`{hole}` is sent as it is"))
                    .label(span, "no name is filled in")
                    .help(format!("write `{{{hole}}}`"))
                    .suggestion("double the braces", span, format!("{{{hole}}}")),
            );
        }
    }
}

/// Where `{name}` stands that is no `{{name}}`.
fn single_braces(url: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = url[at..].find('{').map(|found| at + found) {
        let run = url[open..].bytes().take_while(|byte| *byte == b'{').count();
        let name = url[open + run..].find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
        let end = open + run + name.unwrap_or(url.len() - open - run);
        if run == 1 && end > open + 1 && url[end..].starts_with('}') && !url[end..].starts_with("}}") {
            found.push(open..end + 1);
        }
        at = open + run;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::single_braces;

    #[test]
    fn names_in_one_pair_of_braces_are_found() {
        assert_eq!(single_braces("/a/{id}/b/{x-1}"), [3..7, 10..15]);
        assert!(single_braces("/a/{{id}}/{}/{ a }/{\"x\": 1}/{{{{/{").is_empty());
    }
}
