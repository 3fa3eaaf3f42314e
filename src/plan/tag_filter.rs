use std::fmt;
use std::ops::Range;

/// How deep parentheses may stand in each other.
const DEPTH: usize = 64;

/// What the tags of a test must be: `crud and not slow`, `(smoke or crud) and not slow`. `and` binds more closely than `or`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagFilter(Expression);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Expression {
    Tag(String),
    Not(Box<Expression>),
    /// One of them.
    Any(Vec<Expression>),
    /// Each of them.
    All(Vec<Expression>),
}

/// Why a text is no filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadTagFilter {
    /// What is wrong, in words.
    pub message: String,
    /// Where, in bytes of the text.
    pub at: Range<usize>,
}

impl TagFilter {
    /// Reads a filter.
    ///
    /// # Errors
    /// What does not read, and where.
    pub fn parse(text: &str) -> Result<Self, BadTagFilter> {
        let mut parser = Parser { tokens: tokens(text)?, next: 0, end: text.len(), depth: 0 };
        let expression = parser.any()?;
        match parser.peek() {
            None => Ok(TagFilter(expression)),
            Some((Token::Close, at)) => Err(bad("this `)` closes nothing", at)),
            Some((_, at)) => Err(bad("`and` or `or` must stand between two tags", at)),
        }
    }

    /// Whether a test with these tags is meant.
    pub fn holds(&self, tags: &[String]) -> bool {
        self.0.holds(tags)
    }

    /// The tags that it names, in order.
    pub fn tags(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.0.collect(&mut found);
        found
    }
}

impl Expression {
    fn holds(&self, tags: &[String]) -> bool {
        match self {
            Expression::Tag(tag) => tags.iter().any(|own| own == tag),
            Expression::Not(inner) => !inner.holds(tags),
            Expression::Any(parts) => parts.iter().any(|part| part.holds(tags)),
            Expression::All(parts) => parts.iter().all(|part| part.holds(tags)),
        }
    }

    fn collect<'a>(&'a self, found: &mut Vec<&'a str>) {
        match self {
            Expression::Tag(tag) => found.push(tag),
            Expression::Not(inner) => inner.collect(found),
            Expression::Any(parts) | Expression::All(parts) => parts.iter().for_each(|part| part.collect(found)),
        }
    }
}

impl fmt::Display for BadTagFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    And,
    Or,
    Not,
    Open,
    Close,
    Tag(String),
}

fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, BadTagFilter> {
    let mut tokens = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let one = at..at + c.len_utf8();
        match c {
            _ if c.is_whitespace() => {}
            '(' => tokens.push((Token::Open, one)),
            ')' => tokens.push((Token::Close, one)),
            _ if is_of_tag(c) => {
                let mut end = one.end;
                while let Some((next, c)) = rest.next_if(|(_, c)| is_of_tag(*c)) {
                    end = next + c.len_utf8();
                }
                let token = match &text[at..end] {
                    "and" => Token::And,
                    "or" => Token::Or,
                    "not" => Token::Not,
                    tag => Token::Tag(tag.to_owned()),
                };
                tokens.push((token, at..end));
            }
            _ => return Err(bad(format!("`{c}` is not a character of a tag"), one)),
        }
    }
    Ok(tokens)
}

fn is_of_tag(c: char) -> bool {
    c.is_alphanumeric() || "-_".contains(c)
}

fn bad(message: impl Into<String>, at: Range<usize>) -> BadTagFilter {
    BadTagFilter { message: message.into(), at }
}

struct Parser {
    tokens: Vec<(Token, Range<usize>)>,
    next: usize,
    end: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<(Token, Range<usize>)> {
        self.tokens.get(self.next).cloned()
    }

    fn take(&mut self, wanted: &Token) -> bool {
        let is_next = self.tokens.get(self.next).is_some_and(|(token, _)| token == wanted);
        self.next += usize::from(is_next);
        is_next
    }

    fn any(&mut self) -> Result<Expression, BadTagFilter> {
        let mut parts = vec![self.all()?];
        while self.take(&Token::Or) {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::Any(parts) })
    }

    fn all(&mut self) -> Result<Expression, BadTagFilter> {
        let mut parts = vec![self.one()?];
        while self.take(&Token::And) {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::All(parts) })
    }

    fn one(&mut self) -> Result<Expression, BadTagFilter> {
        let mut negated = false;
        while self.take(&Token::Not) {
            negated = !negated;
        }
        let Some((token, at)) = self.peek() else {
            return Err(bad("a tag is missing at the end", self.end..self.end));
        };
        self.next += 1;
        let inner = match token {
            Token::Tag(tag) => Expression::Tag(tag),
            Token::Open => {
                self.depth += 1;
                if self.depth > DEPTH {
                    return Err(bad(format!("parentheses stand more than {DEPTH} deep"), at));
                }
                let inner = self.any()?;
                self.depth -= 1;
                if !self.take(&Token::Close) {
                    return Err(bad("this `(` is never closed", at));
                }
                inner
            }
            Token::And | Token::Or | Token::Not | Token::Close => {
                return Err(bad("a tag must stand before this", at));
            }
        };
        Ok(if negated { Expression::Not(Box::new(inner)) } else { inner })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn holds(filter: &str, tags: &str) -> bool {
        let tags: Vec<String> = tags.split_whitespace().map(str::to_owned).collect();
        TagFilter::parse(filter).unwrap_or_else(|error| panic!("{filter}: {error}")).holds(&tags)
    }

    #[test]
    fn tags_are_joined_by_and_or_and_not() {
        assert!(holds("crud and not slow", "crud"));
        assert!(!holds("crud and not slow", "crud slow"));
        assert!(!holds("crud and not slow", ""));
        assert!(holds("not slow", ""));
        assert!(holds("not not slow", "slow"));
        assert!(holds("a or b and c", "a"), "`and` binds more closely");
        assert!(!holds("(a or b) and c", "a"));
        assert!(holds("(a or b)and(c)", "b c"));
        assert!(holds("über-alles_1", "über-alles_1"));
    }

    #[test]
    fn what_does_not_read_is_told_with_its_place() {
        let error = |filter: &str| TagFilter::parse(filter).map(drop).expect_err(filter);
        assert_eq!(error("crud slow").at, 5..9);
        assert_eq!(error("crud, slow").message, "`,` is not a character of a tag");
        assert_eq!(error("crud and").at, 8..8);
        assert_eq!(error("").message, "a tag is missing at the end");
        assert_eq!(error("and crud").message, "a tag must stand before this");
        assert_eq!(error("(crud").message, "this `(` is never closed");
        assert_eq!(error("crud)").message, "this `)` closes nothing");
        assert!(error(&"(".repeat(100_000)).message.contains("64 deep"));
        assert!(TagFilter::parse(&"not ".repeat(100_000)).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "([a-c() ]|and|or|not| ){0,30}") {
            if let Ok(filter) = TagFilter::parse(&text) {
                prop_assert!(!filter.tags().is_empty());
            }
        }
    }
}
