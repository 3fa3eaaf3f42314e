//! The grammar of the text in `grammar/pipeline.ebnf` is a grammar, and what it lists is what the parser takes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use pipe::source::Files;
use pipe::syntax::{Node, Value, limits, parse};

const FILE: &str = "grammar/pipeline.ebnf";

fn text() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE)).expect("it is there")
}

/// A piece of ISO 14977's notation.
#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// A name, its words joined by one blank.
    Name(String),
    /// `"…"` or `'…'`.
    Terminal(String),
    /// `? … ?`.
    Special(String),
    /// A number before `*`.
    Count,
    /// `= , | ; ( ) [ ] { } - *`.
    Symbol(char),
}

/// The tokens of the text, comments left out; the comments besides.
fn tokens(text: &str) -> (Vec<Token>, Vec<String>) {
    let (mut tokens, mut comments) = (Vec::new(), Vec::new());
    let mut rest = text;
    let until = |rest: &str, end: &str| rest.find(end).unwrap_or_else(|| panic!("no `{end}` after: {rest:.60}"));
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("(*") {
            let end = until(after, "*)");
            comments.push(after[..end].split_whitespace().collect::<Vec<_>>().join(" "));
            rest = &after[end + 2..];
        } else if c == '"' || c == '\'' || c == '?' {
            let after = &rest[1..];
            let end = until(after, &c.to_string());
            let inner = after[..end].to_owned();
            tokens.push(if c == '?' { Token::Special(inner.trim().to_owned()) } else { Token::Terminal(inner) });
            rest = &after[end + 1..];
        } else if c.is_ascii_alphabetic() {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !c.is_whitespace()).unwrap_or(rest.len());
            tokens.push(Token::Name(rest[..end].split_whitespace().collect::<Vec<_>>().join(" ")));
            rest = &rest[end..];
        } else if c.is_ascii_digit() {
            tokens.push(Token::Count);
            rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        } else if c.is_whitespace() {
            rest = &rest[c.len_utf8()..];
        } else {
            assert!("=,|;()[]{}-*".contains(c), "`{c}` is no sign of the notation");
            tokens.push(Token::Symbol(c));
            rest = &rest[1..];
        }
    }
    (tokens, comments)
}

/// Each rule with what stands behind its `=`.
fn rules() -> BTreeMap<String, Vec<Token>> {
    let mut rules = BTreeMap::new();
    for rule in tokens(&text()).0.split_inclusive(|token| *token == Token::Symbol(';')) {
        let [Token::Name(name), Token::Symbol('='), body @ .., Token::Symbol(';')] = rule else {
            panic!("this is no rule: {rule:?}")
        };
        assert!(rules.insert(name.clone(), body.to_vec()).is_none(), "`{name}` is defined twice");
    }
    rules
}

/// Reads `alternative { "|" alternative }` and answers what is left.
fn expression(mut tokens: &[Token]) -> &[Token] {
    loop {
        tokens = sequence(tokens);
        match tokens {
            [Token::Symbol('|'), rest @ ..] => tokens = rest,
            _ => return tokens,
        }
    }
}

/// Reads `factor { "," factor }`, each with what is taken from it.
fn sequence(mut tokens: &[Token]) -> &[Token] {
    loop {
        tokens = factor(tokens);
        if let [Token::Symbol('-'), rest @ ..] = tokens {
            tokens = factor(rest);
        }
        match tokens {
            [Token::Symbol(','), rest @ ..] => tokens = rest,
            _ => return tokens,
        }
    }
}

fn factor(tokens: &[Token]) -> &[Token] {
    let tokens = match tokens {
        [Token::Count, Token::Symbol('*'), rest @ ..] => rest,
        _ => tokens,
    };
    match tokens {
        [Token::Name(_) | Token::Terminal(_) | Token::Special(_), rest @ ..] => rest,
        [Token::Symbol(open @ ('(' | '[' | '{')), rest @ ..] => {
            let close = match open {
                '(' => ')',
                '[' => ']',
                _ => '}',
            };
            match expression(rest) {
                [Token::Symbol(found), rest @ ..] if *found == close => rest,
                rest => panic!("`{open}` is not closed before {rest:?}"),
            }
        }
        _ => panic!("nothing can begin with {tokens:?}"),
    }
}

#[test]
fn every_rule_is_one_is_used_and_uses_what_there_is() {
    let rules = rules();
    let mut used = BTreeSet::from(["document".to_owned()]);
    for (name, body) in &rules {
        assert_eq!(expression(body), [], "`{name}` goes on behind its end");
        for token in body {
            if let Token::Name(other) = token {
                assert!(rules.contains_key(other), "`{name}` uses `{other}`, which is not defined");
                used.insert(other.clone());
            }
        }
    }
    let defined: BTreeSet<String> = rules.into_keys().collect();
    assert_eq!(defined, used, "a rule is defined and not used");
}

/// The terminals of a rule.
fn terminals(rule: &str) -> Vec<String> {
    let body = rules().remove(rule).unwrap_or_else(|| panic!("there is no rule `{rule}`"));
    body.into_iter().filter_map(|token| if let Token::Terminal(text) = token { Some(text) } else { None }).collect()
}

