use super::block::Block;
use super::characters::{is_space, newline};
use super::mistakes::quote;
use super::scanner::Scanner;
use super::words::shortened;
use crate::diagnostic::{Diagnostic, codes::text};

/// Where a string ends, and whether it was closed.
struct Extent {
    /// Offset after the closing quotes, or where the string is taken to end.
    end: usize,
    closed: bool,
}

impl Scanner<'_, '_> {
    /// The length of the string in quotes at the scanner's place, mistakes told and mended.
    pub(super) fn quoted_string(&mut self) -> usize {
        if self.rest().starts_with("\"\"\"") {
            return self.block_string(0);
        }
        let start = self.at;
        let escapes = !self.after_raw_prefix();
        let extent = self.line_string_extent(start + 1, "\"", escapes);
        if !extent.closed
            && let Some(end) = self.kdl1_string_end(start + 1, "\"", escapes)
        {
            return end - start;
        }
        self.look_for_disallowed(start, extent.end);
        if extent.closed && !escapes {
            // The word before the quotes is told of later, together with them.
        } else if extent.closed {
            self.look_for_bad_escapes(start + 1, extent.end - 1);
        } else {
            self.unclosed_line_string(start, extent.end, "\"");
        }
        extent.end - start
    }

    /// The length of the raw string at the scanner's place, which starts with that many `#`.
    pub(super) fn raw_string(&mut self, hashes: usize) -> usize {
        if self.rest()[hashes..].starts_with("\"\"\"") && !self.rest()[hashes + 3..].starts_with('#') {
            return self.block_string(hashes);
        }
        let start = self.at;
        let close = format!("\"{}", "#".repeat(hashes));
        let extent = self.line_string_extent(start + hashes + 1, &close, false);
        if !extent.closed
            && let Some(end) = self.kdl1_string_end(start + hashes + 1, &close, false)
        {
            return end - start;
        }
        self.look_for_disallowed(start, extent.end);
        if !extent.closed {
            self.unclosed_line_string(start, extent.end, &close);
        }
        extent.end - start
    }

