use super::{Type, Word};

/// A value that stands on a node without a name.
#[derive(Debug, Clone, Copy)]
pub struct Argument {
    /// What the reference calls it.
    pub name: &'static str,
    /// What it is.
    pub ty: Type,
    /// What it is for, in one sentence.
    pub doc: &'static str,
    /// How many of it.
    pub arity: Arity,
    /// Words that mean something of their own in this place, besides `ty`.
    pub words: &'static [Word],
    /// Annotations that it may bear, such as `secret`.
    pub annotations: &'static [&'static str],
    /// What stands in for it, for the reference; empty where nothing does.
    pub default: &'static str,
}

/// How many values an argument takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arity {
    /// Exactly one.
    One,
    /// One or none.
    Optional,
    /// One or more; only the last argument.
    Many,
    /// Exactly so many.
    Exactly(usize),
}

impl Argument {
    /// Exactly one value.
    pub const fn new(name: &'static str, ty: Type, doc: &'static str) -> Self {
        Argument { name, ty, doc, arity: Arity::One, words: &[], annotations: &[], default: "" }
    }

    /// One or none.
    pub const fn optional(self) -> Self {
        Argument { arity: Arity::Optional, ..self }
    }

    /// One or more.
    pub const fn many(self) -> Self {
        Argument { arity: Arity::Many, ..self }
    }

    /// Exactly `count`.
    pub const fn exactly(self, count: usize) -> Self {
        Argument { arity: Arity::Exactly(count), ..self }
    }

    /// What stands in for it.
    pub const fn default(self, default: &'static str) -> Self {
        Argument { default, ..self }
    }

    /// With words of its own.
    pub const fn words(self, words: &'static [Word]) -> Self {
        Argument { words, ..self }
    }

    /// With annotations.
    pub const fn annotations(self, annotations: &'static [&'static str]) -> Self {
        Argument { annotations, ..self }
    }

    /// The word of a closed set that `text` is, here.
    pub fn word(&self, text: &str) -> Option<&'static Word> {
        let closed = match self.ty {
            Type::Word(words) => words,
            _ => &[],
        };
        self.words.iter().chain(closed).find(|word| word.word == text)
    }
}
