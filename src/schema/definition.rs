use super::Type;

/// One kind of node: what it is called, what may stand on it and in it. The same name may mean different things in different
/// parents (`image` at the top level and in a service): those are two of these.
#[derive(Debug)]
pub struct NodeDef {
    /// As written.
    pub name: &'static str,
    /// What it is, in one sentence.
    pub doc: &'static str,
    /// A further paragraph for the reference; may be empty.
    pub more: &'static str,
    /// The arguments, in order.
    pub arguments: &'static [Argument],
    /// Bare words that may follow the arguments, in any order.
    pub flags: &'static [Word],
    /// The properties.
    pub properties: &'static [Property],
    /// What may stand between the braces.
    pub body: Body,
    /// What must hold of its parts together.
    pub rules: &'static [Rule],
    /// Whether a parent may have several.
    pub repeatable: bool,
    /// Whether this version runs it.
    pub support: Support,
}

/// Whether this version runs a part of the language. What it does not run it refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// It does, since this version.
    Since(&'static str),
    /// Designed, and not yet run.
    Planned,
}

/// A value that stands on a node without a name.
#[derive(Debug, Clone, Copy)]
pub struct Argument {
    /// What the reference calls it.
    pub name: &'static str,
    /// What it is.
    pub ty: Type,
    /// What it is for, in one sentence.
    pub doc: &'static str,
    /// How many of it.
    pub arity: Arity,
    /// Words that mean something of their own in this place, besides `ty`.
    pub words: &'static [Word],
    /// Annotations that it may bear, such as `secret`.
    pub annotations: &'static [&'static str],
    /// What stands in for it, for the reference; empty where nothing does.
    pub default: &'static str,
}

/// How many values an argument takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arity {
    /// Exactly one.
    One,
    /// One or none.
    Optional,
    /// One or more; only the last argument.
    Many,
    /// Exactly so many.
    Exactly(usize),
}

/// A value that stands on a node with a name: `name=value`.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// As written.
    pub name: &'static str,
    /// What it is.
    pub ty: Type,
    /// What it is for, in one sentence.
    pub doc: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// What holds where it is missing, for the reference; empty where nothing does.
    pub default: &'static str,
    /// Whether `not-name=value` is its negation.
    pub negatable: bool,
    /// The part without which it would have no effect.
    pub requires: Option<Part>,
    /// Whether this version runs it.
    pub support: Support,
}

/// A word of a closed set.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// As written.
    pub word: &'static str,
    /// What it means, in one sentence.
    pub doc: &'static str,
    /// Arguments that follow it, before those of the node.
    pub takes: &'static [Argument],
    /// Whether this version runs it.
    pub support: Support,
}

