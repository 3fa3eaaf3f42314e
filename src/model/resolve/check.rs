use super::resolver::Resolver;
use super::text::Site;
use crate::ast::{self, FactType, Link};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::acceptance::{IMPOSSIBLE_STATUS, STOP_IF_ALONE};
use crate::diagnostic::codes::shape::WRONG_TYPE;
use crate::model::{Capture, Check, CheckStrength};
use crate::source::{Span, Spanned};

impl Resolver<'_> {
    /// `expect`, `require` or `stop-if`. One without predicate has been told of where it was read.
    pub fn check(&mut self, check: &ast::Check, site: Site<'_>, waits: bool) -> Check {
        if !check.chain.iter().any(|link| matches!(link, Link::Predicate(_))) {
            self.incomplete();
        }
        if check.strength == CheckStrength::StopIf && !waits {
            self.report(
                Diagnostic::new(STOP_IF_ALONE, "`stop-if` ends a wait, and there is none around it")
                    .label(check.span, "not in `eventually`")
                    .help("write `require`, with what must hold instead, or put the probe in `eventually within=\"20s\" { … }`"),
            );
        }
        self.types_can_be_compared(check);
        self.status_is_possible(check);
        check.map(&mut |text, grammar| self.held_to(grammar, text, site))
    }

    /// `capture NAME QUERY`.
    pub fn capture(&mut self, capture: &ast::Capture, site: Site<'_>) -> Capture {
        capture.map(&mut |text, grammar| self.held_to(grammar, text, site))
    }

    /// Tells of `status "2xx"`: what is a number, or true or false, equals no text, whatever the answer.
    fn types_can_be_compared(&mut self, check: &ast::Check) {
        let Some(found @ (FactType::Number | FactType::Bool)) = check.query.finds() else { return };
        for predicate in check.direct() {
            for operand in operands(&predicate.kind) {
                match operand {
                    ast::Operand::Text(text) if !text.value.contains("{{") => {
                        self.report(text_for(check.query.word(), found, text));
                    }
                    ast::Operand::Bool(_) if found == FactType::Number => {
                        self.report(never_equal(check.query.word(), found, "a boolean", predicate.span));
                    }
                    ast::Operand::Number(_) if found == FactType::Bool => {
                        self.report(never_equal(check.query.word(), found, "a number", predicate.span));
                    }
                    _ => {}
                }
            }
        }
    }

    /// Tells of `status 700`: no answer has it.
    fn status_is_possible(&mut self, check: &ast::Check) {
        if check.query != ast::Query::Fact(ast::Fact::Status) {
            return;
        }
        for predicate in check.direct().filter(|predicate| !predicate.not) {
            for operand in operands(&predicate.kind) {
                let ast::Operand::Number(number) = operand else { continue };
                let is_code = number.fract() == 0.0 && (100.0..600.0).contains(number);
                if is_code {
                    continue;
                }
                self.report(
                    Diagnostic::new(IMPOSSIBLE_STATUS, format!("no answer has the status {number}"))
                        .label(predicate.span, "not from 100 to 599")
                        .help("write a status code such as `200`, or a range: `expect status { between 200 299 }`"),
                );
            }
        }
    }
}

/// The values that a predicate compares with.
fn operands(kind: &ast::PredicateKind) -> &[ast::Operand] {
    match kind {
        ast::PredicateKind::Equals(operand) => std::slice::from_ref(operand),
        ast::PredicateKind::In(operands) => operands,
        _ => &[],
    }
}

fn never_equal(query: &str, found: FactType, written: &str, span: Span) -> Diagnostic {
    let (is, example) = match found {
        FactType::Bool => ("true or false", "`#true`"),
        _ => ("a number", "a number, such as `200`"),
    };
    Diagnostic::new(WRONG_TYPE, format!("`{query}` is {is} and never equals {written}"))
        .label(span, written.to_owned())
        .help(format!("write {example}"))
}

/// What to say of a text that a number or a boolean is compared with.
fn text_for(query: &str, found: FactType, text: &Spanned<String>) -> Diagnostic {
    let written = text.value.trim();
    let is = if found == FactType::Bool { "true or false" } else { "a number" };
    let diagnostic =
        Diagnostic::new(WRONG_TYPE, format!("`{query}` is {is} and never equals the text `{}`", text.value))
            .label(text.span, "a text");
    let meant = match (found, written) {
        (FactType::Bool, "true" | "yes") => Some("#true".to_owned()),
        (FactType::Bool, "false" | "no") => Some("#false".to_owned()),
        (FactType::Number, number) if number.parse::<f64>().is_ok_and(f64::is_finite) => Some(number.to_owned()),
        _ => None,
    };
    if let Some(meant) = meant {
        return diagnostic.help(format!("write `{meant}`")).fix("take the quotes away", text.span, meant);
    }
    diagnostic.help(match (found, written.as_bytes()) {
        (FactType::Bool, _) => "write `#true` or `#false`".to_owned(),
        (_, b"in" | b"between" | b"gt" | b"ge" | b"lt" | b"le" | b"not") => {
            format!("write it in a block: `expect {query} {{ {written} … }}`")
        }
        (_, [class @ b'1'..=b'5', b'x' | b'X', b'x' | b'X']) => {
            let class = char::from(*class);
            format!("write `expect {query} {{ between {class}00 {class}99 }}`")
        }
        _ => "write a number, such as `200`".to_owned(),
    })
}
