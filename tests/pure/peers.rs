//! What the words of other tools are called here: each of theirs stands in its table, and each of ours that stands there is a word.

use pipe::schema::{self, NodeDef, Type};

/// The words of Hurl 8: queries, filters and predicates.
const HURL: [&[&str]; 3] = [
    &[
        "status",
        "version",
        "url",
        "redirects",
        "ip",
        "header",
        "cookie",
        "body",
        "bytes",
        "rawbytes",
        "xpath",
        "jsonpath",
        "regex",
        "variable",
        "duration",
        "sha256",
        "md5",
        "certificate",
    ],
    &[
        "base64Decode",
        "base64Encode",
        "base64UrlSafeDecode",
        "base64UrlSafeEncode",
        "charsetDecode",
        "decode",
        "count",
        "dateFormat",
        "format",
        "daysAfterNow",
        "daysBeforeNow",
        "first",
        "htmlEscape",
        "htmlUnescape",
        "jsonpath",
        "last",
        "location",
        "nth",
        "regex",
        "replace",
        "replaceRegex",
        "split",
        "toDate",
        "toFloat",
        "toHex",
        "toInt",
        "toString",
        "urlDecode",
        "urlEncode",
        "urlQueryParam",
        "utf8Decode",
        "utf8Encode",
        "xpath",
    ],
    &[
        "==",
        "!=",
        ">",
        ">=",
        "<",
        "<=",
        "startsWith",
        "endsWith",
        "contains",
        "includes",
        "matches",
        "exists",
        "isEmpty",
        "isBoolean",
        "isCollection",
        "isDate",
        "isFloat",
        "isInteger",
        "isIpv4",
        "isIpv6",
        "isIsoDate",
        "isList",
        "isNumber",
        "isObject",
        "isString",
        "isUuid",
        "not",
    ],
];

/// The rows under a heading: their word, and ours where there is one.
fn rows<'a>(page: &'a str, heading: &str) -> Vec<(&'a str, Option<&'a str>)> {
    let section = page.split("\n## ").find(|section| section.starts_with(heading)).expect("the page has the heading");
    let code = |cell: &'a str| cell.trim().strip_prefix('`').and_then(|cell| cell.strip_suffix('`'));
    let lines = section.lines().filter_map(|line| line.strip_prefix("| "));
    lines
        .filter_map(|line| {
            let mut cells = line.split(" |");
            Some((code(cells.next()?)?, code(cells.next()?.trim_start_matches(' '))))
        })
        .collect()
}

fn has_word(node: &NodeDef, word: &str) -> bool {
    matches!(node.arguments[0].ty, Type::Word(words) if words.iter().any(|known| known.word == word))
}

#[test]
fn every_word_of_hurl_has_one_of_ours() {
    let page = include_str!("../../specs/peers/hurl.md");
    let expect = schema::find("acceptance.test.http.expect").expect("there is `expect`");
    let filter = expect.child("filter").expect("there is `filter`");
    for (heading, theirs) in ["Queries", "Filters", "Predicates"].into_iter().zip(HURL) {
        let rows = rows(page, heading);
        assert_eq!(rows.iter().map(|(word, _)| *word).collect::<Vec<_>>(), theirs, "{heading}");
        for (word, ours) in rows {
            let Some(ours) = ours else {
                assert_eq!(word, "location", "it has no word of ours");
                continue;
            };
            let words: Vec<&str> = ours.split(' ').filter(|word| !matches!(*word, "{" | "}" | "…")).collect();
            let is_word = match heading {
                "Queries" => has_word(expect, words[0]),
                "Filters" => words[0] == "filter" && has_word(filter, words[1]),
                _ => words.iter().filter(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '-')).all(|word| {
                    expect.child(word).is_some() || has_word(expect.child("type").expect("there is `type`"), word)
                }),
            };
            assert!(is_word, "`{word}` is to be `{ours}`, which is no word of the table");
        }
    }
}
