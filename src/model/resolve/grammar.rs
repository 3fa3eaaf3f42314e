use super::resolver::Resolver;
use super::text::Site;
use crate::ast::Grammar;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::acceptance::BAD_HEADER_NAME;
use crate::model::Text;
use crate::model::interpolation::{RawPiece, split};
use crate::source::Spanned;

impl Resolver<'_> {
    /// A text with its holes resolved, told of where it is not what it is to be.
    pub fn held_to(&mut self, grammar: Grammar, text: &Spanned<String>, site: Site<'_>) -> Text {
        match grammar {
            Grammar::Free => {}
            Grammar::Regex => self.must_be_regex(text),
            Grammar::Json => self.must_be_json(text),
            Grammar::JsonPath => self.must_be_json_path(text),
            Grammar::XPath => self.must_be_xpath(text),
            Grammar::HeaderName => self.must_be_header_name(text),
            Grammar::File | Grammar::Snapshot => return self.file_text(text, grammar == Grammar::File),
        }
        self.text(text, site)
    }

    /// The path of a file, which is known beforehand.
    fn file_text(&mut self, written: &Spanned<String>, must_be_there: bool) -> Text {
        let Some(path) = self.known(written) else { return Text::literal("", written.span) };
        if must_be_there {
            self.file_is_there(&path, "file");
        }
        Text::literal(self.place(&path).value.to_string_lossy(), written.span)
    }

    /// Tells of what cannot be the name of a header: tokens of RFC 9110 are.
    pub fn must_be_header_name(&mut self, name: &Spanned<String>) {
        let (pieces, errors) = split(&name.value);
        let text = match pieces.as_slice() {
            _ if !errors.is_empty() => return,
            [] => "",
            [RawPiece::Literal(text)] if *text == name.value => text.as_str(),
            _ => return,
        };
        let wrong = text.char_indices().find(|(_, c)| !c.is_ascii_alphanumeric() && !"!#$%&'*+-.^_`|~".contains(*c));
        let (span, label) = match wrong {
            Some((at, c)) => {
                let label = if c == ':' { "the colon is not part of it" } else { "not a character of a name" };
                (self.inside(name, at..at + c.len_utf8()), label)
            }
            None if text.is_empty() => (name.span, "no name"),
            None => return,
        };
        let mended: String =
            text.trim().trim_end_matches(':').chars().map(|c| if c == ' ' { '-' } else { c }).collect();
        let fits = !mended.is_empty() && mended.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        let diagnostic = Diagnostic::new(BAD_HEADER_NAME, format!("`{text}` cannot be the name of a header"))
            .label(span, label)
            .note("a name is letters, digits and ``!#$%&'*+-.^_`|~``");
        self.report(if fits {
            diagnostic.help(format!("write `{mended}`")).fix(format!("write `{mended}`"), name.span, bare(&mended))
        } else {
            diagnostic.help("write a name such as `Content-Type`")
        });
    }
}

/// A word as KDL takes it: bare where it may be.
fn bare(word: &str) -> String {
    if word.starts_with(|c: char| c.is_ascii_alphabetic()) { word.to_owned() } else { format!("\"{word}\"") }
}
