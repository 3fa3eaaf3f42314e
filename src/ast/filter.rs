use super::Grammar;
use super::reader::{Reader, words};
use crate::source::{Span, Spanned};

/// `filter NAME …`: changes the value for what follows it in a chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter<T = Spanned<String>> {
    /// What is done.
    pub kind: FilterKind<T>,
    /// The node.
    pub span: Span,
}

/// What a filter does.
#[derive(Debug, Clone, PartialEq)]
pub enum FilterKind<T = Spanned<String>> {
    /// What one word says.
    Plain(PlainFilter),
    /// An element of a list: from 0, or from the end where below 0.
    Nth(i64),
    /// Arithmetic with a number.
    Arithmetic(Arithmetic, f64),
    /// The parts of a text between separators.
    Split(T),
    /// Each `0` replaced by `1`.
    Replace(T, T),
    /// Each match of `0` replaced by `1`.
    ReplaceRegex(T, T),
    /// The first group, or all, of what matches.
    Regex(T),
    /// What a JSONPath selects.
    Json(T),
    /// What an XPath selects.
    Xml(T),
    /// A text as a date, by a format.
    ToDate(T),
    /// A date as text, by a format.
    DateFormat(T),
    /// A text decoded.
    Decode(Encoding),
    /// A text encoded.
    Encode(Encoding),
    /// A parameter of a URL.
    QueryParam(T),
    /// Bytes as text, in an encoding.
    FromCharset(T),
    /// A text as bytes, in an encoding.
    ToCharset(T),
}

/// A filter without arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its word, which the schema table describes")]
pub enum PlainFilter {
    Count,
    First,
    Last,
    Sort,
    Unique,
    Reverse,
    Keys,
    Values,
    Min,
    Max,
    Sum,
    Lower,
    Upper,
    Trim,
    Lines,
    ToInt,
    ToFloat,
    ToString,
    ToHex,
    DaysAfterNow,
    DaysBeforeNow,
}

/// What is done with two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its word, which the schema table describes")]
pub enum Arithmetic {
    Add,
    Sub,
    Mul,
    Div,
}

/// How a text is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its word, which the schema table describes")]
pub enum Encoding {
    Base64,
    Base64Url,
    Url,
    Html,
    Hex,
}

words!(Encoding:
    "base64" => Encoding::Base64,
    "base64-url" => Encoding::Base64Url,
    "url" => Encoding::Url,
    "html" => Encoding::Html,
    "hex" => Encoding::Hex,
);

words!(PlainFilter:
    "count" => PlainFilter::Count,
    "first" => PlainFilter::First,
    "last" => PlainFilter::Last,
    "sort" => PlainFilter::Sort,
    "unique" => PlainFilter::Unique,
    "reverse" => PlainFilter::Reverse,
    "keys" => PlainFilter::Keys,
    "values" => PlainFilter::Values,
    "min" => PlainFilter::Min,
    "max" => PlainFilter::Max,
    "sum" => PlainFilter::Sum,
    "lower" => PlainFilter::Lower,
    "upper" => PlainFilter::Upper,
    "trim" => PlainFilter::Trim,
    "lines" => PlainFilter::Lines,
    "to-int" => PlainFilter::ToInt,
    "to-float" => PlainFilter::ToFloat,
    "to-string" => PlainFilter::ToString,
    "to-hex" => PlainFilter::ToHex,
    "days-after-now" => PlainFilter::DaysAfterNow,
    "days-before-now" => PlainFilter::DaysBeforeNow,
);

words!(Arithmetic:
    "add" => Arithmetic::Add,
    "sub" => Arithmetic::Sub,
    "mul" => Arithmetic::Mul,
    "div" => Arithmetic::Div,
);

impl Filter {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        let word: Spanned<String> = node.argument(0)?;
        let text = |at| node.argument::<String>(at);
        let kind = match word.value.as_str() {
            "nth" => FilterKind::Nth(node.argument(1)?.value),
            "add" | "sub" | "mul" | "div" => {
                let number: Spanned<f64> = node.argument(1)?;
                FilterKind::Arithmetic(node.argument(0)?.value, number.value)
            }
            "split" => FilterKind::Split(text(1)?),
            "replace" => FilterKind::Replace(text(1)?, text(2)?),
            "replace-regex" => FilterKind::ReplaceRegex(text(1)?, text(2)?),
            "regex" => FilterKind::Regex(text(1)?),
            "json" => FilterKind::Json(text(1)?),
            "xml" => FilterKind::Xml(text(1)?),
            "to-date" => FilterKind::ToDate(text(1)?),
            "date-format" => FilterKind::DateFormat(text(1)?),
            "decode" => FilterKind::Decode(node.argument(1)?.value),
            "encode" => FilterKind::Encode(node.argument(1)?.value),
            "query-param" => FilterKind::QueryParam(text(1)?),
            "from-charset" => FilterKind::FromCharset(text(1)?),
            "to-charset" => FilterKind::ToCharset(text(1)?),
            _ => FilterKind::Plain(node.argument(0)?.value),
        };
        Some(Filter { kind, span: node.span() })
    }
}

