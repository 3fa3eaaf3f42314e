use std::fmt;

use super::Name;
use crate::source::Span;

/// A string with holes: `"registry/app:{{app-version}}"`. Filled once, when all its holes are known; a value is never expanded again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Literal parts and holes, in order.
    pub pieces: Vec<Piece>,
    /// The string in the file, quotes included.
    pub span: Span,
}

/// A part of a [`Text`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Taken as it is.
    Literal(String),
    /// Filled in.
    Hole(Hole),
}

/// What a `{{…}}` names. All of these are resolved: the name exists and the value is there when it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Hole {
    /// `{{app-version}}`
    Param(Name),
    /// `{{pipeline.name}}`
    PipelineName,
    /// `{{run.id}}`
    RunId,
    /// `{{release.digest}}`, of an image: the id that the engine gave it.
    ImageDigest(Name),
    /// `{{app.url}}`: the service's first port as seen from outside.
    Url(Name),
    /// `{{app.host}}`, as seen from outside.
    Host(Name),
    /// `{{app.port.8000}}`: the number on the host.
    Port(Name, u16),
    /// `{{app.internal-url}}`: as seen from inside the run's network.
    InternalUrl(Name),
    /// `{{item}}`, captured earlier in the same test.
    Capture(String),
    /// `{{row.title}}`, a cell of the row that the test is run for.
    Row(String),
}

/// Where the values of holes come from.
pub trait Scope {
    /// The value of `hole`; `None` where it is not known (yet).
    fn value(&self, hole: &Hole) -> Option<String>;

    /// The value of `hole` with its type, where it has one: what a test has captured of an answer.
    fn typed(&self, _: &Hole) -> Option<serde_json::Value> {
        None
    }
}

impl Text {
    /// A text without holes.
    pub fn literal(text: impl Into<String>, span: Span) -> Self {
        Text { pieces: vec![Piece::Literal(text.into())], span }
    }

    /// Its holes, in order.
    pub fn holes(&self) -> impl Iterator<Item = &Hole> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Hole(hole) => Some(hole),
            Piece::Literal(_) => None,
        })
    }

    /// The whole text where it has no hole.
    pub fn as_literal(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The hole that is all of it.
    pub fn as_hole(&self) -> Option<&Hole> {
        match self.pieces.as_slice() {
            [Piece::Hole(hole)] => Some(hole),
            _ => None,
        }
    }

    /// The text with its holes filled; the first hole without a value otherwise.
    pub fn fill(&self, scope: &dyn Scope) -> Result<String, Hole> {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => out.push_str(text),
                Piece::Hole(hole) => out.push_str(&scope.value(hole).ok_or_else(|| hole.clone())?),
            }
        }
        Ok(out)
    }
}

/// As the author would write it, holes left open.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => f.write_str(text)?,
                Piece::Hole(hole) => write!(f, "{{{{{hole}}}}}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Hole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Hole::Param(name) => write!(f, "{name}"),
            Hole::PipelineName => f.write_str("pipeline.name"),
            Hole::RunId => f.write_str("run.id"),
            Hole::ImageDigest(name) => write!(f, "{name}.digest"),
            Hole::Url(name) => write!(f, "{name}.url"),
            Hole::Host(name) => write!(f, "{name}.host"),
            Hole::Port(name, port) => write!(f, "{name}.port.{port}"),
            Hole::InternalUrl(name) => write!(f, "{name}.internal-url"),
            Hole::Capture(name) => f.write_str(name),
            Hole::Row(column) => write!(f, "row.{column}"),
        }
    }
}
