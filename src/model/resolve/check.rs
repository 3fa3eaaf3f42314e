use super::resolver::Resolver;
use super::text::Site;
use crate::ast;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::shape::WRONG_TYPE;
use crate::model::{Check, Operand, Predicate, PredicateKind, Query};

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
}
