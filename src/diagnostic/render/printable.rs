/// What a container wrote, made safe to show: colours pass where `colour` allows them, everything else that could move the
/// cursor, set a title or ring is left out; a carriage return keeps what was written last; bytes that are no UTF-8 show as U+FFFD.
pub fn printable(line: &[u8], colour: bool) -> String {
    let text = String::from_utf8_lossy(line);
    let text = text.trim_end_matches('\r');
    let text = text.rsplit('\r').next().unwrap_or_default();
    let mut out = String::with_capacity(text.len());
    let mut coloured = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            // Each has two forms: an escape with a letter, and one control character.
            ('\u{1b}', Some('[')) | ('\u{9b}', _) => {
                if c == '\u{1b}' {
                    chars.next();
                }
                let sequence: String =
                    std::iter::from_fn(|| chars.next_if(|c| ('\u{20}'..='\u{3f}').contains(c))).collect();
                let last = chars.next_if(|c| ('\u{40}'..='\u{7e}').contains(c));
                if colour && last == Some('m') && sequence.chars().all(|c| matches!(c, '0'..='9' | ';' | ':')) {
                    out.push_str(&format!("\u{1b}[{sequence}m"));
                    coloured = true;
                }
            }
            ('\u{1b}', Some(']' | 'P' | '_' | '^' | 'X')) | ('\u{90}' | '\u{98}' | '\u{9d}'..='\u{9f}', _) => {
                // A string: up to BEL, ESC \ or the control character that stands for it.
                let mut before = ' ';
                for c in chars.by_ref() {
                    if matches!(c, '\u{7}' | '\u{9c}') || (before == '\u{1b}' && c == '\\') {
                        break;
                    }
                    before = c;
                }
            }
            ('\u{1b}', _) => {
                while chars.next_if(|c| ('\u{20}'..='\u{2f}').contains(c)).is_some() {}
                chars.next_if(|c| ('\u{30}'..='\u{7e}').contains(c));
            }
            ('\t', _) => out.push('\t'),
            (c, _) if c.is_control() => {}
            (c, _) => out.push(c),
        }
    }
    if coloured {
        out.push_str("\u{1b}[0m");
    }
    out
}

/// At most `width` characters, the cut marked.
pub fn clipped(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut out: String = text.chars().take(width.saturating_sub(1)).collect();
    out.push('…');
    out
}

/// In lines of at most `width` characters, broken between words; a longer word stands alone.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is one from the start");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_colours_pass_and_they_are_closed() {
        assert_eq!(printable(b"\x1b[31mred\x1b[0m \x1b[2Jx\x1b]0;title\x07y", true), "\x1b[31mred\x1b[0m xy\x1b[0m");
        assert_eq!(printable(b"\x1b[31mred\x1b[0m", false), "red");
        assert_eq!(printable(b"\x1bcx\x07", true), "x");
        assert_eq!(printable(b"\x1b(B\x1b[mplain", true), "\x1b[mplain\x1b[0m");
        assert_eq!(printable(b"\x1b[38:2::1:2:3mred", true), "\x1b[38:2::1:2:3mred\x1b[0m");
        assert_eq!(printable("\u{9b}2Ja\u{9d}0;title\u{9c}b\u{9b}1mc".as_bytes(), true), "ab\x1b[1mc\x1b[0m");
        assert_eq!(printable(b"a\x1b[5\tb\x1b", true), "a\tb", "half a sequence takes nothing with it");
    }

    #[test]
    fn a_progress_bar_shows_its_last_state() {
        assert_eq!(printable(b"10%\r50%\r100%\r", false), "100%");
        assert_eq!(printable(b"a\xff", false), "a\u{fffd}");
    }

    #[test]
    fn a_cut_is_marked() {
        assert_eq!(clipped("abcdef", 4), "abc…");
        assert_eq!(clipped("abcd", 4), "abcd");
    }
}
