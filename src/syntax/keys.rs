//! `key: value` and `key = value`, where KDL has a name and a blank.

use super::characters::is_keyword;
use super::mistakes::Mistakes;
use super::token::{Kind, Token};
use super::words::{as_value, shortened};
use crate::diagnostic::{Diagnostic, Edit, codes::text};

/// Cuts the name of a head free from the colon or `=` that follows it.
pub(super) fn free_the_name(head: &mut Vec<Token>, mistakes: &mut Mistakes<'_>) {
    cut_colon(head, mistakes);
    cut_equals(head, mistakes);
}

/// Whether the head is a bare name with a colon at its end.
pub(super) fn ends_in_colon(token: &Token, source: &str) -> bool {
    token.kind == Kind::Word && token.end - token.start > 1 && source[token.range()].ends_with(':')
}

fn cut_colon(head: &mut [Token], mistakes: &mut Mistakes<'_>) {
    let source: &str = mistakes.file.text();
    let Some(first) = head.first_mut().filter(|first| ends_in_colon(first, source)) else { return };
    let span = mistakes.span(&first.range());
    first.end -= 1;
    let colon = Edit { span: mistakes.span(&(first.end..first.end + 1)), text: String::new() };
    let name = &source[first.range()];
    mistakes.habit("drop the colon", vec![colon], || {
        Diagnostic::new(text::KEY_COLON, format!("a node's name takes no colon: `{name}:`"))
            .label(span, "the colon counts as name")
            .help(format!("write `{name}`, and its values after a blank"))
    });
}

fn cut_equals(head: &mut Vec<Token>, mistakes: &mut Mistakes<'_>) {
    let source: &str = mistakes.file.text();
    let &[name, equals, ref rest @ ..] = &head[..] else { return };
    let is_comparison = rest.first().is_some_and(|next| next.kind == Kind::Equals && !next.gap);
    if equals.kind != Kind::Equals || is_comparison || !matches!(name.kind, Kind::Word | Kind::Text) {
        return;
    }
    let gap = mistakes.span(&(name.end..rest.first().map_or(equals.end, |value| value.start)));
    let sign = mistakes.span(&equals.range());
    let written = &source[name.range()];
    let value = rest.first().map(|value| &source[value.range()]).filter(|value| !is_keyword(value));
    let value = value.map_or_else(|| "…".to_owned(), |value| shortened(&as_value(value)));
    mistakes.habit("write a blank for `=`", vec![Edit { span: gap, text: " ".to_owned() }], || {
        Diagnostic::new(text::EQUALS_AFTER_NAME, format!("`=` stands between the node `{written}` and its value"))
            .label(sign, "a blank belongs here")
            .help(format!("write `{written} {value}`; `=` is for properties, after the node's name"))
    });
    head.remove(1);
    if let Some(value) = head.get_mut(1) {
        value.gap = true;
    }
}
