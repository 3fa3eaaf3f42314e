//! The values that people nearly always write, read without the KDL crate, which takes microseconds for each.
//!
//! What is not plain is left to the crate; and what is plain means what the crate says it means, which the tests hold against it.

use super::characters::{
    is_disallowed, is_forbidden_in_word, is_keyword, is_number, is_space, looks_like_number, newline,
};
use super::document::Value;

/// The longest number that is read here; a longer one may be more than the crate's integers hold.
const LONGEST_NUMBER: usize = 30;

/// The value that `written`, one word or string, stands for; `None` where it is not plain.
pub(super) fn plain_value(written: &str) -> Option<Value> {
    match written.as_bytes() {
        [b'#', b'"' | b'#', ..] | [b'"', ..] => plain_string(written).map(Value::String),
        [b'#', ..] => keyword(&written[1..]),
        _ if is_plain_word(written) => Some(Value::String(written.to_owned())),
        _ => number(written),
    }
}

/// The name that `written` stands for, where only a string may stand; `None` where it is not plain.
pub(super) fn plain_name(written: &str) -> Option<String> {
    match written.as_bytes() {
        [b'#' | b'"', ..] => plain_string(written),
        _ => is_plain_word(written).then(|| written.to_owned()),
    }
}

/// Whether `written` is a string without quotes and certainly allowed to be one.
pub(super) fn is_plain_word(written: &str) -> bool {
    let is_plain = |c: char| match c {
        '\0'..='\x7F' => c.is_ascii_graphic() && !is_forbidden_in_word(c),
        _ => c.is_alphanumeric(),
    };
    !written.is_empty() && written.chars().all(is_plain) && !looks_like_number(written) && !is_keyword(written)
}

fn keyword(word: &str) -> Option<Value> {
    match word {
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        "null" => Some(Value::Null),
        _ => None,
    }
}

fn number(written: &str) -> Option<Value> {
    if written.len() > LONGEST_NUMBER || !is_number(written) {
        return None;
    }
    let digits = written.replace('_', "");
    let unsigned = digits.trim_start_matches(['+', '-']);
    let radix = match unsigned.get(..2) {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ if unsigned.bytes().all(|byte| byte.is_ascii_digit()) => return digits.parse().ok().map(Value::Integer),
        _ => return digits.parse().ok().map(Value::Float),
    };
    let magnitude = i128::from_str_radix(&unsigned[2..], radix).ok()?;
    Some(Value::Integer(if digits.starts_with('-') { -magnitude } else { magnitude }))
}

/// A string in quotes of any kind, without the rarer escapes.
fn plain_string(written: &str) -> Option<String> {
    let hashes = written.bytes().take_while(|byte| *byte == b'#').count();
    let closing = written.len() - written.trim_end_matches('#').len();
    let inner = written.get(hashes..written.len() - closing).filter(|_| closing == hashes)?;
    match inner.strip_prefix("\"\"\"") {
        Some(rest) if !rest.is_empty() => block(rest.strip_suffix("\"\"\"")?, hashes > 0),
        _ => line(inner.strip_prefix('"')?.strip_suffix('"')?, hashes > 0),
    }
}

/// The text between the quotes of a string on one line.
fn line(body: &str, raw: bool) -> Option<String> {
    let mut special = false;
    for (at, c) in body.char_indices() {
        match c {
            '\\' | '"' => special = true,
            ' '..='\x7E' => {}
            _ if is_disallowed(c) || newline(&body[at..]) > 0 => return None,
            _ => {}
        }
    }
    match (special, raw) {
        (false, _) => Some(body.to_owned()),
        // A quote before a `#` may be the end, and two of them at the start are another kind of string.
        (true, true) if body.contains("\"#") || body.starts_with('"') || body.ends_with('"') => None,
        (true, true) => Some(body.to_owned()),
        (true, false) => unescaped(body, false),
    }
}

