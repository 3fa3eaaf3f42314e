use std::ops::Range;

use super::Word;

/// A simple command: assignments, words and redirections.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lint) struct Simple {
    /// `NAME=value` before the first word.
    pub assignments: Vec<Word>,
    /// The command's name and its arguments.
    pub words: Vec<Word>,
    /// Redirections, each an operator with its target.
    pub redirects: Vec<(&'static str, Word)>,
    /// From its first word to its last.
    pub span: Range<usize>,
    /// Which pipeline of the script it is part of, and its position in it, both from 0.
    pub pipeline: (usize, usize),
    /// What stands behind it.
    pub joined: Joined,
    /// Whether its exit code decides a branch or a loop, or is negated: `set -e` does not look at it.
    pub is_condition: bool,
    /// Whether it stands in a command substitution or a subshell.
    pub is_nested: bool,
    /// Whether it stands in a loop.
    pub is_in_loop: bool,
    /// Whether it stands where the script need not come: in a branch, a loop, a function, or behind `&&` or `||`.
    pub is_sometimes: bool,
}

/// What stands behind a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::lint) enum Joined {
    /// `;`, a new line, or nothing.
    End,
    /// `|`
    Pipe,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `&`
    Background,
}

impl Simple {
    /// The name of the command, where it is written out, without its directories.
    pub fn name(&self) -> Option<&str> {
        let name = self.words.first()?.literal()?;
        Some(name.rsplit('/').next().unwrap_or(name))
    }

    /// The arguments.
    pub fn arguments(&self) -> &[Word] {
        self.words.get(1..).unwrap_or_default()
    }

    /// Whether one of the arguments is written out as `text`.
    pub fn has(&self, text: &str) -> bool {
        self.arguments().iter().any(|word| word.literal() == Some(text))
    }

    /// Whether the option of that letter is set: `-r`, `-rf`.
    pub fn has_letter(&self, letter: char) -> bool {
        let options = self.arguments().iter().filter_map(Word::literal).take_while(|word| *word != "--");
        options.filter_map(|word| word.strip_prefix('-')).any(|word| !word.starts_with('-') && word.contains(letter))
    }
}