/// The nodes of a text that has no mistake.
fn read(text: &str) -> Option<Vec<Node>> {
    let files = Files::single("p.kdl", text);
    let (document, diagnostics) = parse(files.root());
    (!diagnostics.has_errors()).then_some(document.nodes)
}

/// The only argument of the only node.
fn argument(text: &str) -> Option<Value> {
    let nodes = read(&format!("a {text}"))?;
    let [node] = nodes.as_slice() else { return None };
    let mut arguments = node.arguments();
    let value = arguments.next().map(|entry| entry.value.value.clone());
    value.filter(|_| arguments.next().is_none() && node.children.is_none())
}

#[test]
fn its_keywords_are_those_of_the_parser() {
    let keywords = terminals("keyword");
    for keyword in &keywords {
        assert!(!matches!(argument(keyword), None | Some(Value::String(_))), "{keyword}");
        let bare = keyword.trim_start_matches('#');
        assert_eq!(argument(bare), None, "`{bare}` is no bare string");
    }
    let without = |keywords: &[String]| keywords.iter().map(|it| it.trim_start_matches('#').to_owned()).collect();
    let excluded: BTreeSet<String> = terminals("bare string").into_iter().collect();
    let listed: BTreeSet<String> = without(&keywords);
    assert_eq!(excluded, listed);
    for other in ["yes", "none", "nil", "infinity", "True", "NULL", "+inf"] {
        assert_eq!(argument(&format!("#{other}")), None, "#{other}");
    }
}

#[test]
fn its_escapes_are_those_of_the_parser() {
    let escapes: Vec<String> = terminals("escape");
    let single: BTreeSet<char> =
        escapes.iter().skip(1).filter_map(|it| it.parse::<char>().ok()).filter(|c| *c != '}').collect();
    for c in (' '..='~').filter(|c| *c != ' ' && *c != 'u') {
        let is_taken = argument(&format!("\"\\{c}\"")).is_some();
        assert_eq!(is_taken, single.contains(&c), "\\{c}");
    }
    assert!(escapes.contains(&"u{".to_owned()) && argument("\"\\u{41}\"").is_some());
    assert!(argument("\"\\u{1234567}\"").is_none() && argument("\"\\u{}\"").is_none());
}

/// The characters that `U+0009, U+2000 to U+200A` means.
fn characters(words: &str) -> BTreeSet<char> {
    let mut found = BTreeSet::new();
    for item in words.split([',', ';']) {
        let bounds: Vec<u32> = item
            .split_whitespace()
            .filter_map(|word| word.strip_prefix("U+"))
            .map(|digits| u32::from_str_radix(digits, 16).expect("a number"))
            .collect();
        match bounds.as_slice() {
            [] => {}
            [one] => found.extend(char::from_u32(*one)),
            [first, last] => found.extend((*first..=*last).filter_map(char::from_u32)),
            _ => panic!("`{item}` is no range"),
        }
    }
    found
}

fn special(rule: &str) -> String {
    match rules().remove(rule).as_deref() {
        Some([Token::Special(words)]) => words.clone(),
        other => panic!("`{rule}` is {other:?}"),
    }
}

#[test]
fn its_blanks_newlines_and_disallowed_characters_are_those_of_the_parser() {
    let blanks = characters(&special("blank"));
    let mut newlines = characters(&special("newline"));
    newlines.extend(['\r', '\n']);
    let (_, comments) = tokens(&text());
    let disallowed = comments.iter().find_map(|it| it.strip_prefix("Disallowed in every place: "));
    let disallowed = characters(disallowed.expect("it says so").split('.').next().expect("a sentence"));
    let suspects = (0..0x3100).chain(0xfe00..0xffff).filter_map(char::from_u32);
    for c in suspects.filter(|c| !c.is_ascii_graphic()) {
        let found = read(&format!("a{c}b"));
        let kind = match found.as_deref() {
            None => "disallowed",
            Some([a, b]) if a.name.value == "a" && b.name.value == "b" => "newline",
            Some([a]) if a.name.value == "a" && a.arguments().count() == 1 => "blank",
            Some(_) => "other",
        };
        let wanted = match c {
            c if blanks.contains(&c) => "blank",
            c if newlines.contains(&c) => "newline",
            c if disallowed.contains(&c) => "disallowed",
            _ => "other",
        };
        assert_eq!(kind, wanted, "U+{:04X}", u32::from(c));
    }
    assert!(read("\u{feff}a").is_some(), "a byte order mark may begin a text");
}

#[test]
fn its_limits_are_those_of_the_parser() {
    let (_, comments) = tokens(&text());
    let told = comments.iter().find_map(|it| it.split("Limits: ").nth(1)).expect("it tells them");
    let thousands = |number: usize| {
        let digits = number.to_string();
        let (head, tail) = digits.split_at(digits.len() - 3);
        format!("{head},{tail}")
    };
    let wanted = format!(
        "{} MiB a file, {} blocks deep, {} nodes and values, {} KiB a string.",
        limits::TEXT_BYTES >> 20,
        limits::DEPTH,
        thousands(limits::ITEMS),
        limits::STRING_BYTES >> 10
    );
    assert_eq!(told, wanted);
}
