use super::super::query::{Fact, FactType};
use super::super::reader::inside;
use super::{Shape, place};
use crate::diagnostic::{Diagnostic, Edit, Fix, codes, listed};
use crate::schema::{self, Arity, NodeDef, Part, Rule};
use crate::source::Span;
use crate::syntax::{Entry, Node, Value};

impl Shape<'_> {
    /// What must hold of the parts of `node` together.
    pub(super) fn rules(&mut self, def: &'static NodeDef, node: &Node) {
        for rule in def.rules {
            match rule {
                Rule::AtMostOne(parts) => {
                    self.at_most_one(parts, def, node);
                }
                Rule::AtLeastOne(parts) => self.at_least_one(parts, def, node),
                Rule::ExactlyOne(parts) => {
                    self.at_most_one(parts, def, node);
                    self.at_least_one(parts, def, node);
                }
                Rule::Asserts => self.asserts(def, node),
                Rule::Alone(part) => self.alone(*part, def, node),
                Rule::PortOnce => self.port_once(node),
            }
        }
    }

    fn at_most_one(&mut self, parts: &[Part], def: &NodeDef, node: &Node) {
        let mut there: Vec<(Part, Span)> =
            parts.iter().filter_map(|part| Some((*part, place(*part, def, node)?))).collect();
        there.sort_by_key(|(_, span)| *span);
        let [first, rest @ ..] = there.as_slice() else { return };
        for other in rest {
            self.found.push(
                Diagnostic::new(
                    codes::shape::MUTUALLY_EXCLUSIVE,
                    format!("{} and {} exclude each other", named(first.0), named(other.0)),
                )
                .label(other.1, "and this")
                .label(first.1, "either this")
                .help("keep one of the two"),
            );
        }
    }

    fn at_least_one(&mut self, parts: &[Part], def: &NodeDef, node: &Node) {
        // What stands there under a name that is not known may well be it; that has been told.
        let strangers = node.children().iter().any(|child| def.child(&child.name.value).is_none())
            || node.properties().any(|(name, _)| def.property(&name.value).is_none());
        if node.incomplete || strangers || parts.iter().any(|part| place(*part, def, node).is_some()) {
            return;
        }
        let ways: Vec<String> = parts.iter().map(|part| way(*part, def)).collect();
        self.found.push(
            Diagnostic::new(
                codes::shape::MISSING_ONE_OF,
                format!("`{}` needs {}", def.name, join(parts.iter().map(|part| named(*part)))),
            )
            .label(node.name.span, "has none of them")
            .help(format!("add {}", listed(ways, "or"))),
        );
    }

    /// `expect json "$.items"` alone asserts nothing.
    fn asserts(&mut self, def: &NodeDef, node: &Node) {
        if node.incomplete {
            return;
        }
        let mut arguments = node.arguments();
        let Some(query) = arguments.next() else { return };
        let Some(word) = super::arguments::text(query).and_then(|text| def.arguments[0].word(text)) else { return };
        let rest = arguments.count();
        // A filter changes what is looked at, and asks nothing of it.
        let asks = node.children().iter().any(|child| child.name.value != "filter");
        if rest == word.takes.len() && node.properties().next().is_none() && !asks {
            let line = format!("{} {}", def.name, word.word);
            let help = match Fact::named(word.word).and_then(Fact::ty) {
                Some(FactType::Bool) => format!("write `{line} #true`"),
                Some(FactType::Number) => format!("add what it must be, such as `{line} 0` or `{line} lt=100`"),
                _ => "add what must hold, such as `exists=#true` or `equals=\"value\"`".to_owned(),
            };
            self.found.push(
                Diagnostic::new(codes::shape::ASSERTS_NOTHING, format!("`{line}` asserts nothing"))
                    .label(node.span, "no predicate")
                    .help(help),
            );
        }
    }

    /// `port "8080:8000/udp" protocol=tcp` says two things of one port.
    fn port_once(&mut self, node: &Node) {
        let Some(entry) = node.arguments().next() else { return };
        let Some(text) = super::arguments::text(entry) else { return };
        let Ok(port) = schema::parse_published_port(text) else { return };
        let at_host = port.host.as_ref().map(|(hosts, at)| (hosts.start().to_string(), at.clone()));
        let at_bind = port.bind.as_ref().map(|(bind, at)| (bind.to_string(), at.clone()));
        let at_protocol = port.protocol.map(|protocol| {
            let name = protocol.as_str();
            (name.to_owned(), text.len() - name.len()..text.len())
        });
        for (name, said) in [("host", at_host), ("protocol", at_protocol), ("bind", at_bind)] {
            let (Some((value, at)), Some(property)) = (said, node.property(name)) else { continue };
            let spelled = match &property.value.value {
                Value::String(text) => text.clone(),
                Value::Integer(number) => number.to_string(),
                Value::Bool(_) | Value::Float(_) | Value::Null => continue,
            };
            if spelled == value {
                continue;
            }
            let place = inside(self.files, entry.value.span, text, at);
            self.found.push(
                Diagnostic::new(
                    codes::shape::MUTUALLY_EXCLUSIVE,
                    format!("`{name}={spelled}` and the `{value}` of the port exclude each other"),
                )
                .label(property.span, format!("{spelled} here"))
                .label(place, format!("and {value} here"))
                .help(format!("keep one of the two: take `{name}` away for {value}"))
                .fix_of(self.without(node, property, name)),
            );
        }
    }

    /// Takes a property out of its line, with the blanks before it.
    fn without(&self, node: &Node, property: &Entry, name: &str) -> Fix {
        let file = self.files.get(property.span.file);
        let (whole, property) = (file.range(node.span), file.range(property.span));
        let before = &file.text()[whole.start..property.start];
        let span = file.span(whole.start + before.trim_end_matches([' ', '\t']).len(), property.end);
        Fix { title: format!("take `{name}` away"), safe: false, edits: vec![Edit { span, text: String::new() }] }
    }

    fn alone(&mut self, part: Part, def: &NodeDef, node: &Node) {
        if place(part, def, node).is_none() {
            return;
        }
        for (name, entry) in node.properties().filter(|(name, _)| def.property(&name.value).is_some()) {
            self.found.push(
                Diagnostic::new(
                    codes::shape::NO_EFFECT,
                    format!("`{}` has no effect beside `{}`", name.value, part.name()),
                )
                .label(entry.span, "no effect")
                .help(format!("take `{}` away", name.value)),
            );
        }
    }
}

