use super::ParseError;

/// A word of an expression, and where it begins, in bytes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub at: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    /// A name, with its prefix: `a:b`, `a:*`.
    Name(String),
    Star,
    Number(f64),
    Literal(String),
    /// One of `( ) [ ] . .. @ , :: / // | + - = != < <= > >=`.
    Sign(&'static str),
    /// One of `and or mod div *`, where an operator may stand.
    Operator(&'static str),
    End,
}

/// Longer signs first.
const SIGNS: [&str; 20] =
    ["..", "::", "//", "!=", "<=", ">=", "(", ")", "[", "]", ".", "@", ",", "/", "|", "+", "-", "=", "<", ">"];

/// The words of an expression, an end at their end.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, ParseError> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let c = rest.chars().next().expect("there is more");
        if matches!(c, ' ' | '\t' | '\r' | '\n') {
            at += 1;
            continue;
        }
        let (kind, length) = if c == '"' || c == '\'' {
            let end = rest[1..].find(c).ok_or_else(|| ParseError::new(at, "this quote is not closed"))?;
            (TokenKind::Literal(rest[1..=end].to_owned()), end + 2)
        } else if c.is_ascii_digit() || (c == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) {
            number(rest)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (TokenKind::Sign(sign), sign.len())
        } else if c == '*' {
            (if is_operand(tokens.last()) { TokenKind::Operator("*") } else { TokenKind::Star }, 1)
        } else if begins_name(c) {
            let name = name(rest);
            let operator = ["and", "or", "mod", "div"].into_iter().find(|operator| *operator == name);
            let kind = match operator.filter(|_| is_operand(tokens.last())) {
                Some(operator) => TokenKind::Operator(operator),
                None => TokenKind::Name(name.to_owned()),
            };
            (kind, name.len())
        } else if c == '$' {
            return Err(ParseError::new(at, "there are no variables; write a hole: `{{name}}`"));
        } else {
            return Err(ParseError::new(at, format!("`{c}` has no meaning here")));
        };
        tokens.push(Token { kind, at });
        at += length;
    }
    tokens.push(Token { kind: TokenKind::End, at });
    Ok(tokens)
}

/// Whether an operator may follow (XPath 1.0, 3.7): after an operand a name is one, and so is `*`.
fn is_operand(before: Option<&Token>) -> bool {
    match before.map(|token| &token.kind) {
        None | Some(TokenKind::Operator(_) | TokenKind::End) => false,
        Some(TokenKind::Sign(sign)) => matches!(*sign, ")" | "]" | "." | ".."),
        Some(TokenKind::Name(_) | TokenKind::Star | TokenKind::Number(_) | TokenKind::Literal(_)) => true,
    }
}

fn number(rest: &str) -> (TokenKind, usize) {
    let digits = |from: usize| rest[from..].bytes().take_while(u8::is_ascii_digit).count();
    let mut end = digits(0);
    if rest[end..].starts_with('.') {
        end += 1 + digits(end + 1);
    }
    // `1.` is a number of XPath, and one of Rust.
    (TokenKind::Number(rest[..end].parse().unwrap_or(f64::NAN)), end)
}

fn begins_name(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

/// A name with its prefix; `a:*` is one, `a::b` begins with the name `a`.
fn name(rest: &str) -> &str {
    let part = |text: &str| {
        let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '\u{b7}')));
        end.unwrap_or(text.len())
    };
    let first = part(rest);
    let Some(after) = rest[first..].strip_prefix(':') else { return &rest[..first] };
    if after.starts_with('*') {
        return &rest[..first + 2];
    }
    let has_local = after.starts_with(begins_name);
    if has_local { &rest[..first + 1 + part(after)] } else { &rest[..first] }
}
