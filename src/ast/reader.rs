use std::net::IpAddr;
use std::ops::Range;
use std::time::Duration;

use super::{EnvEntry, EnvValue, KeyValue, Words};
use crate::schema;
use crate::source::{Files, Span, Spanned};
use crate::syntax::{self, Entry, Node, Value};

/// Reads the parts of one node. It answers nothing where a part is missing or of another type: the walker has told of that.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    node: &'a Node,
    files: &'a Files,
}

/// A type that a KDL value may have.
pub(super) trait Read: Sized {
    /// The value; `spelling` is its text in the file.
    fn read(value: &Value, spelling: &str) -> Option<Self>;
}

/// A number of bytes.
pub(super) struct Bytes(pub u64);

impl<'a> Reader<'a> {
    pub(super) fn new(node: &'a Node, files: &'a Files) -> Self {
        Reader { node, files }
    }

    /// The whole node.
    pub(super) fn span(&self) -> Span {
        self.node.span
    }

    /// The node's name.
    pub(super) fn name(&self) -> &'a Spanned<String> {
        &self.node.name
    }

    /// The `n`-th argument, from 0.
    pub(super) fn argument<T: Read>(&self, n: usize) -> Option<Spanned<T>> {
        self.node.arguments().nth(n).and_then(|entry| self.read(entry))
    }

    /// The arguments from the `n`-th on.
    pub(super) fn arguments<T: Read>(&self, n: usize) -> Vec<Spanned<T>> {
        self.node.arguments().skip(n).filter_map(|entry| self.read(entry)).collect()
    }

    /// The arguments as they stand.
    pub(super) fn entries(&self) -> impl Iterator<Item = &'a Entry> + use<'a> {
        self.node.arguments()
    }

    /// The `n`-th argument as it stands, from 0.
    pub(super) fn entry(&self, n: usize) -> Option<&'a Entry> {
        self.node.arguments().nth(n)
    }

    /// The property of that name.
    pub(super) fn property<T: Read>(&self, name: &str) -> Option<Spanned<T>> {
        self.node.property(name).and_then(|entry| self.read(entry))
    }

    /// Each property with its name, in order.
    pub(super) fn properties(&self) -> impl Iterator<Item = (&'a str, &'a Entry)> + use<'a> {
        self.node.properties().map(|(name, entry)| (name.value.as_str(), entry))
    }

    /// The flag of that name, after `skip` arguments.
    pub(super) fn flag(&self, skip: usize, name: &str) -> Option<Span> {
        flag(self.node, skip, name)
    }

    /// All children.
    pub(super) fn all(&self) -> impl Iterator<Item = Reader<'a>> + use<'a> {
        let files = self.files;
        self.node.children().iter().map(move |node| Reader { node, files })
    }

    /// The children of that name.
    pub(super) fn children(&self, name: &'static str) -> impl Iterator<Item = Reader<'a>> + use<'a> {
        self.all().filter(move |child| child.name().value == name)
    }

    /// The first child of that name.
    pub(super) fn child(&self, name: &'static str) -> Option<Reader<'a>> {
        self.children(name).next()
    }

    /// The first argument of the first child of that name.
    pub(super) fn value<T: Read>(&self, name: &'static str) -> Option<Spanned<T>> {
        self.child(name)?.argument(0)
    }

    /// The arguments of all children of that name.
    pub(super) fn values<T: Read>(&self, name: &'static str) -> Vec<Spanned<T>> {
        self.children(name).flat_map(|child| child.arguments(0)).collect()
    }

    /// A child that is on where it stands alone: `init`, `init #false`.
    pub(super) fn switch(&self, name: &'static str) -> Option<Spanned<bool>> {
        let child = self.child(name)?;
        match child.node.arguments().next() {
            None => Some(Spanned::new(true, child.name().span)),
            Some(entry) => self.read(entry),
        }
    }

    /// The words of the first child of that name.
    pub(super) fn words(&self, name: &'static str) -> Option<Words> {
        let child = self.child(name)?;
        let words: Vec<Spanned<String>> = child.arguments(0);
        (!words.is_empty()).then(|| Words { words, span: child.span() })
    }

    /// The `KEY value` lines of all children of that name.
    pub(super) fn pairs(&self, name: &'static str) -> Vec<KeyValue> {
        let lines = self.children(name).flat_map(|child| child.lines());
        lines.filter_map(|(key, value, span)| Some(KeyValue { key, value: self.read(value?)?, span })).collect()
    }

    /// The `KEY value` lines of the node itself.
    pub(super) fn own_pairs(&self) -> Vec<KeyValue> {
        let lines = self.lines().into_iter();
        lines.filter_map(|(key, value, span)| Some(KeyValue { key, value: self.read(value?)?, span })).collect()
    }

    /// The `KEY value` lines of all `env` children.
    pub(super) fn env(&self) -> Vec<EnvEntry> {
        let lines = self.children("env").flat_map(|child| child.lines());
        lines
            .filter_map(|(key, value, span)| {
                let value = match value {
                    None => EnvValue::Param,
                    Some(entry) if entry.annotation.as_ref().is_some_and(|annotation| annotation.value == "secret") => {
                        EnvValue::Secret(self.read(entry)?)
                    }
                    Some(entry) => EnvValue::Text(self.read(entry)?),
                };
                Some(EnvEntry { key, value, span })
            })
            .collect()
    }

    /// `KEY value` on the node, or one a line in its block.
    fn lines(&self) -> Vec<(Spanned<String>, Option<&'a Entry>, Span)> {
        let mut arguments = self.node.arguments();
        if let Some(key) = arguments.next() {
            let value = arguments.next();
            let span = value.map_or(key.span, |value| key.span.to(value.span));
            return self.read(key).map(|key| (key, value, span)).into_iter().collect();
        }
        self.node.children().iter().map(|line| (line.name.clone(), line.arguments().next(), line.span)).collect()
    }

    /// A value of the node.
    pub(super) fn read<T: Read>(&self, entry: &Entry) -> Option<Spanned<T>> {
        let Spanned { value, span } = &entry.value;
        T::read(value, self.files.slice(*span)).map(|value| Spanned::new(value, *span))
    }

    /// The place of some bytes inside a string value.
    pub(super) fn inside(&self, value: &Spanned<String>, at: Range<usize>) -> Span {
        inside(self.files, value.span, &value.value, at)
    }
}

