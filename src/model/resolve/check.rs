use super::resolver::Resolver;
use super::text::Site;
use crate::ast;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::acceptance::{BAD_JSON, BAD_JSON_PATH, BAD_REGEX};
use crate::diagnostic::codes::shape::WRONG_TYPE;
use crate::model::interpolation::{RawPiece, split};
use crate::model::{Check, Operand, Predicate, PredicateKind, Query};
use crate::source::Spanned;

impl Resolver<'_> {
    /// `expect` or `require`. One without predicate has been told of where it was read.
    pub fn check(&mut self, check: &ast::Check, site: Site<'_>) -> Check {
        if check.predicates.is_empty() {
            self.incomplete();
        }
        self.numbers_are_compared_with_numbers(check);
        Check {
            strength: check.strength,
            query: self.query(&check.query, site),
            predicates: check.predicates.iter().map(|predicate| self.predicate(predicate, site)).collect(),
            span: check.span,
        }
    }

    /// Tells of `status "2xx"`: what is a number equals no text, whatever the answer.
    fn numbers_are_compared_with_numbers(&mut self, check: &ast::Check) {
        let query = match check.query {
            ast::Query::Status => "status",
            ast::Query::Size => "size",
            ast::Query::Duration => "duration",
            _ => return,
        };
        let operands = check.predicates.iter().flat_map(|predicate| match &predicate.kind {
            ast::PredicateKind::Equals(operand) => std::slice::from_ref(operand),
            ast::PredicateKind::In(operands) => operands.as_slice(),
            _ => &[],
        });
        for operand in operands {
            let ast::Operand::Text(text) = operand else { continue };
            if text.value.contains("{{") {
                continue;
            }
            let help = match (text.value.trim().parse::<f64>(), text.value.as_bytes()) {
                (Ok(_), _) => format!("write `{}`", text.value.trim()),
                (_, b"in" | b"between" | b"gt" | b"ge" | b"lt" | b"le" | b"not") => {
                    format!("write it in a block: `expect {query} {{ {} … }}`", text.value)
                }
                (_, [class @ b'1'..=b'5', b'x' | b'X', b'x' | b'X']) => {
                    let class = char::from(*class);
                    format!("write `expect {query} {{ between {class}00 {class}99 }}`")
                }
                _ => "write a number, such as `200`".to_owned(),
            };
            self.report(
                Diagnostic::new(
                    WRONG_TYPE,
                    format!("`{query}` is a number and never equals the text `{}`", text.value),
                )
                .label(text.span, "a text")
                .help(help),
            );
        }
    }

    /// What is looked at; paths and expressions are held to their grammar.
    pub fn query(&mut self, query: &ast::Query, site: Site<'_>) -> Query {
        match query {
            ast::Query::Status => Query::Status,
            ast::Query::Version => Query::Version,
            ast::Query::Url => Query::Url,
            ast::Query::Header(name) => Query::Header(self.text(name, site)),
            ast::Query::Cookie(name) => Query::Cookie(self.text(name, site)),
            ast::Query::Body => Query::Body,
            ast::Query::Size => Query::Size,
            ast::Query::Sha256 => Query::Sha256,
            ast::Query::Json(path) => {
                self.must_be_json_path(path);
                Query::Json(self.text(path, site))
            }
            ast::Query::Regex(regex) => {
                self.must_be_regex(regex);
                Query::Regex(self.text(regex, site))
            }
            ast::Query::Duration => Query::Duration,
        }
    }

    fn predicate(&mut self, predicate: &ast::Predicate, site: Site<'_>) -> Predicate {
        use ast::PredicateKind as Written;
        let kind = match &predicate.kind {
            Written::Equals(operand) => PredicateKind::Equals(self.operand(operand, site)),
            Written::Gt(number) => PredicateKind::Gt(number.value),
            Written::Ge(number) => PredicateKind::Ge(number.value),
            Written::Lt(number) => PredicateKind::Lt(number.value),
            Written::Le(number) => PredicateKind::Le(number.value),
            Written::Between(low, high) => PredicateKind::Between(low.value, high.value),
            Written::StartsWith(text) => PredicateKind::StartsWith(self.text(text, site)),
            Written::EndsWith(text) => PredicateKind::EndsWith(self.text(text, site)),
            Written::Contains(operand) => PredicateKind::Contains(self.operand(operand, site)),
            Written::Matches(regex) => {
                self.must_be_regex(regex);
                PredicateKind::Matches(self.text(regex, site))
            }
            Written::In(operands) => {
                PredicateKind::In(operands.iter().map(|operand| self.operand(operand, site)).collect())
            }
            Written::Exists => PredicateKind::Exists,
            Written::Empty => PredicateKind::Empty,
            Written::Null => PredicateKind::Null,
            Written::Count(count) => PredicateKind::Count(count.value),
            Written::Type(kind) => PredicateKind::Type(kind.value),
            Written::HasKey(key) => PredicateKind::HasKey(self.text(key, site)),
            Written::JsonEquals(json) => {
                self.must_be_json(json);
                PredicateKind::JsonEquals(self.text(json, site))
            }
            Written::JsonContains(json) => {
                self.must_be_json(json);
                PredicateKind::JsonContains(self.text(json, site))
            }
        };
        Predicate { not: predicate.not, kind, span: predicate.span }
    }

    fn operand(&mut self, operand: &ast::Operand, site: Site<'_>) -> Operand {
        match operand {
            ast::Operand::Text(text) => Operand::Text(self.text(text, site)),
            ast::Operand::Number(number) => Operand::Number(number.value),
            ast::Operand::Bool(truth) => Operand::Bool(truth.value),
            ast::Operand::Null(_) => Operand::Null,
        }
    }

    /// Tells of what is no JSON. A hole stands for a number or for a part of a string, whichever fits there.
    pub fn must_be_json(&mut self, json: &Spanned<String>) {
        let (text, exact) = without_holes(&json.value);
        let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(&text) else { return };
        let span = if exact {
            let line_start: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
            let mut at = (line_start + error.column().saturating_sub(1)).min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
            self.inside(json, at..end)
        } else {
            json.span
        };
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
        self.report(
            Diagnostic::new(BAD_JSON, "this is no JSON")
                .label(span, shortened(&message))
                .help("write it as JSON: `#\"{\"title\": \"Wash the car\"}\"#`"),
        );
    }

    fn must_be_json_path(&mut self, path: &Spanned<String>) {
        let (text, exact) = without_holes(&path.value);
        let Err(error) = serde_json_path::JsonPath::parse(&text) else { return };
        let span = if exact && error.position() < text.len() {
            let at = error.position();
            let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
            self.inside(path, at..end)
        } else {
            path.span
        };
        let rooted = format!("$.{}", path.value.trim_start_matches('.'));
        let help = match serde_json_path::JsonPath::parse(&rooted) {
            Ok(_) if exact => format!("write a path from the root: `\"{rooted}\"`"),
            _ => "write a path from the root: `\"$.items[0].title\"`".to_owned(),
        };
        self.report(
            Diagnostic::new(BAD_JSON_PATH, format!("`{}` is no JSONPath", path.value))
                .label(span, "not a path from here")
                .help(help)
                .note("RFC 9535 describes the paths"),
        );
    }

    fn must_be_regex(&mut self, regex: &Spanned<String>) {
        let (text, exact) = without_holes(&regex.value);
        // What a hole holds may well complete the expression.
        if !exact {
            return;
        }
        let Err(error) = regex::RegexBuilder::new(&text).size_limit(1 << 20).build() else { return };
        let message = error.to_string();
        let reason = message.lines().last().unwrap_or_default();
        let reason = reason.strip_prefix("error: ").unwrap_or(reason);
        self.report(
            Diagnostic::new(BAD_REGEX, "this is no regular expression")
                .label(regex.span, shortened(reason))
                .help(
                    "write `\\` before a character that stands for itself: `\"\\\\(1\\\\)\"`, or raw: `#\"\\(1\\)\"#`",
                )
                .note("the syntax is that of Rust's regex crate: no look-around and no back-references"),
        );
    }
}

/// The text with a digit for each hole, and whether it had none.
fn without_holes(value: &str) -> (String, bool) {
    let (pieces, _) = split(value);
    let mut exact = true;
    let text: String = pieces
        .into_iter()
        .map(|piece| match piece {
            RawPiece::Literal(text) => text,
            RawPiece::Hole { .. } => {
                exact = false;
                "0".to_owned()
            }
        })
        .collect();
    let exact = exact && text == value;
    (text, exact)
}

/// A label is short: the words of another crate, cut where they go on for long.
fn shortened(message: &str) -> String {
    let first = message.split(['\n', ';']).next().unwrap_or_default().trim();
    first.chars().take(60).collect()
}
