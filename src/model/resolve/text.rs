use std::ops::Range;

use indexmap::IndexMap;

use super::captures::Captures;
use super::resolver::Resolver;
use crate::ast::{self, Places};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::names::{BAD_INTERPOLATION, DOLLAR_BEFORE_HOLE, INTERPOLATION_LIMIT};
use crate::model::interpolation::{InterpolationErrorKind, RawPiece, split};
use crate::model::{Hole, ParamSource, Piece, Text};
use crate::source::{Span, Spanned};

/// Where a string stands, which decides what its holes may name.
#[derive(Clone, Copy)]
pub(super) enum Site<'s> {
    /// Must be known before anything runs: paths, references to registries. Params that need no command.
    Static,
    /// Known when a run has begun: build arguments, labels. All params, and `run.id`.
    Build,
    /// In a container that starts when others are up: services' addresses and images' digests too. Its own service, where it has one.
    Container(Option<&'s str>),
    /// In the step of that number of a test: what was captured before, too.
    Probe { scope: &'s Captures<'s>, at: usize },
}

/// The most holes of one string.
const MOST_HOLES: usize = 1000;

/// The most bytes of one string, its holes filled.
const MOST_BYTES: usize = 1 << 20;

impl Resolver<'_> {
    /// A string with its holes resolved; those that name nothing are told of and left out.
    pub fn text(&mut self, string: &Spanned<String>, site: Site<'_>) -> Text {
        let (raw, errors) = split(&string.value);
        let file = self.files.get(string.span.file);
        // Most strings have no hole, and nothing in them has to be found.
        let mut places = None;
        let mut place = |at| places.get_or_insert_with(|| Places::of(file, string.span, &string.value)).span(at);
        for error in errors {
            let written = &string.value[error.at.clone()];
            self.diagnostics.push(bad_interpolation(error.kind, place(error.at.clone()), written));
        }
        let mut pieces = Vec::new();
        for piece in raw {
            match piece {
                RawPiece::Literal(text) => pieces.push(Piece::Literal(text)),
                RawPiece::Hole { name, at } => {
                    let span = place(at.clone());
                    let before = &string.value[..at.start];
                    // Where a value must be known now, a `$` is wrong for reasons of its own.
                    let is_told = !matches!(site, Site::Static) && before.ends_with('$') && !before.ends_with("$$");
                    if is_told {
                        let dollar = place(at.start - 1..at.start);
                        self.diagnostics.push(dollar_before(&name, dollar, span));
                    }
                    if let Some(axis) = name.strip_prefix("matrix.") {
                        // The value of an instance is as good as written there.
                        pieces.extend(self.axis_value(axis, span).map(Piece::Literal));
                        continue;
                    }
                    pieces.extend(self.hole(&name, span, site).map(Piece::Hole));
                }
            }
        }
        let text = Text { pieces: joined(pieces), span: string.span };
        self.is_bounded(&text);
        text
    }

    /// Tells of a string that would grow beyond all use when its holes are filled.
    fn is_bounded(&mut self, text: &Text) {
        if text.pieces.len() < 2 {
            return;
        }
        let length: usize = text.pieces.iter().map(|piece| self.length(piece)).sum();
        let holes = text.holes().count();
        let what = if holes > MOST_HOLES {
            format!("a string has {holes} holes, more than {MOST_HOLES}")
        } else if length > MOST_BYTES {
            format!("a string has {length} bytes once its holes are filled, more than {} KiB", MOST_BYTES >> 10)
        } else {
            return;
        };
        self.report(
            Diagnostic::new(INTERPOLATION_LIMIT, what)
                .label(text.span, "too much")
                .help("pass the value in a file or a variable instead")
                .note("this is a limit for safety, far above what a program takes as one word"),
        );
    }

    /// The bytes that a piece will have, as far as that is known.
    fn length(&self, piece: &Piece) -> usize {
        match piece {
            Piece::Literal(text) => text.len(),
            Piece::Hole(Hole::Param(name)) => match self.params.get(name).map(|param| &param.source) {
                Some(ParamSource::Value(value)) => value.len(),
                _ => 0,
            },
            Piece::Hole(_) => 0,
        }
    }

    /// As [`text`](Self::text), for one that may be missing.
    pub fn optional_text(&mut self, string: Option<&Spanned<String>>, site: Site<'_>) -> Option<Text> {
        string.map(|string| self.text(string, site))
    }

    /// A string that must be known now, its params filled in; `None` where that was told to be impossible.
    pub fn known(&mut self, string: &Spanned<String>) -> Option<Spanned<String>> {
        let before = self.diagnostics.len();
        let text = self.text(string, Site::Static);
        if self.is_open(&string.value) {
            return None;
        }
        if self.diagnostics.len() > before {
            return None;
        }
        let value = |hole: &Hole| match hole {
            Hole::Param(name) => match self.params.get(name).map(|param| &param.source) {
                Some(ParamSource::Value(value)) => value.clone(),
                _ => String::new(),
            },
            Hole::PipelineName => self.name.to_string(),
            _ => String::new(),
        };
        let filled = text
            .pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) => text.clone(),
                Piece::Hole(hole) => value(hole),
            })
            .collect();
        Some(Spanned::new(filled, string.span))
    }

    /// `KEY value` lines, later ones of a key in place of earlier ones.
    pub fn key_values(&mut self, lines: &[ast::KeyValue], site: Site<'_>) -> IndexMap<String, Text> {
        lines.iter().map(|line| (line.key.value.clone(), self.text(&line.value, site))).collect()
    }

    /// The place of some bytes of a string's value.
    pub fn inside(&self, string: &Spanned<String>, at: Range<usize>) -> Span {
        Places::of(self.files.get(string.span.file), string.span, &string.value).span(at)
    }
}

