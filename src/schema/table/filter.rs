use super::super::{Argument, NodeDef, Type, Word};

/// `filter NAME …`
pub static FILTER: NodeDef =
    NodeDef::new("filter", "Changes the value before the predicates and filters that follow it.")
        .more("A filter that cannot be applied fails the expectation, and says why. On nothing a filter gives nothing.")
        .arguments(&[Argument::new("filter", Type::Word(FILTERS), "What is done to the value.")])
        .repeatable();

static FILTERS: &[Word] = &[
    Word::new("count", "the number of elements of a list or object, or of characters of a text"),
    Word::new("first", "the first element of a list"),
    Word::new("last", "the last element of a list"),
    Word::new("nth", "an element of a list, from 0; from the end where it is below 0").takes(&[Argument::new(
        "index",
        Type::Integer { min: i64::MIN, max: i64::MAX },
        "Which one.",
    )]),
    Word::new("sort", "a list in order: numbers by value, texts by their characters"),
    Word::new("unique", "a list in which each value stands once"),
    Word::new("reverse", "a list from its end to its beginning"),
    Word::new("keys", "the keys of an object, a list"),
    Word::new("values", "the values of an object, a list"),
    Word::new("min", "the least number of a list"),
    Word::new("max", "the greatest number of a list"),
    Word::new("sum", "the sum of a list of numbers"),
    Word::new("add", "a number and another one").takes(NUMBER),
    Word::new("sub", "a number less another one").takes(NUMBER),
    Word::new("mul", "a number times another one").takes(NUMBER),
    Word::new("div", "a number by another one").takes(NUMBER),
    Word::new("lower", "a text in lower case"),
    Word::new("upper", "a text in upper case"),
    Word::new("trim", "a text without the white space around it"),
    Word::new("lines", "the lines of a text, a list"),
    Word::new("split", "the parts of a text, a list").takes(&[Argument::new(
        "separator",
        Type::Text,
        "What stands between them.",
    )]),
    Word::new("replace", "a text with each `OLD` replaced")
        .takes(&[Argument::new("old", Type::Text, "What is replaced."), Argument::new("new", Type::Text, "By what.")]),
    Word::new("replace-regex", "a text with each match replaced; `$1` is the first group").takes(&[
        Argument::new("pattern", Type::Regex, "The regular expression."),
        Argument::new("new", Type::Text, "By what."),
    ]),
    Word::new("regex", "the first group, or all, of what a regular expression matches in a text")
        .takes(&[Argument::new("pattern", Type::Regex, "The regular expression.")]),
    Word::new("json", "what a JSONPath selects in JSON, or in a text that is JSON").takes(&[Argument::new(
        "path",
        Type::JsonPath,
        "The JSONPath.",
    )]),
    Word::new("xml", "what an XPath selects in a text that is XML or HTML").takes(&[Argument::new(
        "path",
        Type::XPath,
        "The XPath.",
    )]),
    Word::new("to-int", "a text as a whole number; a number without its fraction"),
    Word::new("to-float", "a text as a number"),
    Word::new("to-string", "a value as text; JSON in compact form"),
    Word::new("to-hex", "a text or bytes in hexadecimal"),
    Word::new(
        "to-date",
        "a text as a date, by a format of strftime such as `\"%Y-%m-%d\"`; UTC where it names no zone",
    )
    .takes(&[Argument::new("format", Type::Text, "The format.")]),
    Word::new("date-format", "a date, or a text of RFC 3339 that is one, as text, by a format of strftime")
        .takes(&[Argument::new("format", Type::Text, "The format.")]),
    Word::new("days-after-now", "how many whole days a date lies in the future"),
    Word::new("days-before-now", "how many whole days a date lies in the past"),
    Word::new("from-charset", "bytes as text, by the name of their encoding such as `\"gb2312\"`").takes(CHARSET),
    Word::new("to-charset", "a text as bytes, in the encoding of that name").takes(CHARSET),
    Word::new("decode", "a text decoded; bytes where what comes out is no UTF-8").takes(&[Argument::new(
        "encoding",
        Type::Word(ENCODINGS),
        "What it is encoded as.",
    )]),
    Word::new("encode", "a text or bytes encoded").takes(&[Argument::new(
        "encoding",
        Type::Word(ENCODINGS),
        "What it becomes.",
    )]),
    Word::new("query-param", "the value of a parameter of a URL").takes(&[Argument::new(
        "name",
        Type::Text,
        "The parameter.",
    )]),
];

const CHARSET: &[Argument] = &[Argument::new("charset", Type::Text, "The encoding.")];
const NUMBER: &[Argument] = &[Argument::new("number", Type::Number, "The number.")];

static ENCODINGS: &[Word] = &[
    Word::new("base64", "Base64"),
    Word::new("base64-url", "Base64 for URLs, without padding"),
    Word::new("url", "percent-encoding"),
    Word::new("html", "entities of HTML"),
    Word::new("hex", "hexadecimal"),
];
