use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

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
use crate::source::{SourceFile, Spanned};

/// How many statements make a chunk, which is read by itself: a chunk takes longer than starting a thread for it.
const CHUNK: usize = 512;

/// Reads the statements of a whole text. Many of them, where nothing was wrong so far, are read in chunks side by side; how many
/// threads there are to do so changes nothing but the time.
pub(super) fn read_text(mut statements: Vec<Statement>, mistakes: &mut Mistakes<'_>) -> (Vec<Node>, bool) {
    let mut incomplete = join_dash_items(&mut statements, mistakes);
    if statements.len() <= CHUNK || !mistakes.is_empty() {
        let (nodes, missing) = read_each(statements, mistakes);
        return (nodes, incomplete || missing);
    }
    let mut nodes = Vec::with_capacity(statements.len());
    for (read, missing, found) in side_by_side(chunks(statements), mistakes.file) {
        nodes.extend(read);
        incomplete |= missing;
        mistakes.take_in(found);
    }
    (nodes, incomplete)
}

fn chunks(statements: Vec<Statement>) -> Vec<Mutex<Vec<Statement>>> {
    let count = statements.len().div_ceil(CHUNK);
    let mut rest = statements.into_iter();
    (0..count).map(|_| Mutex::new(rest.by_ref().take(CHUNK).collect())).collect()
}

/// What a chunk says, whether a part of it is missing, and what is wrong with it.
type Read<'a> = (Vec<Node>, bool, Mistakes<'a>);

/// Reads chunks on as many threads as there are processors, this one among them; answers in the order of the chunks.
fn side_by_side<'a>(chunks: Vec<Mutex<Vec<Statement>>>, file: &'a SourceFile) -> Vec<Read<'a>> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(chunk) = chunks.get(at) else { return done };
            let statements = std::mem::take(&mut *chunk.lock().unwrap_or_else(PoisonError::into_inner));
            let mut mistakes = Mistakes::new(file);
            let (nodes, missing) = read_each(statements, &mut mistakes);
            done.push((at, (nodes, missing, mistakes)));
        }
    };
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let mut done = std::thread::scope(|scope| {
        let others: Vec<_> = (1..processors.min(chunks.len()))
            .filter_map(|_| std::thread::Builder::new().spawn_scoped(scope, work).ok())
            .collect();
        let mut done = work();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, read)| read).collect()
}

/// Reads the statements of a block. The second value says whether one of them is missing from the nodes.
fn read_statements(mut statements: Vec<Statement>, mistakes: &mut Mistakes<'_>) -> (Vec<Node>, bool) {
    let incomplete = join_dash_items(&mut statements, mistakes);
    let (nodes, missing) = read_each(statements, mistakes);
    (nodes, incomplete || missing)
}

/// Reads statements, through the KDL crate where they are not plain.
fn read_each(statements: Vec<Statement>, mistakes: &mut Mistakes<'_>) -> (Vec<Node>, bool) {
    let mut incomplete = false;
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

#[cfg(test)]
mod tests {
    use super::super::parse;
    use crate::source::Files;

    #[test]
    fn chunks_are_read_as_if_one_after_the_other() {
        let text = |one: &str, count: usize| {
            (0..count).map(|at| one.replace('N', &at.to_string())).collect::<Vec<_>>().concat()
        };
        for one in ["stage sN { x N; y \"N\" }\n", "a 10sN\n", "a true\n", "a {\n  - N\n}\n"] {
            let many = text(one, 3 * super::CHUNK / 2);
            let (whole, told) = parse(Files::single("p.kdl", &many).root());
            // Read alone, each says the same.
            let lines = one.matches('\n').count();
            let all: Vec<&str> = many.split_inclusive('\n').collect();
            for (node, part) in whole.nodes.iter().zip(all.chunks(lines)).step_by(97) {
                let (alone, _) = parse(Files::single("p.kdl", &part.concat()).root());
                let moved = alone.nodes[0].clone().moved(node.span.start);
                assert_eq!(*node, moved);
            }
            assert_eq!(whole.nodes.len(), 3 * super::CHUNK / 2);
            let (first, _) = (told.iter().next(), told.len());
            let (_, alone) = parse(Files::single("p.kdl", &text(one, 1)).root());
            assert_eq!(first.map(|it| (it.code, it.span())), alone.iter().next().map(|it| (it.code, it.span())));
        }
    }
}
