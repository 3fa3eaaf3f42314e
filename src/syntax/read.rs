use kdl::{KdlEntry, KdlError, KdlNode, KdlValue};

use super::document::{Entry, Node, Value};
use super::foreign::join_foreign_strings;
use super::keys::free_the_name;
use super::lists::{join_dash_items, unlist};
use super::mistakes::Mistakes;
use super::piece::{Piece, pieces};
use super::plain::{plain_name, plain_value};
use super::structure::{Block, Statement};
use super::token::{Kind, Token};
use super::words::{Place, look_at_word, shortened};
use crate::diagnostic::{Diagnostic, codes::text};
use crate::source::Spanned;

/// Reads statements, through the KDL crate where they are not plain. The second value says whether one of them is missing from the nodes.
pub(super) fn read_statements(mut statements: Vec<Statement>, mistakes: &mut Mistakes<'_>) -> (Vec<Node>, bool) {
    let mut incomplete = join_dash_items(&mut statements, mistakes);
    let mut nodes = Vec::with_capacity(statements.len());
    for statement in statements {
        let discarded = statement.discarded;
        match read_statement(statement, mistakes) {
            _ if discarded => {}
            Some(node) => nodes.push(node),
            None => incomplete = true,
        }
    }
    (nodes, incomplete)
}

/// Recurses into blocks, which the structure holds to the depth limit.
fn read_statement(statement: Statement, mistakes: &mut Mistakes<'_>) -> Option<Node> {
    let Statement { mut head, children, discarded_blocks, .. } = statement;
    let node = read_head(&mut head, mistakes);
    for Block { statements, .. } in discarded_blocks {
        read_statements(statements, mistakes);
    }
    let block = children.map(|Block { statements, end, incomplete }| {
        let (nodes, missing) = read_statements(statements, mistakes);
        (nodes, end, incomplete || missing)
    });
    let mut node = node?;
    if let Some((nodes, end, incomplete)) = block {
        node.children = Some(nodes);
        node.incomplete |= incomplete;
        node.span = node.span.to(mistakes.span(&(end..end)));
    }
    Some(node)
}

/// Name and entries of a node; `None` where not even the name can be read.
fn read_head(head: &mut Vec<Token>, mistakes: &mut Mistakes<'_>) -> Option<Node> {
    join_foreign_strings(head, mistakes);
    unlist(head, mistakes);
    free_the_name(head, mistakes);
    let pieces = pieces(head, mistakes);
    let mut incomplete = pieces.incomplete;
    for (at, piece) in pieces.list.iter().enumerate() {
        let value = if at == 0 { Place::Name } else { Place::Value };
        for (atom, place) in [(piece.annotation, Place::Name), (piece.name, Place::Name), (Some(piece.value), value)] {
            if let Some(atom) = atom.filter(|atom| atom.kind == Kind::Word) {
                look_at_word(&atom.range(), place, mistakes);
            }
        }
    }
    let mut list = pieces.list.into_iter().filter(|piece| !piece.discarded);
    let name = list.next()?;
    let (annotation, value) = read_name(&name, mistakes)?;
    let mut entries = Vec::new();
    let mut end = name.value.end;
    for piece in list {
        match read_entry(&piece, mistakes) {
            Some(entry) => {
                end = piece.value.end;
                entries.push(entry);
            }
            None => incomplete = true,
        }
    }
    Some(Node { annotation, name: value, entries, children: None, span: mistakes.span(&(name.start..end)), incomplete })
}

/// A node's annotation and name.
fn read_name(piece: &Piece, mistakes: &mut Mistakes<'_>) -> Option<(Option<Spanned<String>>, Spanned<String>)> {
    if let Some(annotation) = plain_annotation(piece, mistakes)
        && let Some(name) = plain_name(&mistakes.mended(piece.value.range()))
    {
        return Some((annotation, Spanned::new(name, mistakes.span(&piece.value.range()))));
    }
    let read = KdlNode::parse(&written(piece, mistakes)).map_err(|error| unread(piece, &error, mistakes)).ok()?;
    let name = Spanned::new(read.name().value().to_owned(), mistakes.span(&piece.value.range()));
    Some((annotation(piece, read.ty(), mistakes), name))
}