    /// Where a string on one line ends whose text starts at `from`. An unclosed one ends with its line, blanks and an
    /// opening brace left out.
    fn line_string_extent(&self, from: usize, close: &str, escapes: bool) -> Extent {
        let bytes = self.text.as_bytes();
        let mut at = from;
        while at < bytes.len() {
            let rest = &self.text[at..];
            if rest.starts_with(close) {
                return Extent { end: at + close.len(), closed: true };
            }
            if escapes && bytes[at] == b'\\' {
                at += escape_length(rest);
                continue;
            }
            if newline(rest) > 0 {
                break;
            }
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
        let text = self.text[from..at].trim_end_matches(is_space);
        let text = text.strip_suffix('{').filter(|rest| rest.ends_with(is_space)).unwrap_or(text);
        Extent { end: from + text.trim_end_matches(is_space).len(), closed: false }
    }

    fn unclosed_line_string(&mut self, start: usize, end: usize, close: &str) {
        let opening = self.text[start..end].len() - self.text[start..end].trim_start_matches(['#', '"']).len();
        let opening = opening.max(1).min(end - start);
        let diagnostic = Diagnostic::new(text::UNCLOSED_STRING, "the string is never closed")
            .label(self.mistakes.span(&(start..start + opening)), "string starts here")
            .label(self.mistakes.span(&(end..end)), format!("`{close}` missing"))
            .help(format!("close it with `{close}`; a text of several lines stands between `\"\"\"` and `\"\"\"`"));
        let span = self.mistakes.span(&(end..end));
        self.mistakes.push(diagnostic.fix("close the string", span, close));
        let body = self.text[start..end].trim_start_matches('#').trim_start_matches('"');
        let body = quote(body);
        self.mistakes.mend(start..end, body);
    }

    /// `"""` … `"""`, with `#` around where `hashes` is not 0.
    fn block_string(&mut self, hashes: usize) -> usize {
        let start = self.at;
        let body = start + hashes + 3;
        let close = format!("\"\"\"{}", "#".repeat(hashes));
        if newline(&self.text[body..]) == 0 {
            return self.block_string_on_one_line(start, body, hashes, &close);
        }
        let mut at = body;
        let bytes = self.text.as_bytes();
        while at < bytes.len() && !self.text[at..].starts_with(&close) {
            let rest = &self.text[at..];
            at += match bytes[at] {
                b'\\' if hashes == 0 => escape_length(rest),
                _ => rest.chars().next().map_or(1, char::len_utf8),
            };
        }
        if at >= bytes.len() {
            return self.unclosed_block_string(start, body, &close);
        }
        let end = at + close.len();
        self.look_for_disallowed(start, end);
        if hashes == 0 {
            self.look_for_bad_escapes(body, at);
        }
        self.look_at_shape(&Block { start, body, close: at, end, escapes: hashes == 0 });
        end - start
    }

    /// `"""text"""`: KDL wants a newline after the opening quotes.
    fn block_string_on_one_line(&mut self, start: usize, body: usize, hashes: usize, close: &str) -> usize {
        let mut at = body;
        while !self.text[at..].starts_with(close) {
            match self.text.as_bytes().get(at) {
                None | Some(b'\n' | b'\r') => return self.block_string_after_text(start, body, hashes, close),
                Some(_) => at += self.text[at..].chars().next().map_or(1, char::len_utf8),
            }
        }
        let end = at + close.len();
        self.look_for_disallowed(start, end);
        if hashes == 0 {
            self.look_for_bad_escapes(body, at);
        }
        let inner = self.mistakes.mended(body..at);
        let fixed = match hashes {
            0 => format!("\"{}\"", with_quotes_escaped(&inner)),
            _ => quote(&inner),
        };
        let diagnostic = Diagnostic::new(text::MULTILINE_STRING, "`\"\"\"` holds no line of its own")
            .label(self.mistakes.span(&(start..end)), "all on one line")
            .help(format!("write `{}`, or start a new line after the opening quotes", shortened(&fixed)));
        self.mistakes.push_mended(start..end, &fixed, "put it in plain quotes", diagnostic);
        end - start
    }

    /// `"""text` and more lines: the first line stands beside the quotes.
    fn block_string_after_text(&mut self, start: usize, body: usize, hashes: usize, close: &str) -> usize {
        let Some(at) = self.text[body..].find(close) else {
            return self.unclosed_block_string(start, body, close);
        };
        let (at, end) = (body + at, body + at + close.len());
        self.look_for_disallowed(start, end);
        if hashes == 0 {
            self.look_for_bad_escapes(body, at);
        }
        self.look_at_shape(&Block { start, body, close: at, end, escapes: hashes == 0 });
        end - start
    }

    /// The first block that is never closed is taken to end before the first line that is not indented deeper than its own.
    fn unclosed_block_string(&mut self, start: usize, body: usize, close: &str) -> usize {
        if std::mem::replace(&mut self.lost_block, true) {
            let end = self.text.len();
            self.mistakes.mend(start..end, "\"\"");
            return end - start;
        }
        let line_start = self.text[..start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let indent = |line: &str| line.len() - line.trim_start_matches(is_space).len();
        let own = indent(&self.text[line_start..start]);
        let mut end = self.text[body..].find('\n').map_or(self.text.len(), |at| body + at + 1);
        for line in self.text[end..].split_inclusive('\n') {
            if !line.trim().is_empty() && indent(line) <= own {
                break;
            }
            end += line.len();
        }
        let end = start + self.text[start..end].trim_end().len();
        let end = end.max(body);
        let escapes = close.len() == 3;
        self.look_for_disallowed(start, end);
        if escapes {
            self.look_for_bad_escapes(body, end);
        }
        let closing = self.closing_line(start, body..end, close);
        let span = self.mistakes.span(&(end..end));
        let diagnostic = Diagnostic::new(text::UNCLOSED_STRING, "the text is never closed")
            .label(self.mistakes.span(&(start..body)), "text starts here")
            .label(span, format!("`{close}` missing after this"))
            .help(format!("write `{close}` on a line of its own after the text"))
            .fix("close the text", span, &closing);
        self.mistakes.push(diagnostic);
        let mended = match newline(&self.text[body..]) {
            0 => quote(&self.text[body..end].lines().map(str::trim).collect::<Vec<_>>().join("\n")),
            _ => self.mistakes.mended(start..end).into_owned() + &closing,
        };
        self.mistakes.mend(start..end, mended);
        end - start
    }

    pub(super) fn look_for_bad_escapes(&mut self, from: usize, to: usize) {
        let mut at = from;
        while let Some(found) = self.text[at..to].find('\\') {
            at += found;
            let rest = &self.text[at..to];
            let length = escape_length(rest).min(rest.len());
            if let Some(why) = bad_escape(&rest[..length]) {
                let escape = &rest[..length];
                let span = self.mistakes.span(&(at..at + length));
                let (fixed, length, diagnostic) = match code_of_json(rest) {
                    _ if escape == "\\/" => (
                        "/".to_owned(),
                        length,
                        Diagnostic::new(text::BAD_ESCAPE, "`/` is not escaped in KDL 2")
                            .label(span, "escape of KDL 1 and JSON")
                            .help("write `/`"),
                    ),
                    Some((c, length)) => {
                        let fixed = format!("\\u{{{:X}}}", u32::from(c));
                        let span = self.mistakes.span(&(at..at + length));
                        let written = &self.text[at..at + length];
                        let diagnostic = Diagnostic::new(text::BAD_ESCAPE, format!("`{written}` is written `{fixed}`"))
                            .label(span, "escape of JSON")
                            .help(format!("write `{fixed}`, or `{c}` itself"));
                        (fixed, length, diagnostic)
                    }
                    None => {
                        let fixed = format!("\\{escape}");
                        let diagnostic = Diagnostic::new(text::BAD_ESCAPE, format!("`{escape}` is no escape of KDL"))
                            .label(span, why)
                            .help(format!("write `{fixed}`, or a raw string `#\"…\"#`, in which `\\` means itself"))
                            .note("the escapes are `\\n` `\\r` `\\t` `\\s` `\\b` `\\f` `\\\"` `\\\\` and `\\u{1F600}`");
                        (fixed, length, diagnostic)
                    }
                };
                self.mistakes.push_mended(at..at + length, &fixed, "write it as KDL does", diagnostic);
                at += length;
                continue;
            }
            at += length;
        }
    }
}

/// The length of the escape that `rest` starts with; at least the backslash and one character where there is one.
pub(super) fn escape_length(rest: &str) -> usize {
    let mut chars = rest[1..].chars();
    match chars.next() {
        None => 1,
        Some('u') if rest[2..].starts_with('{') => {
            let digits = rest[3..].bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
            3 + digits + usize::from(rest[3 + digits..].starts_with('}'))
        }
        Some(c) if is_space(c) || newline(&rest[1..]) > 0 => {
            let blanks = rest[1..].trim_start_matches(|c: char| is_space(c) || newline(c.encode_utf8(&mut [0; 4])) > 0);
            rest.len() - blanks.len()
        }
        Some(c) => 1 + c.len_utf8(),
    }
}

/// Why `escape` is none of KDL's; `None` where it is one.
fn bad_escape(escape: &str) -> Option<&'static str> {
    match escape[1..].chars().next() {
        None => Some("nothing follows the backslash"),
        Some('n' | 'r' | 't' | 's' | 'b' | 'f' | '"' | '\\') => None,
        Some('u') => {
            let Some(digits) = escape[2..].strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
                return Some("expected `\\u{…}`");
            };
            match u32::from_str_radix(digits, 16).ok().map(char::from_u32) {
                None => Some("expected 1 to 6 hex digits"),
                Some(None) => Some("no Unicode scalar value"),
                Some(Some(_)) => None,
            }
        }
        Some(c) if is_space(c) || newline(&escape[1..]) > 0 => None,
        Some(_) => Some("not an escape"),
    }
}

