//! What stands in a head and has no shape of KDL: parts are missing, or too many stand together.

use super::mistakes::{Mistakes, quote};
use super::token::{Kind, Token};
use super::words::shortened;
use crate::diagnostic::{Diagnostic, Edit, Fix, codes::text};

/// Tells what is wrong with tokens that stand together. Gives the value that they are read as, where that is sure.
pub(super) fn shapeless(group: &[Token], mistakes: &mut Mistakes<'_>) -> Option<Token> {
    let (first, last) = (group[0], group[group.len() - 1]);
    let parenthesis = group.iter().rev().find(|token| matches!(token.kind, Kind::TypeOpen | Kind::TypeClose));
    let written = shortened(&mistakes.file.text()[first.start..last.end]);
    let span = mistakes.span(&(first.start..last.end));
    let operator = group.windows(2).position(|pair| pair.iter().all(|token| token.kind == Kind::Equals));
    let diagnostic = match (first.kind, last.kind, parenthesis.map(|token| token.kind)) {
        (Kind::TypeClose, ..) => {
            let span = mistakes.span(&first.range());
            Diagnostic::new(text::KDL_SYNTAX, "a `)` closes nothing")
                .label(span, "no `(` before it")
                .help("remove it, or put the text in quotes")
                .fix("remove it", span, "")
        }
        (_, _, Some(Kind::TypeOpen)) => {
            Diagnostic::new(text::UNCLOSED_TYPE, "the parenthesis of a type is never closed")
                .label(span, "no `)` follows")
                .help("write `)` after the type, or put the value in quotes")
        }
        (_, Kind::Equals, _) if operator.is_none() => {
            Diagnostic::new(text::MISSING_VALUE, format!("a property has no value: `{written}`"))
                .label(span, "no value after `=`")
                .help("write the value after `=`")
        }
        (_, Kind::TypeClose, _) => Diagnostic::new(text::MISSING_VALUE, format!("a type has no value: `{written}`"))
            .label(span, "no value after `)`")
            .help("write the value right after `)`"),
        (Kind::Equals, ..) if operator.is_none() => {
            Diagnostic::new(text::MISSING_VALUE, format!("a value has no property name: `{written}`"))
                .label(span, "no name before `=`")
                .help("write `name=value`")
        }
        _ => return together(group, operator, mistakes),
    };
    mistakes.push(diagnostic);
    None
}

/// Values without a blank between: `"$.a" == 5`, a comparison of another language; `"{"a": 1}"`, quotes within quotes;
/// `a"b"`.
fn together(group: &[Token], operator: Option<usize>, mistakes: &mut Mistakes<'_>) -> Option<Token> {
    let (first, last) = (group[0], group[group.len() - 1]);
    let source: &str = mistakes.file.text();
    let written = &source[first.start..last.end];
    let span = mistakes.span(&(first.start..last.end));
    if let Some(at) = operator {
        let sign = group[at].start..group[at + 1].end;
        let value = group.get(at + 2).filter(|value| value.kind != Kind::Equals);
        let help = value.map_or("…", |value| &source[value.start..last.end]);
        let mut diagnostic = Diagnostic::new(text::NO_OPERATORS, "KDL has no operators, `==` compares nothing")
            .label(mistakes.span(&sign), "operator of another language")
            .help(format!("write `equals={}`", shortened(help)));
        if let Some(value) = value {
            let (start, text) = match at {
                0 => (sign.start, "equals="),
                _ => (group[at - 1].end, " equals="),
            };
            diagnostic = diagnostic.fix("write `equals=`", mistakes.span(&(start..value.start)), text);
        }
        mistakes.push(diagnostic);
        return None;
    }
    let inner = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    if let Some(inner) = inner.filter(|inner| !inner.is_empty() && group.iter().any(|token| token.kind == Kind::Word)) {
        let whole = quote(inner);
        let mut diagnostic = Diagnostic::new(text::QUOTE_IN_STRING, "a quote within quotes ends the string")
            .label(span, "more than one value")
            .help(format!("write `{}`, a raw string", shortened(&whole)));
        // A backslash may stand for itself, or before a quote.
        let safe = !inner.contains(['\\', '\n', '\r']);
        diagnostic.fixes.push(Fix {
            title: "write a raw string".to_owned(),
            safe,
            edits: vec![Edit { span, text: whole.clone() }],
        });
        mistakes.push(diagnostic);
        mistakes.mend(first.start..last.end, whole);
        return Some(Token { kind: Kind::Text, end: last.end, ..first });
    }
    let blanks =
        group.windows(2).map(|pair| Edit { span: mistakes.span(&(pair[0].end..pair[1].start)), text: " ".to_owned() });
    let fix = Fix { title: "write blanks between the values".to_owned(), safe: false, edits: blanks.collect() };
    let diagnostic = Diagnostic::new(text::GLUED_VALUES, format!("`{}` is more than one value", shortened(written)))
        .label(span, "a blank is missing")
        .help("write a blank between the values, or put all of it in quotes");
    mistakes.push(match group.iter().all(|token| matches!(token.kind, Kind::Word | Kind::Text)) {
        true => diagnostic.fix_of(fix),
        false => diagnostic,
    });
    None
}