/// As messages name it.
fn named(part: Part) -> String {
    match part {
        Part::Argument(name) => format!("the {name}"),
        Part::Word(..) | Part::Flag(_) | Part::Child(_) => format!("`{}`", part.name()),
        Part::Property(name) => format!("`{name}=`"),
    }
}

/// As one would type it.
fn way(part: Part, def: &NodeDef) -> String {
    match part {
        Part::Argument(name) => {
            let argument = def.arguments.iter().find(|argument| argument.name == name);
            argument.map_or_else(String::new, |argument| argument.ty.example())
        }
        Part::Property("env") => "env=VARIABLE".to_owned(),
        Part::Property(name) => {
            let property = def.property(name).map(|(property, _)| property.ty.example());
            format!("{name}={}", property.unwrap_or_default())
        }
        Part::Child(name) => {
            let arguments = def.child(name).map_or(&[][..], |child| child.arguments);
            let values = arguments.iter().filter(|argument| argument.arity != Arity::Optional);
            std::iter::once(name.to_owned())
                .chain(values.map(|argument| argument.ty.example()))
                .collect::<Vec<_>>()
                .join(" ")
        }
        Part::Word(_, word) | Part::Flag(word) => word.to_owned(),
    }
}

fn join(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    match names.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., end] => format!("{} or {end}", rest.join(", ")),
    }
}