/// The character that `escape` stands for: none where it hides blanks; `None` where it is no escape.
pub(super) fn escaped(escape: &str) -> Option<Option<char>> {
    if bad_escape(escape).is_some() {
        return None;
    }
    Some(match escape[1..].chars().next()? {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        's' => Some(' '),
        'b' => Some('\u{8}'),
        'f' => Some('\u{C}'),
        'u' => char::from_u32(u32::from_str_radix(escape.get(3..escape.len() - 1)?, 16).ok()?),
        c @ ('"' | '\\') => Some(c),
        _ => None,
    })
}

/// The character that `\u00E9` or `\uD83D\uDE00` means in JSON, and the length of that, where no reader needs the backslash itself.
fn code_of_json(rest: &str) -> Option<(char, usize)> {
    let unit = |rest: &str| {
        let digits =
            rest.strip_prefix("\\u")?.get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        u16::from_str_radix(digits, 16).ok()
    };
    let first = unit(rest)?;
    let (c, length) = match char::from_u32(u32::from(first)) {
        Some(c) => (c, 6),
        None => (char::decode_utf16([first, unit(&rest[6..])?]).next()?.ok()?, 12),
    };
    (c >= '\u{A0}').then_some((c, length))
}

/// `text` with a backslash before each quote that has none.
fn with_quotes_escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut escaped = false;
    for c in text.chars() {
        if c == '"' && !escaped {
            out.push('\\');
        }
        escaped = c == '\\' && !escaped;
        out.push(c);
    }
    out
}
