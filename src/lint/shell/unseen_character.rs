use crate::diagnostic::codes::text::CONFUSABLE_CHARACTER;
use crate::diagnostic::{Diagnostic, Diagnostics, Edit, Fix};
use crate::lint::shell::script::{Part, Simple, Word};
use crate::lint::{Rule, Written};

/// A blank that is none to a shell, or a character that nobody sees, outside of quotes: the word is not the one that it looks like.
pub(super) const RULE: Rule = Rule::written(CONFUSABLE_CHARACTER, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for text in written.scripts() {
        for word in text.commands().iter().flat_map(words).filter(|word| word.parts.iter().all(is_open)) {
            let unseen: Vec<(usize, char)> = text
                .slice(word.span.clone())
                .char_indices()
                .filter(|(_, c)| is_unseen(*c))
                .map(|(at, c)| (word.span.start + at, c))
                .collect();
            let [(first, c), ..] = unseen.as_slice() else { continue };
            let place = |at: usize, c: char| text.place(written.files, at..at + c.len_utf8());
            let instead = |c: char| if c.is_whitespace() { " " } else { "" };
            let is_blank = c.is_whitespace();
            let message = if is_blank {
                format!("U+{:04X} is no blank to a shell, and part of the word", u32::from(*c))
            } else {
                format!("U+{:04X} is part of the word, and nobody sees it", u32::from(*c))
            };
            let edits = unseen.iter().map(|(at, c)| Edit { span: place(*at, *c), text: instead(*c).to_owned() });
            diagnostics.push(
                Diagnostic::new(CONFUSABLE_CHARACTER, message)
                    .label(place(*first, *c), if is_blank { "looks like a blank" } else { "not to be seen" })
                    .help("type it anew, or put it in quotes where it is meant")
                    .fix_of(Fix {
                        title: if is_blank { "write a blank" } else { "take it away" }.to_owned(),
                        safe: true,
                        edits: edits.collect(),
                    }),
            );
        }
    }
}

fn words(command: &Simple) -> impl Iterator<Item = &Word> {
    command.assignments.iter().chain(&command.words).chain(command.redirects.iter().map(|(_, target)| target))
}

/// Whether a part stands without quotes.
fn is_open(part: &Part) -> bool {
    match part {
        Part::Literal { quoted, .. }
        | Part::Variable { quoted, .. }
        | Part::Substitution { quoted }
        | Part::Hole { quoted, .. } => !quoted,
    }
}

/// Blanks that are none to a shell, and what has no width at all; what joins the parts of a letter or a picture is meant.
fn is_unseen(c: char) -> bool {
    (c.is_whitespace() && !c.is_ascii()) || matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}')
}
