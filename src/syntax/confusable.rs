//! Characters that look like others, or like nothing: the eye takes the word for one that it is not.

use super::mistakes::Mistakes;
use crate::diagnostic::{Diagnostic, Edit, Fix, codes::text};

/// Looks at the word or string at `start..end`; `bare` is a word without quotes.
pub(super) fn look_for_confusables(mistakes: &mut Mistakes<'_>, start: usize, end: usize, bare: bool) {
    let source: &str = mistakes.file.text();
    let word = &source[start..end];
    if word.is_ascii() || mistakes.is_full() {
        return;
    }
    invisible(mistakes, start, end, bare);
    if bare || is_like_a_name(word) {
        look_alikes(mistakes, start, word);
    }
    if bare {
        dash(mistakes, start, word);
    }
}

/// Characters of no width between, before or after ASCII, where no script has a use for them.
fn invisible(mistakes: &mut Mistakes<'_>, start: usize, end: usize, bare: bool) {
    let source: &str = mistakes.file.text();
    let mut edits = Vec::new();
    let mut first = None;
    let mut before: Option<char> = None;
    let mut rest = source[start..end].char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let name = match invisible_name(c) {
            Some(name) => name,
            None => {
                before = Some(c);
                continue;
            }
        };
        let mut length = c.len_utf8();
        while let Some((_, next)) = rest.next_if(|(_, next)| invisible_name(*next).is_some()) {
            length += next.len_utf8();
        }
        let after = rest.peek().map(|(_, c)| *c);
        let is_edge = |c: Option<char>| c.map_or(bare, |c| c.is_ascii_graphic());
        if is_edge(before) && is_edge(after) {
            let range = start + at..start + at + length;
            edits.push(Edit { span: mistakes.span(&range), text: String::new() });
            first.get_or_insert((c, name, range));
        }
    }
    let Some((c, name, range)) = first else { return };
    mistakes.push(
        Diagnostic::new(text::CONFUSABLE_CHARACTER, format!("the text holds a character that nobody sees, {name}"))
            .label(mistakes.span(&range), format!("U+{:04X} stands here", u32::from(c)))
            .help("remove it")
            .fix_of(Fix { title: "remove what nobody sees".to_owned(), safe: true, edits }),
    );
}

fn invisible_name(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{AD}' => "a soft hyphen",
        '\u{200B}' => "a zero-width space",
        '\u{200C}' => "a zero-width non-joiner",
        '\u{200D}' => "a zero-width joiner",
        '\u{2060}' => "a word joiner",
        _ => return None,
    })
}

/// A word of ASCII letters and others that look like them.
fn look_alikes(mistakes: &mut Mistakes<'_>, start: usize, word: &str) {
    let visible = || word.char_indices().filter(|(_, c)| invisible_name(*c).is_none());
    let is_mixed = word.bytes().any(|byte| byte.is_ascii_alphabetic());
    let mut others = visible().filter(|(_, c)| !c.is_ascii());
    let Some((at, c)) = others.next().filter(|_| is_mixed) else { return };
    if !visible().all(|(_, c)| c.is_ascii() || look_alike(c).is_some()) {
        return;
    }
    let meant: String = visible().map(|(_, c)| look_alike(c).unwrap_or(c)).collect();
    let foreign = visible().filter_map(|(at, c)| Some((at, c, look_alike(c)?)));
    let edits = foreign.map(|(at, c, meant)| {
        let range = start + at..start + at + c.len_utf8();
        Edit { span: mistakes.span(&range), text: meant.to_string() }
    });
    let edits = edits.collect();
    let latin = look_alike(c).unwrap_or(c);
    let place = mistakes.span(&(start + at..start + at + c.len_utf8()));
    let (code, code_of_latin) = (u32::from(c), u32::from(latin));
    mistakes.push(
        Diagnostic::new(text::CONFUSABLE_CHARACTER, format!("`{word}` is not `{meant}`, which it looks like"))
            .label(place, format!("`{c}` U+{code:04X}, {}", script(c)))
            .help(format!("write `{meant}`, with `{latin}` U+{code_of_latin:04X}"))
            .fix_of(Fix { title: "write it in ASCII".to_owned(), safe: true, edits }),
    );
}

/// `–master` for `--master`: programs for writing letters join the two hyphens.
fn dash(mistakes: &mut Mistakes<'_>, start: usize, word: &str) {
    let mut chars = word.chars();
    let first = chars.next().unwrap_or_default();
    let (name, meant) = match first {
        '\u{2013}' => ("an en dash", "--"),
        '\u{2014}' => ("an em dash", "--"),
        '\u{2010}' | '\u{2011}' => ("a hyphen other than `-`", "-"),
        '\u{2212}' => ("a minus sign other than `-`", "-"),
        _ => return,
    };
    let rest = chars.as_str();
    if !rest.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return;
    }
    let span = mistakes.span(&(start..start + first.len_utf8()));
    mistakes.push(
        Diagnostic::new(text::CONFUSABLE_CHARACTER, format!("`{word}` begins with {name}"))
            .label(span, format!("`{first}` U+{:04X}", u32::from(first)))
            .help(format!("write `{meant}{rest}`"))
            .suggestion(format!("write `{meant}`"), span, meant),
    );
}

/// A string without blanks, of what names, paths and references are made of.
fn is_like_a_name(string: &str) -> bool {
    let inner = string.trim_matches(['"', '#']);
    inner.chars().all(|c| !c.is_ascii() || c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':' | '@'))
}

fn script(c: char) -> &'static str {
    match c {
        '\u{370}'..='\u{3FF}' => "Greek",
        '\u{400}'..='\u{52F}' => "Cyrillic",
        _ => "full width",
    }
}

/// The ASCII character that `c` is drawn like.
fn look_alike(c: char) -> Option<char> {
    Some(match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFF01 + 0x21)?,
        'а' => 'a',
        'е' => 'e',
        'о' | 'ο' => 'o',
        'р' => 'p',
        'с' => 'c',
        'у' => 'y',
        'х' => 'x',
        'і' => 'i',
        'ј' => 'j',
        'ѕ' => 's',
        'һ' => 'h',
        'ԁ' => 'd',
        'ԛ' => 'q',
        'ԝ' => 'w',
        'А' | 'Α' => 'A',
        'В' | 'Β' => 'B',
        'С' => 'C',
        'Е' | 'Ε' => 'E',
        'Н' | 'Η' => 'H',
        'І' | 'Ι' => 'I',
        'Ј' => 'J',
        'К' | 'Κ' => 'K',
        'М' | 'Μ' => 'M',
        'Ν' => 'N',
        'О' | 'Ο' => 'O',
        'Р' | 'Ρ' => 'P',
        'Ѕ' => 'S',
        'Т' | 'Τ' => 'T',
        'Х' | 'Χ' => 'X',
        'Υ' => 'Y',
        'Ζ' => 'Z',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_are_no_ascii_and_mean_ascii() {
        let table: Vec<char> = ('\u{80}'..'\u{10000}').filter(|c| look_alike(*c).is_some()).collect();
        assert!(table.len() > 120);
        assert!(table.iter().all(|c| look_alike(*c).is_some_and(|meant| meant.is_ascii_graphic())));
        assert!(table.iter().all(|c| !script(*c).is_empty()));
    }
}