/// The place of the bytes `at` of the value `text` of the string at `span`.
pub fn inside(files: &Files, span: Span, text: &str, at: Range<usize>) -> Span {
    syntax::inside(files.get(span.file), span, text, at)
}

/// The bare word `name` among the arguments of `node` after the first `skip`.
pub(super) fn flag(node: &Node, skip: usize, name: &str) -> Option<Span> {
    let mut flags = node.arguments().skip(skip);
    flags.find(|entry| matches!(&entry.value.value, Value::String(word) if word == name)).map(|entry| entry.span)
}

impl Read for String {
    /// Numbers are taken as they are spelled.
    fn read(value: &Value, spelling: &str) -> Option<Self> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Integer(_) | Value::Float(_) => Some(spelling.to_owned()),
            Value::Bool(_) | Value::Null => None,
        }
    }
}

impl Read for bool {
    fn read(value: &Value, _: &str) -> Option<Self> {
        match value {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }
}

impl Read for f64 {
    fn read(value: &Value, spelling: &str) -> Option<Self> {
        match value {
            Value::Float(number) => Some(*number),
            // A decimal is parsed from its text, since not every integer is a float.
            Value::Integer(number) => spelling.parse().ok().or_else(|| number.to_string().parse().ok()),
            _ => None,
        }
    }
}

macro_rules! integers {
    ($($integer:ty),*) => {$(
        impl Read for $integer {
            fn read(value: &Value, _: &str) -> Option<Self> {
                match value {
                    Value::Integer(number) => (*number).try_into().ok(),
                    _ => None,
                }
            }
        }
    )*};
}

integers!(u16, u32, u64, i64);

impl Read for Duration {
    fn read(value: &Value, _: &str) -> Option<Self> {
        text(value).and_then(|text| schema::parse_duration(text).ok())
    }
}

impl Read for Bytes {
    fn read(value: &Value, _: &str) -> Option<Self> {
        text(value).and_then(|text| schema::parse_size(text).ok()).map(Bytes)
    }
}

impl Read for IpAddr {
    fn read(value: &Value, _: &str) -> Option<Self> {
        text(value).and_then(|text| text.parse().ok())
    }
}

/// The text of a string value.
pub(super) fn text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// Reads the words of a closed set of the schema.
macro_rules! words {
    ($ty:ty: $($word:literal => $value:expr),* $(,)?) => {
        impl $crate::ast::reader::Read for $ty {
            fn read(value: &$crate::syntax::Value, _: &str) -> Option<Self> {
                match $crate::ast::reader::text(value)? {
                    $($word => Some($value),)*
                    _ => None,
                }
            }
        }
    };
}
pub(super) use words;