/// The pieces with neighbouring literals joined.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match (out.last_mut(), piece) {
            (Some(Piece::Literal(before)), Piece::Literal(text)) => before.push_str(&text),
            (_, Piece::Literal(text)) if text.is_empty() => {}
            (_, piece) => out.push(piece),
        }
    }
    out
}

/// The literal text that a string begins with; `None` where a hole begins it, which may hold anything.
pub(super) fn beginning<'t>(text: &'t Text, written: &Spanned<String>) -> Option<&'t str> {
    if written.value.starts_with("{{") && !written.value.starts_with("{{{{") {
        return None;
    }
    match text.pieces.first() {
        Some(Piece::Literal(literal)) => Some(literal),
        Some(Piece::Hole(_)) => None,
        None => Some(""),
    }
}

/// `${{name}}`, as another tool has it.
fn dollar_before(name: &str, dollar: Span, hole: Span) -> Diagnostic {
    let is_apart = dollar.end == hole.start;
    let diagnostic = Diagnostic::new(DOLLAR_BEFORE_HOLE, format!("the `$` before `{{{{{name}}}}}` stays where it is"))
        .label(dollar, "not taken away")
        .help(format!("write `{{{{{name}}}}}`"))
        .note("`${{…}}` is how GitHub's workflows write it");
    if is_apart { diagnostic.suggestion("take the `$` away", dollar, "") } else { diagnostic }
}

fn bad_interpolation(kind: InterpolationErrorKind, span: Span, written: &str) -> Diagnostic {
    let (message, label) = match kind {
        InterpolationErrorKind::Unclosed => ("a `{{` is not closed", "opened here"),
        InterpolationErrorKind::HalfClosed => ("a `{{` is closed with one `}`", "one `}` is missing"),
        InterpolationErrorKind::Empty => ("a `{{}}` names nothing", "no name"),
        InterpolationErrorKind::NotAName => ("what stands between `{{` and `}}` is no name", "not a name"),
    };
    let diagnostic = Diagnostic::new(BAD_INTERPOLATION, message).label(span, label);
    if kind == InterpolationErrorKind::HalfClosed {
        let whole = format!("{written}}}");
        let diagnostic = diagnostic.help(format!("write `{whole}`"));
        // Where the place is that of the whole string, there is no telling the hole from the rest.
        return match span.len() == written.len() {
            true => diagnostic.fix(format!("write `{whole}`"), span, whole),
            false => diagnostic,
        };
    }
    diagnostic
        .help("write `{{name}}`, or `{{{{` for a literal `{{`")
        .note("a name is letters, digits, `-` and `_`, its parts joined by dots: `{{app-version}}`, `{{app.url}}`")
}
