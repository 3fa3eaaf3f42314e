use super::resolver::Resolver;
use super::text::Site;
use crate::ast::{self, FactType, Link, names_one_place};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::acceptance::{IMPOSSIBLE_STATUS, LIST_NEVER_EQUALS, STOP_IF_ALONE};
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
        self.lists_are_looked_into(check);
        check.map(&mut |text, grammar| self.held_to(grammar, text, site))
    }

    /// `capture NAME QUERY`.
    pub fn capture(&mut self, capture: &ast::Capture, site: Site<'_>) -> Capture {
        self.must_be_word("capture", &capture.name);
        capture.map(&mut |text, grammar| self.held_to(grammar, text, site))
    }

    /// Tells of `status "2xx"`: what is a number, or true or false, equals no text, whatever the answer.
    fn types_can_be_compared(&mut self, check: &ast::Check) {
        let Some(found) = check.query.finds() else { return };
        for predicate in check.direct().filter(|predicate| !fits(&predicate.kind, found)) {
            let what = noun(found);
            self.report(
                Diagnostic::new(
                    WRONG_TYPE,
                    format!("`{}` is {what}, and this is not asked of {what}", check.query.word()),
                )
                .label(predicate.span, format!("not of {what}"))
                .help(format!("write {}", asked_of(found))),
            );
        }
        if !matches!(found, FactType::Number | FactType::Bool) {
            return;
        }
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

    /// Tells of a JSONPath with wildcards, slices or filters whose list is compared with one value.
    fn lists_are_looked_into(&mut self, check: &ast::Check) {
        let ast::Query::Json(path) = &check.query else { return };
        let is_path = serde_json_path::JsonPath::parse(&path.value).is_ok();
        if path.value.contains("{{") || !is_path || names_one_place(&path.value) {
            return;
        }
        for predicate in check.direct().filter(|predicate| wants_one_value(&predicate.kind)) {
            let text = self.files.slice(predicate.span);
            let equals = if text.starts_with("equals=") { "equals=".len() } else { 0 };
            let is_short = matches!(predicate.kind, ast::PredicateKind::Equals(_)) && !text.starts_with("equals ");
            let start = predicate.span.start as usize;
            let span = Span::new(predicate.span.file, start, start + equals);
            let told = Diagnostic::new(LIST_NEVER_EQUALS, format!("`{}` finds a list", path.value))
                .label(predicate.span, "compared with one value")
                .label(path.span, "may find several")
                .help("look into the list with `contains=`, or take an element in a block: `filter first`");
            let mends = is_short && !predicate.not;
            self.report(if mends { told.suggestion("look into the list", span, "contains=") } else { told });
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

/// Whether a predicate can be asked of a value of that type at all.
fn fits(kind: &ast::PredicateKind, found: FactType) -> bool {
    use ast::PredicateKind as Kind;
    let is = |types: &[FactType]| types.contains(&found);
    match kind {
        Kind::Gt(_) | Kind::Ge(_) | Kind::Lt(_) | Kind::Le(_) | Kind::Between(..) | Kind::Approx(..) => {
            is(&[FactType::Number, FactType::Text])
        }
        Kind::StartsWith(_) | Kind::EndsWith(_) | Kind::Matches(_) => is(&[FactType::Text]),
        Kind::Contains(_) | Kind::ContainsAll(_) => is(&[FactType::Text, FactType::List]),
        Kind::Count(_) | Kind::Empty => is(&[FactType::Text, FactType::List, FactType::Object]),
        Kind::HasKey(_) => is(&[FactType::Object]),
        Kind::AnyOrder(_) | Kind::Sorted | Kind::Unique | Kind::Quantified(..) => is(&[FactType::List]),
        Kind::Equals(_) | Kind::In(_) => !is(&[FactType::List, FactType::Object]),
        Kind::Exists
        | Kind::Null
        | Kind::Type(_)
        | Kind::JsonEquals(_)
        | Kind::JsonContains(_)
        | Kind::JsonSchema(_)
        | Kind::Snapshot(_)
        | Kind::Not(_) => true,
    }
}

/// Whether a predicate can hold of a single value alone.
fn wants_one_value(kind: &ast::PredicateKind) -> bool {
    use ast::PredicateKind as Kind;
    matches!(
        kind,
        Kind::Equals(_) | Kind::Gt(_) | Kind::Ge(_) | Kind::Lt(_) | Kind::Le(_) | Kind::Between(..) | Kind::Approx(..)
    )
}

fn noun(found: FactType) -> &'static str {
    match found {
        FactType::Number => "a number",
        FactType::Bool => "true or false",
        FactType::Text => "text",
        FactType::List => "a list",
        FactType::Object => "an object",
    }
}

/// What may be asked of a value of that type.
fn asked_of(found: FactType) -> &'static str {
    match found {
        FactType::Number => "a number after it, or `gt`, `ge`, `lt`, `le`, `between` or `in`",
        FactType::Bool => "`#true` or `#false` after it",
        FactType::Text => "a text after it, or `contains`, `starts-with`, `ends-with`, `matches` or `count`",
        FactType::List => "`contains`, `count`, `any-order`, `each`, `any` or `none`",
        FactType::Object => "`has-key`, `count` or `json-contains`",
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