/// What may stand between the braces of a node.
#[derive(Debug, Clone, Copy)]
pub enum Body {
    /// No braces.
    None,
    /// These nodes, in groups that nodes share.
    Nodes(&'static [&'static [&'static NodeDef]]),
    /// Lines of `KEY value`; one such line may also stand on the node itself.
    Entries(Entries),
}

/// `KEY value` lines.
#[derive(Debug, Clone, Copy)]
pub struct Entries {
    /// What the keys are.
    pub key: &'static str,
    /// The value.
    pub value: Argument,
    /// Whether a key may stand twice.
    pub repeatable: bool,
}

/// A part of a node that a rule speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The argument of that name.
    Argument(&'static str),
    /// The argument `.0`, being the word `.1`.
    Word(&'static str, &'static str),
    /// The flag.
    Flag(&'static str),
    /// The property.
    Property(&'static str),
    /// A child node.
    Child(&'static str),
}

/// What must hold of the parts of a node together.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    /// At most one of these.
    AtMostOne(&'static [Part]),
    /// Exactly one of these.
    ExactlyOne(&'static [Part]),
    /// One of these, or several.
    AtLeastOne(&'static [Part]),
    /// Something must be asserted: a value, a property, or a block.
    Asserts,
    /// Where this is, properties have no effect.
    Alone(Part),
}

const NOW: Support = Support::Since("0.1");

impl NodeDef {
    /// A node of that name, supported, unique in its parent, with nothing on it.
    pub const fn new(name: &'static str, doc: &'static str) -> Self {
        NodeDef {
            name,
            doc,
            more: "",
            arguments: &[],
            flags: &[],
            properties: &[],
            body: Body::None,
            rules: &[],
            repeatable: false,
            support: NOW,
        }
    }

    /// A node that is designed and not yet run.
    pub const fn planned(name: &'static str, doc: &'static str) -> Self {
        NodeDef { support: Support::Planned, repeatable: true, ..NodeDef::new(name, doc) }
    }

    /// With a further paragraph.
    pub const fn more(self, more: &'static str) -> Self {
        NodeDef { more, ..self }
    }

    /// With arguments.
    pub const fn arguments(self, arguments: &'static [Argument]) -> Self {
        NodeDef { arguments, ..self }
    }

    /// With flags.
    pub const fn flags(self, flags: &'static [Word]) -> Self {
        NodeDef { flags, ..self }
    }

    /// With properties.
    pub const fn properties(self, properties: &'static [Property]) -> Self {
        NodeDef { properties, ..self }
    }

    /// With children.
    pub const fn children(self, groups: &'static [&'static [&'static NodeDef]]) -> Self {
        NodeDef { body: Body::Nodes(groups), ..self }
    }

    /// With lines of `KEY value`.
    pub const fn entries(self, key: &'static str, value: Argument) -> Self {
        NodeDef { body: Body::Entries(Entries { key, value, repeatable: false }), repeatable: true, ..self }
    }

    /// With lines of `KEY value` whose keys may stand twice.
    pub const fn repeatable_entries(self, key: &'static str, value: Argument) -> Self {
        NodeDef { body: Body::Entries(Entries { key, value, repeatable: true }), repeatable: true, ..self }
    }

    /// With rules.
    pub const fn rules(self, rules: &'static [Rule]) -> Self {
        NodeDef { rules, ..self }
    }

    /// A parent may have several.
    pub const fn repeatable(self) -> Self {
        NodeDef { repeatable: true, ..self }
    }

    /// The nodes that may stand in it, in the order of the table.
    pub fn nodes(&self) -> impl Iterator<Item = &'static NodeDef> + use<> {
        let groups = match self.body {
            Body::Nodes(groups) => groups,
            Body::None | Body::Entries(_) => &[],
        };
        groups.iter().flat_map(|group| group.iter().copied())
    }

    /// The node of that name that may stand in it.
    pub fn child(&self, name: &str) -> Option<&'static NodeDef> {
        self.nodes().find(|node| node.name == name)
    }

    /// The property of that name, and whether it was written as its negation.
    pub fn property(&self, name: &str) -> Option<(&'static Property, bool)> {
        let named = |name: &str| self.properties.iter().find(|property| property.name == name);
        named(name).map(|property| (property, false)).or_else(|| {
            named(name.strip_prefix("not-")?).filter(|property| property.negatable).map(|property| (property, true))
        })
    }

    /// The flag of that name.
    pub fn flag(&self, name: &str) -> Option<&'static Word> {
        self.flags.iter().find(|flag| flag.word == name)
    }
}

impl Argument {
    /// Exactly one value.
    pub const fn new(name: &'static str, ty: Type, doc: &'static str) -> Self {
        Argument { name, ty, doc, arity: Arity::One, words: &[], annotations: &[], default: "" }
    }

    /// One or none.
    pub const fn optional(self) -> Self {
        Argument { arity: Arity::Optional, ..self }
    }

    /// One or more.
    pub const fn many(self) -> Self {
        Argument { arity: Arity::Many, ..self }
    }

    /// Exactly `count`.
    pub const fn exactly(self, count: usize) -> Self {
        Argument { arity: Arity::Exactly(count), ..self }
    }

    /// What stands in for it.
    pub const fn default(self, default: &'static str) -> Self {
        Argument { default, ..self }
    }

    /// With words of its own.
    pub const fn words(self, words: &'static [Word]) -> Self {
        Argument { words, ..self }
    }

    /// With annotations.
    pub const fn annotations(self, annotations: &'static [&'static str]) -> Self {
        Argument { annotations, ..self }
    }

    /// The word of a closed set that `text` is, here.
    pub fn word(&self, text: &str) -> Option<&'static Word> {
        let closed = match self.ty {
            Type::Word(words) => words,
            _ => &[],
        };
        self.words.iter().chain(closed).find(|word| word.word == text)
    }
}

impl Property {
    /// A property that may be missing.
    pub const fn new(name: &'static str, ty: Type, doc: &'static str) -> Self {
        Property { name, ty, doc, required: false, default: "", negatable: false, requires: None, support: NOW }
    }

    /// Must be there.
    pub const fn required(self) -> Self {
        Property { required: true, ..self }
    }

    /// What holds where it is missing.
    pub const fn default(self, default: &'static str) -> Self {
        Property { default, ..self }
    }

    /// May be negated.
    pub const fn negatable(self) -> Self {
        Property { negatable: true, ..self }
    }

    /// Has no effect without `part`.
    pub const fn requires(self, part: Part) -> Self {
        Property { requires: Some(part), ..self }
    }

    /// Designed and not yet run.
    pub const fn planned(self) -> Self {
        Property { support: Support::Planned, ..self }
    }
}

impl Word {
    /// A word that this version runs.
    pub const fn new(word: &'static str, doc: &'static str) -> Self {
        Word { word, doc, takes: &[], support: NOW }
    }

    /// A word that is designed and not yet run.
    pub const fn planned(word: &'static str, doc: &'static str) -> Self {
        Word { word, doc, takes: &[], support: Support::Planned }
    }

    /// With arguments of its own.
    pub const fn takes(self, takes: &'static [Argument]) -> Self {
        Word { takes, ..self }
    }
}

impl Part {
    /// Its name, as written.
    pub fn name(&self) -> &'static str {
        match self {
            Part::Argument(name) | Part::Flag(name) | Part::Property(name) | Part::Child(name) => name,
            Part::Word(_, word) => word,
        }
    }
}
