use std::collections::HashMap;

use super::{Shape, place};
use crate::diagnostic::{Diagnostic, codes, listed, near};
use crate::schema::{self, Arity, Body, NodeDef, Type};
use crate::source::Spanned;
use crate::syntax::{Entry, Node};

impl Shape<'_> {
    /// The properties of a node that has no `KEY value` lines.
    pub(super) fn properties(&mut self, def: &'static NodeDef, node: &Node) {
        let mut seen: HashMap<&str, &Spanned<String>> = HashMap::new();
        for (name, entry) in node.properties() {
            if self.full() {
                return;
            }
            let property = def.property(&name.value);
            if property.is_none() && def.any_property.is_none() {
                self.unknown_property(node, def, name, entry);
                continue;
            }
            let ty = property.map_or(Type::Spelled, |(property, _)| property.ty);
            self.annotated_value(ty, &[], entry);
            if let Some((property, _)) = property {
                self.note_support(property.support, property.name, property.doc, name.span);
            }
            if let Some(first) = seen.get(name.value.as_str()) {
                self.found.push(
                    Diagnostic::new(codes::shape::DUPLICATE_PROPERTY, format!("`{}` is written twice", name.value))
                        .label(entry.span, "again here")
                        .label(first.span, "first here")
                        .help("keep one of the two")
                        .note("KDL itself would let the right-most win"),
                );
            }
            seen.insert(&name.value, name);
            let Some((property, negated)) = property else {
                if let Some(argument) = def.any_property {
                    self.value(&format!("`{}`", name.value), argument.ty, entry);
                }
                continue;
            };
            let subject = if negated { format!("`not-{}`", property.name) } else { format!("`{}`", property.name) };
            self.value(&subject, property.ty, entry);
            if let Some(needed) = property.requires.filter(|needed| place(*needed, def, node).is_none()) {
                self.found.push(
                    Diagnostic::new(
                        codes::shape::NO_EFFECT,
                        format!("`{}` has no effect without `{}`", property.name, needed.name()),
                    )
                    .label(entry.span, "no effect")
                    .help(format!("add `{}`, or take `{}` away", needed.name(), property.name)),
                );
            }
        }
        for property in def.properties.iter().filter(|property| property.required) {
            let meant = |(name, _): (&Spanned<String>, &Entry)| !near(&name.value, [property.name]).is_empty();
            if node.property(property.name).is_none() && !node.incomplete && !node.properties().any(meant) {
                self.found.push(
                    Diagnostic::new(
                        codes::shape::MISSING_PROPERTY,
                        format!("`{}` needs `{}`", def.name, property.name),
                    )
                    .label(node.name.span, format!("has no `{}`", property.name))
                    .help(format!("add `{}={}`", property.name, property.ty.example())),
                );
            }
        }
    }

    fn unknown_property(&mut self, node: &Node, def: &'static NodeDef, name: &Spanned<String>, entry: &Entry) {
        let written = name.value.as_str();
        let known: Vec<&str> = def.properties.iter().map(|property| property.name).collect();
        let mut diagnostic =
            Diagnostic::new(codes::shape::UNKNOWN_PROPERTY, format!("`{}` has no property `{written}`", def.name))
                .label(name.span, "unknown property");
        if let Some((help, fix)) = self.no_property(node, def, written, entry) {
            self.found.push(match fix {
                Some(text) => diagnostic.help(help).fix("write it so", entry.span, text),
                None => diagnostic.help(help),
            });
            return;
        }
        let child = def.child(written);
        if let (Some(child), Body::Nodes(_)) = (child, def.body) {
            let value = self.files.slice(entry.value.span);
            self.found
                .push(diagnostic.help(format!("write it in the block of `{}`: `{} {value}`", def.name, child.name)));
            return;
        }
        diagnostic = match known.as_slice() {
            [] => diagnostic.note(format!("`{}` has no properties", def.name)),
            known => diagnostic.note(format!("`{}` has {}", def.name, listed(known, "and"))),
        };
        let meant = near(written, known.iter().copied());
        self.found.push(match meant.as_slice() {
            [] => diagnostic.help(format!("take `{written}` away")),
            [only] => diagnostic.help(format!("write `{only}`")).fix(format!("write `{only}`"), name.span, *only),
            several => diagnostic.help(format!("write {}", listed(several, "or"))),
        });
    }

    /// What is not a property although it is written as one: what to type instead, and the text that mends it.
    fn no_property(
        &self,
        node: &Node,
        def: &NodeDef,
        written: &str,
        entry: &Entry,
    ) -> Option<(String, Option<String>)> {
        let value = self.files.slice(entry.value.span);
        if def.flag(written).is_some() {
            return Some((format!("write the word alone: `{written}`"), Some(written.to_owned())));
        }
        if def.arguments.iter().any(|argument| argument.name == written) {
            let before = node.arguments().map(|argument| self.files.slice(argument.value.span));
            let words: Vec<&str> = std::iter::once(def.name).chain(before).chain([value]).collect();
            return Some((format!("write the value alone: `{}`", words.join(" ")), Some(value.to_owned())));
        }
        if def.arguments.first().is_some_and(|first| first.word(written).is_some()) {
            let text = format!("{written} {value}");
            return Some((format!("write `{} {text}`", def.name), Some(text)));
        }
        if let Some(help) = schema::habit(written, def) {
            return Some((help.to_owned(), None));
        }
        let takes_words =
            def.arguments.last().is_some_and(|last| last.arity == Arity::Many && matches!(last.ty, Type::Text));
        if def.properties.is_empty() && takes_words {
            let quoted = format!("\"{}\"", self.files.slice(entry.span).replace('"', ""));
            return Some((format!("quote the word: `{quoted}`"), Some(quoted)));
        }
        None
    }
}
