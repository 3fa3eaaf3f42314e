use regex::Regex;

use super::patterns::PatternError;

/// One pattern over a whole path.
#[derive(Debug)]
pub enum Glob {
    /// No wildcard.
    Exact(String),
    /// `docs/**`: what begins so.
    Prefix(String),
    /// `**name`: what ends so; `**/name` matches `name` at the root too.
    Suffix(String),
    /// All else.
    Regex(Regex),
}

impl Glob {
    /// Reads a pattern; an error where it is none.
    pub fn new(text: &str) -> Result<Self, PatternError> {
        let fail = |cause| PatternError { pattern: text.to_owned(), cause };
        let mut expression = String::from("^");
        let mut glob = Shape::Exact;
        let mut rest = text.chars().peekable();
        let mut first = true;
        while let Some(next) = rest.next() {
            match next {
                '*' if rest.next_if_eq(&'*').is_some() => {
                    rest.next_if_eq(&'/');
                    glob = match (rest.peek().is_none(), glob) {
                        _ if first => Shape::Suffix,
                        (true, Shape::Exact) => Shape::Prefix,
                        _ => Shape::Regex,
                    };
                    expression.push_str(if rest.peek().is_none() { ".*" } else { "(.*/)?" });
                }
                '*' => {
                    expression.push_str("[^/]*");
                    glob = Shape::Regex;
                }
                '?' => {
                    expression.push_str("[^/]");
                    glob = Shape::Regex;
                }
                '[' => {
                    expression.push_str(&class(&mut rest).ok_or_else(|| fail("a `[` is not closed"))?);
                    glob = Shape::Regex;
                }
                '\\' => {
                    let escaped = rest.next().ok_or_else(|| fail("nothing follows the last `\\`"))?;
                    expression.push_str(&regex::escape(&escaped.to_string()));
                    glob = Shape::Regex;
                }
                plain => expression.push_str(&regex::escape(&plain.to_string())),
            }
            first = false;
        }
        Ok(match glob {
            Shape::Exact => Glob::Exact(text.to_owned()),
            Shape::Prefix => Glob::Prefix(text.trim_end_matches("**").to_owned()),
            Shape::Suffix => Glob::Suffix(text["**".len()..].to_owned()),
            Shape::Regex => {
                expression.push('$');
                Glob::Regex(Regex::new(&expression).map_err(|_| fail("its `[…]` is none"))?)
            }
        })
    }

    /// Whether it matches `path` as a whole.
    pub fn matches(&self, path: &str) -> bool {
        match self {
            Glob::Exact(text) => path == text,
            Glob::Prefix(prefix) => path.starts_with(prefix.as_str()),
            Glob::Suffix(suffix) => path.ends_with(suffix.as_str()) || suffix.strip_prefix('/') == Some(path),
            Glob::Regex(regex) => regex.is_match(path),
        }
    }
}

#[derive(Clone, Copy)]
enum Shape {
    Exact,
    Prefix,
    Suffix,
    Regex,
}

/// The rest of a `[…]` as a class of a regular expression; `None` where it is not closed.
fn class(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<String> {
    let mut class = String::from("[");
    if rest.next_if_eq(&'^').is_some() {
        class.push('^');
    }
    loop {
        match rest.next()? {
            ']' => break,
            '-' => class.push('-'),
            '\\' => class.push_str(&regex::escape(&rest.next()?.to_string())),
            plain => class.push_str(&regex::escape(&plain.to_string())),
        }
    }
    class.push(']');
    Some(class)
}