impl<T> Filter<T> {
    /// The same filter with other texts; `f` is told what each text is held to.
    pub fn map<U>(&self, f: &mut dyn FnMut(&T, Grammar) -> U) -> Filter<U> {
        Filter { kind: self.kind.map(f), span: self.span }
    }
}

impl<T> FilterKind<T> {
    /// The same with other texts; `f` is told what each text is held to.
    pub fn map<U>(&self, f: &mut dyn FnMut(&T, Grammar) -> U) -> FilterKind<U> {
        match self {
            FilterKind::Plain(plain) => FilterKind::Plain(*plain),
            FilterKind::Nth(index) => FilterKind::Nth(*index),
            FilterKind::Arithmetic(what, number) => FilterKind::Arithmetic(*what, *number),
            FilterKind::Split(text) => FilterKind::Split(f(text, Grammar::Free)),
            FilterKind::Replace(old, new) => FilterKind::Replace(f(old, Grammar::Free), f(new, Grammar::Free)),
            FilterKind::ReplaceRegex(old, new) => {
                FilterKind::ReplaceRegex(f(old, Grammar::Regex), f(new, Grammar::Free))
            }
            FilterKind::Regex(pattern) => FilterKind::Regex(f(pattern, Grammar::Regex)),
            FilterKind::Json(path) => FilterKind::Json(f(path, Grammar::JsonPath)),
            FilterKind::Xml(path) => FilterKind::Xml(f(path, Grammar::XPath)),
            FilterKind::ToDate(format) => FilterKind::ToDate(f(format, Grammar::Free)),
            FilterKind::DateFormat(format) => FilterKind::DateFormat(f(format, Grammar::Free)),
            FilterKind::Decode(encoding) => FilterKind::Decode(*encoding),
            FilterKind::Encode(encoding) => FilterKind::Encode(*encoding),
            FilterKind::QueryParam(name) => FilterKind::QueryParam(f(name, Grammar::Free)),
            FilterKind::FromCharset(name) => FilterKind::FromCharset(f(name, Grammar::Free)),
            FilterKind::ToCharset(name) => FilterKind::ToCharset(f(name, Grammar::Free)),
        }
    }
}

impl<T> FilterKind<T> {
    /// Its word.
    pub fn word(&self) -> &'static str {
        match self {
            FilterKind::Plain(plain) => plain.word(),
            FilterKind::Nth(_) => "nth",
            FilterKind::Arithmetic(Arithmetic::Add, _) => "add",
            FilterKind::Arithmetic(Arithmetic::Sub, _) => "sub",
            FilterKind::Arithmetic(Arithmetic::Mul, _) => "mul",
            FilterKind::Arithmetic(Arithmetic::Div, _) => "div",
            FilterKind::Split(_) => "split",
            FilterKind::Replace(..) => "replace",
            FilterKind::ReplaceRegex(..) => "replace-regex",
            FilterKind::Regex(_) => "regex",
            FilterKind::Json(_) => "json",
            FilterKind::Xml(_) => "xml",
            FilterKind::ToDate(_) => "to-date",
            FilterKind::DateFormat(_) => "date-format",
            FilterKind::Decode(_) => "decode",
            FilterKind::Encode(_) => "encode",
            FilterKind::QueryParam(_) => "query-param",
            FilterKind::FromCharset(_) => "from-charset",
            FilterKind::ToCharset(_) => "to-charset",
        }
    }
}

impl PlainFilter {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            PlainFilter::Count => "count",
            PlainFilter::First => "first",
            PlainFilter::Last => "last",
            PlainFilter::Sort => "sort",
            PlainFilter::Unique => "unique",
            PlainFilter::Reverse => "reverse",
            PlainFilter::Keys => "keys",
            PlainFilter::Values => "values",
            PlainFilter::Min => "min",
            PlainFilter::Max => "max",
            PlainFilter::Sum => "sum",
            PlainFilter::Lower => "lower",
            PlainFilter::Upper => "upper",
            PlainFilter::Trim => "trim",
            PlainFilter::Lines => "lines",
            PlainFilter::ToInt => "to-int",
            PlainFilter::ToFloat => "to-float",
            PlainFilter::ToString => "to-string",
            PlainFilter::ToHex => "to-hex",
            PlainFilter::DaysAfterNow => "days-after-now",
            PlainFilter::DaysBeforeNow => "days-before-now",
        }
    }
}
