//! The character classes of KDL 2.0 that the scanner needs.

/// The length in bytes of the newline that `text` starts with, 0 where it starts with none. CRLF is one newline.
pub(super) fn newline(text: &str) -> usize {
    match text.as_bytes() {
        [b'\r', b'\n', ..] => 2,
        [b'\n' | b'\r' | 0x0B | 0x0C, ..] => 1,
        [0xC2, 0x85, ..] => 2,
        [0xE2, 0x80, 0xA8 | 0xA9, ..] => 3,
        _ => 0,
    }
}

/// KDL's `unicode-space`: blanks that separate but do not end a node.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, '\t' | ' ' | '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}')
}

/// KDL's `disallowed-literal-code-points`: control and direction characters that may stand nowhere in a text, the byte
/// order mark among them unless it comes first.
pub(super) fn is_disallowed(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{E}'..='\u{1F}' | '\u{7F}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Whether a disallowed character changes the direction of the text around it.
pub(super) fn is_direction(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// What people call a disallowed character: its name in Unicode, where it has one.
pub(super) fn describe(c: char) -> String {
    let name = match c {
        '\0' => "NUL",
        '\u{7}' => "a bell",
        '\u{8}' => "a backspace",
        '\u{1B}' => "an escape character",
        '\u{7F}' => "a delete character",
        '\u{200E}' => "a left-to-right mark",
        '\u{200F}' => "a right-to-left mark",
        '\u{202A}' => "a left-to-right embedding",
        '\u{202B}' => "a right-to-left embedding",
        '\u{202C}' => "a pop directional formatting",
        '\u{202D}' => "a left-to-right override",
        '\u{202E}' => "a right-to-left override",
        '\u{2066}' => "a left-to-right isolate",
        '\u{2067}' => "a right-to-left isolate",
        '\u{2068}' => "a first strong isolate",
        '\u{2069}' => "a pop directional isolate",
        '\u{FEFF}' => "a byte order mark in its middle",
        _ => "a control character",
    };
    format!("{name}, U+{:04X}", u32::from(c))
}

/// The words that KDL 2 writes with `#` and forbids without.
pub(super) fn is_keyword(word: &str) -> bool {
    matches!(word, "true" | "false" | "null" | "inf" | "-inf" | "nan")
}

/// Characters that no bare word may hold.
pub(super) fn is_forbidden_in_word(c: char) -> bool {
    matches!(c, '\\' | '/' | '(' | ')' | '{' | '}' | '[' | ']' | ';' | '"' | '#' | '=')
}

/// Whether `word` reads as a number: a digit, after a sign and a dot where there are any.
pub(super) fn looks_like_number(word: &str) -> bool {
    let word = word.strip_prefix(['+', '-']).unwrap_or(word);
    let word = word.strip_prefix('.').unwrap_or(word);
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// KDL's `number`: decimal with fraction and exponent, or `0x`, `0o`, `0b`; `_` between digits.
pub(super) fn is_number(word: &str) -> bool {
    let word = word.strip_prefix(['+', '-']).unwrap_or(word);
    let digits = |text: &str, radix: u32| {
        text.starts_with(|c: char| c.is_digit(radix)) && text.chars().all(|c| c == '_' || c.is_digit(radix))
    };
    for (prefixes, radix) in [(["0x", "0X"], 16), (["0o", "0O"], 8), (["0b", "0B"], 2)] {
        if let Some(rest) = prefixes.iter().find_map(|prefix| word.strip_prefix(prefix)) {
            return digits(rest, radix);
        }
    }
    let (mantissa, exponent) = match word.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (word, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole, 10)
        && fraction.is_none_or(|fraction| digits(fraction, 10))
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent), 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_kdl() {
        for number in ["0", "-1", "+1_000", "1.5", "1.5e-10", "1E3", "0xFF_0", "-0b10", "0o17", "1_"] {
            assert!(is_number(number), "{number}");
        }
        for other in ["10s", "1.", "1.2.3", "0x", "0xg", "0b2", "1e", "8080:80", ".5", "_1", "1__e_"] {
            assert!(!is_number(other), "{other}");
        }
    }

    #[test]
    fn what_starts_like_a_number_is_seen() {
        for word in ["10s", ".5", "-.5", "+5m"] {
            assert!(looks_like_number(word), "{word}");
        }
        for word in ["./x", "-x", "--port", ".", "a1"] {
            assert!(!looks_like_number(word), "{word}");
        }
    }
}