/// An argument or a property.
fn read_entry(piece: &Piece, mistakes: &mut Mistakes<'_>) -> Option<Entry> {
    if let Some(entry) = plain_entry(piece, mistakes) {
        return Some(entry);
    }
    let read = KdlEntry::parse(&written(piece, mistakes)).map_err(|error| unread(piece, &error, mistakes)).ok()?;
    Some(entry(piece, &read, mistakes))
}

/// An entry all of whose parts are plain.
fn plain_entry(piece: &Piece, mistakes: &Mistakes<'_>) -> Option<Entry> {
    let annotation = plain_annotation(piece, mistakes)?;
    let name = match piece.name {
        Some(token) => Some(Spanned::new(plain_name(&mistakes.mended(token.range()))?, mistakes.span(&token.range()))),
        None => None,
    };
    let value = plain_value(&mistakes.mended(piece.value.range()))?;
    Some(Entry {
        annotation,
        name,
        value: Spanned::new(value, mistakes.span(&piece.value.range())),
        span: mistakes.span(&piece.range()),
    })
}

/// The annotation where there is one; `None` where it is not plain.
fn plain_annotation(piece: &Piece, mistakes: &Mistakes<'_>) -> Option<Option<Spanned<String>>> {
    let Some(token) = piece.annotation else { return Some(None) };
    let name = plain_name(&mistakes.mended(token.range()))?;
    Some(Some(Spanned::new(name, mistakes.span(&token.range()))))
}

/// A piece as it was written, or was probably meant to be.
fn written(piece: &Piece, mistakes: &Mistakes<'_>) -> String {
    let mut out = String::new();
    if let Some(name) = piece.name {
        out.push_str(&mistakes.mended(name.range()));
        out.push('=');
    }
    if let Some(annotation) = piece.annotation {
        out.push('(');
        out.push_str(&mistakes.mended(annotation.range()));
        out.push(')');
    }
    out.push_str(&mistakes.mended(piece.value.range()));
    out
}

fn entry(piece: &Piece, read: &KdlEntry, mistakes: &Mistakes<'_>) -> Entry {
    let value = match read.value() {
        KdlValue::String(value) => Value::String(value.clone()),
        KdlValue::Integer(value) => Value::Integer(*value),
        KdlValue::Float(value) => Value::Float(*value),
        KdlValue::Bool(value) => Value::Bool(*value),
        KdlValue::Null => Value::Null,
    };
    let name = piece.name.zip(read.name());
    Entry {
        annotation: annotation(piece, read.ty(), mistakes),
        name: name.map(|(token, name)| Spanned::new(name.value().to_owned(), mistakes.span(&token.range()))),
        value: Spanned::new(value, mistakes.span(&piece.value.range())),
        span: mistakes.span(&piece.range()),
    }
}

fn annotation(piece: &Piece, read: Option<&kdl::KdlIdentifier>, mistakes: &Mistakes<'_>) -> Option<Spanned<String>> {
    let (token, read) = piece.annotation.zip(read)?;
    Some(Spanned::new(read.value().to_owned(), mistakes.span(&token.range())))
}

/// Tells of a piece that the KDL crate refuses although the scanner found nothing wrong with it.
fn unread(piece: &Piece, error: &KdlError, mistakes: &mut Mistakes<'_>) {
    let written = &mistakes.file.text()[piece.value.range()];
    let span = mistakes.span(&piece.range());
    let first = error.diagnostics.first();
    let message =
        first.and_then(|first| first.message.as_ref()).map_or("not understood".to_owned(), |said| sentence(said));
    let help = first.and_then(|first| first.help.as_ref()).map_or("put it in quotes".to_owned(), |said| sentence(said));
    let diagnostic = Diagnostic::new(text::KDL_SYNTAX, format!("`{}` cannot be read: {message}", shortened(written)))
        .label(span, "not KDL")
        .help(help);
    mistakes.push(diagnostic);
}

/// A message of the crate in the form of ours: lower case, no final period.
fn sentence(message: &str) -> String {
    let message = message.trim_end_matches('.');
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
