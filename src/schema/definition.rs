use super::{Argument, Property, Word};

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
    /// Properties whose names are not of the table but the author's own, where they may stand.
    pub any_property: Option<Argument>,
    /// What may stand between the braces.
    pub body: Body,
    /// Lines of `KEY value…` that may stand between the braces besides the nodes of the table.
    pub lines: Option<Entries>,
    /// What must hold of its parts together.
    pub rules: &'static [Rule],
    /// Whether a parent may have several.
    pub repeatable: bool,
    /// The path of the node whose properties and block these are too, so that the reference describes them once; empty where there is none.
    pub same_as: &'static str,
    /// Whether this version runs it.
    pub support: Support,
}

/// Whether this version runs a part of the language. What it does not run it refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// It does, since this version.
    Since(&'static str),
    /// Its text is checked as any other; a run that would need it is refused.
    Checked,
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
    /// Whether each node has keys of its own, as the rows of a table have.
    pub independent: bool,
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
    /// What the text of a port says itself, no property says otherwise.
    PortOnce,
}

pub(super) const NOW: Support = Support::Since("0.1");

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
            any_property: None,
            body: Body::None,
            lines: None,
            rules: &[],
            repeatable: false,
            same_as: "",
            support: NOW,
        }
    }

    /// Checked as any other node; a run that would need it is refused.
    pub const fn not_run(self) -> Self {
        NodeDef { support: Support::Checked, ..self }
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
        NodeDef {
            body: Body::Entries(Entries { key, value, repeatable: false, independent: false }),
            repeatable: true,
            ..self
        }
    }

    /// With lines of `KEY value` whose keys may stand twice.
    pub const fn repeatable_entries(self, key: &'static str, value: Argument) -> Self {
        NodeDef {
            body: Body::Entries(Entries { key, value, repeatable: true, independent: false }),
            repeatable: true,
            ..self
        }
    }

    /// With lines of `KEY value`, each node with keys of its own.
    pub const fn independent_entries(self, key: &'static str, value: Argument) -> Self {
        NodeDef {
            body: Body::Entries(Entries { key, value, repeatable: false, independent: true }),
            repeatable: true,
            ..self
        }
    }

    /// With the properties and the block of the node at `path`.
    pub const fn same_as(self, path: &'static str) -> Self {
        NodeDef { same_as: path, ..self }
    }

    /// With properties whose names are the author's own.
    pub const fn any_property(self, value: Argument) -> Self {
        NodeDef { any_property: Some(value), ..self }
    }

    /// With lines of `KEY value…` besides its children.
    pub const fn lines(self, key: &'static str, value: Argument) -> Self {
        NodeDef { lines: Some(Entries { key, value, repeatable: false, independent: false }), ..self }
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

impl Part {
    /// Its name, as written.
    pub fn name(&self) -> &'static str {
        match self {
            Part::Argument(name) | Part::Flag(name) | Part::Property(name) | Part::Child(name) => name,
            Part::Word(_, word) => word,
        }
    }
}
