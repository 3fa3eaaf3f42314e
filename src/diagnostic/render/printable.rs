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
        match c {
            '\u{1b}' => match chars.peek() {
                Some('[') => {
                    chars.next();
                    let mut sequence = String::new();
                    let mut last = None;
                    for c in chars.by_ref() {
                        if ('\u{40}'..='\u{7e}').contains(&c) {
                            last = Some(c);
                            break;
                        }
                        sequence.push(c);
                    }
                    let plain = sequence.chars().all(|c| c.is_ascii_digit() || c == ';');
                    if colour && plain && last == Some('m') {
                        out.push_str(&format!("\u{1b}[{sequence}m"));
                        coloured = true;
                    }
                }
                Some(']' | 'P' | '_' | '^' | 'X') => {
                    // A string sequence: up to BEL or ESC \.
                    let mut before = ' ';
                    for c in chars.by_ref() {
                        if c == '\u{7}' || (before == '\u{1b}' && c == '\\') {
                            break;
                        }
                        before = c;
                    }
                }
                Some(_) => {
                    chars.next();
                }
                None => {}
            },
            '\t' => out.push('\t'),
            c if c.is_control() => {}
            c => out.push(c),
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