/// What stands between `"""` and `"""`, its first newline included: lines without the blanks that the last of them consists of.
fn block(body: &str, raw: bool) -> Option<String> {
    let body = body.strip_prefix("\r\n").or_else(|| body.strip_prefix('\n'))?;
    if body.contains("\"\"") {
        return None;
    }
    if raw || !body.contains('\\') {
        return dedented(body, raw);
    }
    // Escaped blanks are gone before lines are told apart; other escapes stand for what could not be written in a line.
    unescaped(&dedented(&without_escaped_blanks(body)?, raw)?, true)
}

/// `body` without the blanks and newlines that stand behind a backslash each, that one included.
fn without_escaped_blanks(body: &str) -> Option<String> {
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let escaped = escape[1..].chars().next()?;
        rest = escape[1..].trim_start_matches([' ', '\t', '\n', '\r']);
        if rest.starts_with(|c: char| c.is_whitespace() || !c.is_ascii()) {
            // A rarer blank, perhaps.
            return None;
        }
        if rest.len() == escape.len() - 1 {
            let end = 1 + escaped.len_utf8();
            out.push_str(&escape[..end]);
            rest = &escape[end..];
        }
    }
    out.push_str(rest);
    Some(out)
}

/// Lines without the blanks that the last of them consists of.
fn dedented(body: &str, raw: bool) -> Option<String> {
    let (lines, prefix) = match body.rfind('\n') {
        Some(end) => (&body[..=end], &body[end + 1..]),
        None => ("", body),
    };
    if !prefix.chars().all(is_space) {
        return None;
    }
    let mut out = String::with_capacity(lines.len());
    for (at, written) in lines.split_inclusive('\n').enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let text = written.strip_suffix("\r\n").or_else(|| written.strip_suffix('\n'))?;
        let odd = |(at, c): (usize, char)| !matches!(c, ' '..='\x7E') && (is_disallowed(c) || newline(&text[at..]) > 0);
        if text.char_indices().any(odd) {
            return None;
        }
        if !text.chars().all(is_space) {
            out.push_str(text.strip_prefix(prefix)?);
        }
    }
    // The crate takes such a raw block for a string on one line that is no string.
    (!(raw && out == "\"")).then_some(out)
}

