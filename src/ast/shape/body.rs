use std::collections::HashMap;

use super::{Shape, called, within};
use crate::diagnostic::{Diagnostic, codes, listed, near};
use crate::schema::{self, Arity, Body, DOCUMENT, Entries, NodeDef};
use crate::source::{Span, Spanned};
use crate::syntax::Node;

impl Shape<'_> {
    /// What stands between the braces of `node`, or at the top level.
    pub(super) fn nodes(&mut self, parent: &'static NodeDef, nodes: &[Node]) {
        let mut firsts: HashMap<&str, Span> = HashMap::new();
        for node in nodes {
            if self.full() {
                return;
            }
            let name = &node.name;
            let Some(def) = parent.child(&name.value) else {
                match parent.lines {
                    // What has properties is a node of which the name is wrong.
                    Some(lines) if node.properties().next().is_none() => {
                        let first = *firsts.entry(&name.value).or_insert(name.span);
                        if first != name.span {
                            self.twice(&name.value, parent, name.span, first);
                        }
                        self.line(parent, lines, node);
                    }
                    _ => self.stranger(parent, node),
                }
                continue;
            };
            self.note_support(def.support, def.name, def.doc, name.span);
            let first = *firsts.entry(def.name).or_insert(name.span);
            if !def.repeatable && first != name.span {
                self.twice(def.name, parent, name.span, first);
            }
            self.node(def, node);
        }
        self.repeated_keys(parent, nodes);
    }

    fn twice(&mut self, name: &str, parent: &NodeDef, again: Span, first: Span) {
        self.found.push(
            Diagnostic::new(codes::shape::DUPLICATE_NODE, format!("`{name}` stands twice {}", within(parent)))
                .label(again, "again here")
                .label(first, "first here")
                .help("keep one of the two"),
        );
    }

    /// A line of `KEY value…` among the nodes of a block.
    fn line(&mut self, parent: &'static NodeDef, lines: Entries, node: &Node) {
        if let Some(annotation) = &node.annotation {
            self.annotation(annotation, &[]);
        }
        self.entry_value(parent, lines, node, 0);
        if node.children.is_some() {
            self.unexpected_block(parent, node);
        }
    }

    /// The braces of a node that has no `KEY value` lines.
    pub(super) fn block(&mut self, def: &'static NodeDef, node: &Node) {
        let Some(children) = &node.children else { return };
        match def.body {
            Body::Nodes(_) if children.is_empty() => self.empty(node),
            Body::Nodes(_) => self.nodes(def, children),
            Body::None | Body::Entries(_) => self.unexpected_block(def, node),
        }
    }

    /// `env KEY value` or `env { KEY value }`.
    pub(super) fn entries(&mut self, def: &'static NodeDef, entries: Entries, node: &Node) {
        self.pairs_written_with_equals(def, node);
        let mut arguments = node.arguments();
        let inline = arguments.next();
        match (inline, &node.children) {
            (Some(key), None) => {
                self.key(key, def);
                self.entry_value(def, entries, node, 1);
            }
            (None, Some(children)) if children.is_empty() => self.empty(node),
            (None, Some(children)) => {
                for child in children {
                    if self.full() {
                        return;
                    }
                    if let Some(annotation) = &child.annotation {
                        self.annotation(annotation, &[]);
                    }
                    self.pairs_written_with_equals(def, child);
                    self.entry_value(def, entries, child, 0);
                    if child.children.is_some() {
                        self.unexpected_block(def, child);
                    }
                }
            }
            (Some(key), Some(_)) => self.found.push(
                Diagnostic::new(
                    codes::shape::MUTUALLY_EXCLUSIVE,
                    format!("`{}` takes a line or a block, not both", def.name),
                )
                .label(key.span, "a line begins here")
                .help(format!("write one `{}` for the line and another for the block", def.name)),
            ),
            (None, None) if node.properties().next().is_none() && !node.incomplete => self.found.push(
                Diagnostic::new(
                    codes::shape::MISSING_ARGUMENT,
                    format!("`{}` needs {} and its value", def.name, entries.key),
                )
                .label(node.name.span, "nothing follows")
                .help(format!("write `{} KEY \"value\"`", def.name)),
            ),
            (None, None) => {}
        }
    }

    /// The value of a `KEY value` line, whose arguments begin after `skip` of the node's own.
    fn entry_value(&mut self, def: &'static NodeDef, entries: Entries, node: &Node, skip: usize) {
        let key = match skip {
            0 => node.name.clone(),
            _ => node.arguments().next().map_or_else(|| node.name.clone(), |key| self.spelled(key)),
        };
        let mut values = node.arguments().skip(skip);
        match values.next() {
            Some(value) => self.argument(&format!("`{}`", key.value), &entries.value, value),
            None if entries.value.arity == Arity::Optional || node.properties().next().is_some() || node.incomplete => {
            }
            None => {
                let before = if skip == 0 { String::new() } else { format!("{} ", def.name) };
                let diagnostic =
                    Diagnostic::new(codes::shape::MISSING_ARGUMENT, format!("`{}` needs a value", key.value))
                        .label(key.span, "no value follows");
                // `extra-host "db:10.0.0.5"`, `label "team=web"`, as other tools write them.
                self.found.push(match key.value.split_once([':', '=']) {
                    Some((name, value)) if !name.is_empty() => {
                        let pair = format!("{name} \"{}\"", value.trim());
                        diagnostic.help(format!("write `{before}{pair}`")).suggestion("part the two", key.span, pair)
                    }
                    _ => diagnostic.help(format!("write `{before}{} \"value\"`", key.value)),
                });
            }
        }
        if entries.value.arity == Arity::Many {
            for value in values {
                if self.full() {
                    return;
                }
                self.argument(&format!("`{}`", key.value), &entries.value, value);
            }
            return;
        }
        let (first, last) = (values.next(), values.last());
        if let Some(first) = first {
            let surplus = last.map_or(first.span, |last| first.span.to(last.span));
            let value = node.arguments().nth(skip).map_or(surplus, |value| value.span.to(surplus));
            let quoted = format!("\"{}\"", self.files.slice(value).replace('"', ""));
            self.found.push(
                Diagnostic::new(codes::shape::TOO_MANY_ARGUMENTS, format!("`{}` takes one value", key.value))
                    .label(surplus, "more than one")
                    .help(format!("quote the words of one value: `{} {quoted}`", key.value))
                    .note(format!("of `{}`: {}", def.name, def.doc)),
            );
        }
    }

    /// `env KEY=value`, which KDL reads as a property.
    fn pairs_written_with_equals(&mut self, def: &NodeDef, node: &Node) {
        for (name, entry) in node.properties() {
            if self.full() {
                return;
            }
            let value = self.files.slice(entry.value.span);
            let meant = format!("{} {value}", name.value);
            let alone = node.entries.len() == 1 && node.name.value == def.name;
            let line = if alone { format!("{} {meant}", def.name) } else { meant.clone() };
            let diagnostic = Diagnostic::new(
                codes::shape::UNKNOWN_PROPERTY,
                format!("a line of `{}` is written without `=`", def.name),
            )
            .label(entry.span, "a key and its value")
            .help(format!("write `{line}`"));
            self.found.push(if alone {
                diagnostic.fix("write a blank for `=`", entry.span, meant)
            } else {
                diagnostic
            });
        }
    }

    /// Keys that stand twice, in the lines and blocks of one parent.
    fn repeated_keys(&mut self, parent: &NodeDef, nodes: &[Node]) {
        let mut firsts: HashMap<(&str, String), Span> = HashMap::new();
        for node in nodes {
            let Some(def) = parent.child(&node.name.value) else { continue };
            let Body::Entries(Entries { repeatable: false, independent, .. }) = def.body else { continue };
            if independent {
                firsts.clear();
            }
            let keys: Vec<Spanned<String>> = match (node.arguments().next(), &node.children) {
                (Some(key), _) => vec![self.spelled(key)],
                (None, children) => children.iter().flatten().map(|child| child.name.clone()).collect(),
            };
            for key in keys {
                let first = *firsts.entry((def.name, key.value.clone())).or_insert(key.span);
                if first != key.span && !self.full() {
                    self.found.push(
                        Diagnostic::new(
                            codes::shape::DUPLICATE_NODE,
                            format!("`{}` stands twice among `{}`", key.value, def.name),
                        )
                        .label(key.span, "again here")
                        .label(first, "first here")
                        .help("keep one of the two"),
                    );
                }
            }
        }
    }

    /// A node that `parent` does not take.
    fn stranger(&mut self, parent: &'static NodeDef, node: &Node) {
        let Spanned { value: name, span } = &node.name;
        if let Some((property, _)) = parent.property(name) {
            let form = format!("{}={}", property.name, property.ty.example());
            self.found.push(
                Diagnostic::new(codes::shape::UNKNOWN_NODE, format!("`{name}` is a property of `{}`", parent.name))
                    .label(*span, "not a node")
                    .help(format!("write it on the line of `{}`: `{form}`", parent.name)),
            );
            return;
        }
        if parent.flag(name).is_some() {
            self.found.push(
                Diagnostic::new(codes::shape::UNKNOWN_NODE, format!("`{name}` is a word of `{}`", parent.name))
                    .label(*span, "not a node")
                    .help(format!("write it at the end of the line of `{}`: `{} … {name}`", parent.name, parent.name)),
            );
            return;
        }
        let aliases = schema::alias(name, parent);
        let belongs = schema::parents(name);
        if let Some(form) = self.looked_at(parent, node) {
            self.found.push(
                Diagnostic::new(codes::shape::UNKNOWN_NODE, format!("there is no `{name}` {}", within(parent)))
                    .label(*span, "what to look at")
                    .help(format!("write `{form}`")),
            );
            return;
        }
        if aliases.is_empty() && !belongs.is_empty() {
            let misplaced = misplaced(parent, node, &belongs);
            self.found.push(match schema::habit(name, parent) {
                Some(help) => misplaced.help(help),
                None => misplaced,
            });
            return;
        }
        let known: Vec<&'static str> = parent.nodes().map(|node| node.name).collect();
        let meant = if aliases.is_empty() { near(name, known.iter().copied()) } else { aliases };
        let diagnostic =
            Diagnostic::new(codes::shape::UNKNOWN_NODE, format!("there is no `{name}` {}", within(parent)))
                .label(*span, "unknown node")
                .note(format!("{} takes {}", called(parent), listed(&known, "and")));
        self.found.push(match meant.as_slice() {
            _ if schema::habit(name, parent).is_some() => {
                diagnostic.help(schema::habit(name, parent).unwrap_or_default())
            }
            [] => {
                diagnostic.help(format!("write one of the nodes that {} takes, or take `{name}` away", called(parent)))
            }
            [only] => diagnostic.help(format!("write `{only}`")).fix(format!("write `{only}`"), *span, *only),
            several => diagnostic.help(format!("write {}", listed(several, "or"))),
        });
    }

    /// `status 200` where `expect status 200` was meant: the line as it should be, where a node of `parent` begins with that word.
    fn looked_at(&self, parent: &'static NodeDef, node: &Node) -> Option<String> {
        let is_first_word = |def: &&NodeDef| {
            let first = def.arguments.first();
            first.is_some_and(|first| first.word(&node.name.value).is_some())
        };
        let def = parent.nodes().find(|def| is_first_word(def))?;
        let last = node.entries.last().map_or(node.name.span, |entry| entry.span);
        Some(format!("{} {}", def.name, self.files.slice(node.name.span.to(last))))
    }

    /// Braces with nothing between them.
    fn empty(&mut self, node: &Node) {
        if node.incomplete {
            return;
        }
        self.found.push(
            Diagnostic::new(codes::shape::EMPTY_BLOCK, format!("the block of `{}` is empty", node.name.value))
                .label(node.name.span, "nothing in its braces")
                .help("fill the block, or take the braces away"),
        );
    }

    /// Braces on a node that takes none.
    fn unexpected_block(&mut self, def: &NodeDef, node: &Node) {
        let (name, span) = (&node.name.value, node.children().first().map_or(node.name.span, |child| child.name.span));
        let diagnostic = Diagnostic::new(codes::shape::UNEXPECTED_BLOCK, format!("`{name}` takes no block"))
            .label(span, if node.children().is_empty() { "has braces" } else { "in a block" });
        let properties: Vec<&str> = def.properties.iter().map(|property| property.name).collect();
        self.found.push(match properties.as_slice() {
            [] => diagnostic.help("take the braces away"),
            _ => diagnostic.help(format!("write its properties on its line: {}", listed(properties, "and"))),
        });
    }
}

fn misplaced(parent: &NodeDef, node: &Node, belongs: &[&str]) -> Diagnostic {
    let name = &node.name.value;
    let places = if belongs.contains(&DOCUMENT.name) {
        within(&DOCUMENT)
    } else {
        format!("in {}", listed(belongs.iter().take(4), "or"))
    };
    Diagnostic::new(codes::shape::MISPLACED_NODE, format!("`{name}` belongs {places}, not {}", within(parent)))
        .label(node.name.span, "in the wrong place")
        .help(format!("write it {places}"))
}
