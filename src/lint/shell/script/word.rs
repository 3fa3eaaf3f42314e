use std::ops::Range;

/// A word: what stands between blanks, as parts.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::lint) struct Word {
    /// Its parts, in order.
    pub parts: Vec<Part>,
    /// Its place.
    pub span: Range<usize>,
}

/// A part of a word.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lint) enum Part {
    /// Text that stands for itself, quotes and escapes taken away.
    Literal {
        /// The text.
        text: String,
        /// Whether it was quoted or escaped.
        quoted: bool,
    },
    /// `$NAME`, `${NAME…}`.
    Variable {
        /// The name; empty for what is no plain name.
        name: String,
        /// Whether it stands in double quotes.
        quoted: bool,
        /// Its place.
        span: Range<usize>,
    },
    /// `$(…)`, `` `…` ``, `$((…))`.
    Substitution {
        /// Whether it stands in double quotes.
        quoted: bool,
    },
    /// `{{…}}` of the pipeline.
    Hole {
        /// Whether it stands in quotes.
        quoted: bool,
        /// Its place.
        span: Range<usize>,
    },
}

impl Word {
    /// The text, where nothing in it is filled in.
    pub fn literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Literal { text, .. }] => Some(text),
            _ => None,
        }
    }

    /// The text, where it is written out without any quotes: only such a word can be reserved.
    pub(super) fn bare(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Literal { text, quoted: false }] => Some(text),
            _ => None,
        }
    }

    /// What is known of its text, in one piece: parts that are filled in are left out.
    pub fn known(&self) -> String {
        let known = self.parts.iter().map(|part| match part {
            Part::Literal { text, .. } => text.as_str(),
            _ => "",
        });
        known.collect()
    }

    /// Takes text in, next to the text before it where that is quoted alike.
    pub(super) fn push(&mut self, more: &str, is_quoted: bool) {
        match self.parts.last_mut() {
            Some(Part::Literal { text, quoted }) => {
                text.push_str(more);
                *quoted |= is_quoted;
            }
            _ => self.parts.push(Part::Literal { text: more.to_owned(), quoted: is_quoted }),
        }
    }
}