/// `body` with its escapes resolved; `None` where one is not of a single letter or of a number, or where a quote is not escaped and
/// may not stand there.
fn unescaped(body: &str, may_hold_quotes: bool) -> Option<String> {
    let mut out = String::with_capacity(body.len());
    let mut chars = body.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' if !may_hold_quotes => return None,
            '\\' => out.push(match chars.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                's' => ' ',
                'b' => '\u{8}',
                'f' => '\u{C}',
                '"' => '"',
                '\\' => '\\',
                'u' => {
                    let (digits, rest) = chars.as_str().strip_prefix('{')?.split_once('}')?;
                    let is_hex = (1..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                    chars = rest.chars();
                    char::from_u32(u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)?)?
                }
                _ => return None,
            }),
            _ => out.push(c),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use kdl::{KdlEntry, KdlNode, KdlValue};
    use proptest::prelude::*;

    use super::super::tests::cases;
    use super::*;

    fn same(theirs: &KdlValue, ours: &Value) -> bool {
        match (theirs, ours) {
            (KdlValue::String(theirs), Value::String(ours)) => theirs == ours,
            (KdlValue::Integer(theirs), Value::Integer(ours)) => theirs == ours,
            (KdlValue::Float(theirs), Value::Float(ours)) => theirs.to_bits() == ours.to_bits(),
            (KdlValue::Bool(theirs), Value::Bool(ours)) => theirs == ours,
            (KdlValue::Null, Value::Null) => true,
            _ => false,
        }
    }

    /// Whatever is plain is what the crate reads; what the crate refuses is not plain.
    fn agrees(written: &str) {
        if let Some(ours) = plain_value(written) {
            let theirs = KdlEntry::parse(written).unwrap_or_else(|error| panic!("{written:?}: {error:?}"));
            assert!(same(theirs.value(), &ours), "{written:?}: {theirs:?}, not {ours:?}");
            assert!(theirs.name().is_none() && theirs.ty().is_none(), "{written:?}: {theirs:?}");
        }
        if let Some(ours) = plain_name(written) {
            let theirs = KdlNode::parse(written).unwrap_or_else(|error| panic!("{written:?}: {error:?}"));
            assert_eq!(theirs.name().value(), ours, "{written:?}");
            assert!(theirs.entries().is_empty() && theirs.children().is_none(), "{written:?}: {theirs:?}");
        }
    }

    #[test]
    fn what_people_write_is_plain() {
        for written in [
            "db",
            "collect-static",
            "a.b",
            "--flag",
            "-x",
            "busybox",
            "é",
            "8000",
            "-1.5e3",
            "0x1F",
            "#true",
            "#null",
            "\"\"",
            "\"two words\"",
            "\"a \\\"b\\\"\\n\"",
            "\"\\u{1F600}\"",
            "#\"{\"a\": 1}\"#",
            "\"\"\"\n  a\n\n    b\n  \"\"\"",
            "#\"\"\"\r\n  \\d+\r\n  \"\"\"#",
            "\"\"\"\n\"\"\"",
            "\"\"\"\n  docker build \\\n      --pull \\\\ \"a\\tb\"\n  \"\"\"",
        ] {
            assert!(plain_value(written).is_some(), "{written:?}");
            agrees(written);
        }
    }

    #[test]
    fn what_is_odd_is_left_to_the_crate() {
        for written in [
            "",
            "true",
            "#nan",
            "10s",
            "a/b",
            "\"a\\ b\"",
            "\"\\q\"",
            "\"a",
            "\"\"\"a\"\"\"",
            "\"\"\"",
            "#\"\"\"#",
            "#\"a\"",
            "##\"a\"#",
            "\"\"\"\n  a\n b\n  \"\"\"",
            "\"\u{2028}\"",
            "a\u{202E}",
            "1_000_000_000_000_000_000_000_000_000_000",
            "0XFF",
            "\"a\"b\"",
        ] {
            assert_eq!(plain_value(written), None, "{written:?}");
        }
        for written in ["8000", "#true", "1a", "true"] {
            assert_eq!(plain_name(written), None, "{written:?}");
        }
    }

    proptest! {
        #![proptest_config(cases(600, "tests/regressions/syntax-plain.txt"))]

        #[test]
        fn words_and_numbers_are_what_the_crate_reads(written in "[-+._a-f0-9xobeE:,'#$@é]{1,8}|[-+]?0[xob][0-9a-f_]{1,6}|[0-9_]{1,33}|-?[0-9][0-9_]{0,3}(\\.[0-9_]{1,3})?([eE][-+]?[0-9_]{1,4})?") {
            agrees(&written);
        }

        #[test]
        fn strings_are_what_the_crate_reads(body in "[a \\\\\"#nu{}0-9\u{202E}\u{85}\u{A0}\té]{0,10}|(\\\\[nrtsbf\"\\\\]|a| |\\\\u\\{[0-9a-fD]{1,6}\\})*", hashes in 0_usize..3) {
            let hashes = "#".repeat(hashes);
            agrees(&format!("{hashes}\"{body}\"{hashes}"));
        }

        #[test]
        fn blocks_are_what_the_crate_reads(
            lines in prop::collection::vec("( {0,4}|\t{0,2})(\\\\[nt\\\\\"s]|\\\\ ?)?[a\"\\\\ #\u{A0}\u{2028}\r]{0,4}(\n|\r\n|\r)", 0..5),
            indent in " {0,2}|\t|a",
            hashes in 0_usize..3,
        ) {
            let hashes = "#".repeat(hashes);
            agrees(&format!("{hashes}\"\"\"\n{}{indent}\"\"\"{hashes}", lines.concat()));
        }
    }
}
