use crate::source::{Span, Spanned};

/// The nodes of a text, in its order. Broken parts are missing, and have their diagnostic.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// Top-level nodes.
    pub nodes: Vec<Node>,
    /// Whether a part of the text could not be read, so that the lack of a node proves nothing.
    pub incomplete: bool,
}

/// `(type)name arguments… properties… { children }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The type annotation.
    pub annotation: Option<Spanned<String>>,
    /// The name; its span covers the name alone.
    pub name: Spanned<String>,
    /// Arguments and properties in the order of the text.
    pub entries: Vec<Entry>,
    /// The children; `None` where there are no braces.
    pub children: Option<Vec<Node>>,
    /// From the name (or its annotation) to the last entry or closing brace, without trailing blanks.
    pub span: Span,
    /// Whether a value or child of it could not be read and was told of, so that its lack is no mistake of its own.
    pub incomplete: bool,
}

/// An argument, or a property where it has a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The type annotation of the value.
    pub annotation: Option<Spanned<String>>,
    /// The property's name; `None` for an argument.
    pub name: Option<Spanned<String>>,
    /// The value; its span covers the value alone, quotes included.
    pub value: Spanned<Value>,
    /// Name, annotation and value together.
    pub span: Span,
}

/// A KDL value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Bare, quoted, raw or multi-line, after escapes.
    String(String),
    /// An integer.
    Integer(i128),
    /// A number with a fraction or exponent, or `#inf`, `#-inf`, `#nan`.
    Float(f64),
    /// `#true` or `#false`.
    Bool(bool),
    /// `#null`.
    Null,
}

impl Node {
    /// The same node, its places moved on by `by`.
    pub fn moved(mut self, by: u32) -> Self {
        let shift = |span: &mut Span| {
            span.start += by;
            span.end += by;
        };
        self.annotation.iter_mut().for_each(|it| shift(&mut it.span));
        shift(&mut self.name.span);
        shift(&mut self.span);
        for entry in &mut self.entries {
            entry.annotation.iter_mut().chain(&mut entry.name).for_each(|it| shift(&mut it.span));
            shift(&mut entry.value.span);
            shift(&mut entry.span);
        }
        self.children = self.children.map(|children| children.into_iter().map(|child| child.moved(by)).collect());
        self
    }

    /// The arguments, in order.
    pub fn arguments(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.name.is_none())
    }

    /// The properties, in order.
    pub fn properties(&self) -> impl Iterator<Item = (&Spanned<String>, &Entry)> {
        self.entries.iter().filter_map(|entry| entry.name.as_ref().map(|name| (name, entry)))
    }

    /// The last property of that name: in KDL the right-most wins.
    pub fn property(&self, name: &str) -> Option<&Entry> {
        self.properties().filter(|(found, _)| found.value == name).map(|(_, entry)| entry).last()
    }

    /// The children; none where there are no braces.
    pub fn children(&self) -> &[Node] {
        self.children.as_deref().unwrap_or_default()
    }
}

impl Value {
    /// The kind, in the words of diagnostics.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::String(_) => "a string",
            Value::Integer(_) => "an integer",
            Value::Float(_) => "a number",
            Value::Bool(_) => "a boolean",
            Value::Null => "#null",
        }
    }
}
