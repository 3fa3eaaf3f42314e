use std::collections::VecDeque;

use super::Shape;
use crate::diagnostic::{Diagnostic, codes, listed, near};
use crate::schema::{Argument, Arity, NodeDef, Word};
use crate::source::Spanned;
use crate::syntax::{Entry, Node, Value};

impl Shape<'_> {
    /// The arguments of a node that has no `KEY value` lines.
    pub(super) fn arguments(&mut self, def: &'static NodeDef, node: &Node) {
        let mut wanted: VecDeque<Argument> = def.arguments.iter().copied().collect();
        let mut taken = 0;
        let mut surplus: Vec<&Entry> = Vec::new();
        for entry in node.arguments() {
            if self.full() {
                return;
            }
            let Some(argument) = wanted.front().copied() else {
                match def.flags {
                    [] => surplus.push(entry),
                    flags => self.flag(flags, entry, def),
                }
                continue;
            };
            taken += 1;
            let full = match argument.arity {
                Arity::One | Arity::Optional => true,
                Arity::Many => false,
                Arity::Exactly(count) => taken == count,
            };
            if full {
                wanted.pop_front();
                taken = 0;
            }
            self.argument(&subject(def, &argument), &argument, entry);
            if let Some(word) = text(entry).and_then(|text| argument.word(text)) {
                for further in word.takes.iter().rev() {
                    wanted.push_front(*further);
                }
            }
        }
        let missing = wanted.front().filter(|argument| match argument.arity {
            Arity::One | Arity::Exactly(_) => true,
            Arity::Many => taken == 0,
            Arity::Optional => false,
        });
        if let Some(missing) = missing.filter(|_| !node.incomplete) {
            self.missing_argument(def, missing, node);
        }
        if let (Some(first), Some(last)) = (surplus.first(), surplus.last()) {
            let span = first.span.to(last.span);
            let diagnostic = Diagnostic::new(
                codes::shape::TOO_MANY_ARGUMENTS,
                match def.arguments {
                    [] => format!("`{}` takes no argument", def.name),
                    [only] => format!("`{}` takes one argument, {}", def.name, only.ty.noun()),
                    several => format!("`{}` takes at most {} arguments", def.name, several.len()),
                },
            )
            .label(span, "too much");
            self.found.push(diagnostic.help(format!(
                "take `{}` away, or write `{}`",
                self.files.slice(span),
                signature(def)
            )));
        }
    }

    /// One argument.
    pub(super) fn argument(&mut self, subject: &str, argument: &Argument, entry: &Entry) {
        if let Some(annotation) = &entry.annotation {
            self.annotation(annotation, argument.annotations);
        }
        match text(entry).and_then(|text| argument.words.iter().find(|word| word.word == text)) {
            Some(word) => {
                self.supported_word(word, entry.value.span);
            }
            None => self.value(subject, argument.ty, entry),
        }
    }

    /// The key of `env KEY value`.
    pub(super) fn key(&mut self, key: &Entry, def: &NodeDef) {
        if let Some(annotation) = &key.annotation {
            self.annotation(annotation, &[]);
        }
        self.value(&format!("the key of `{}`", def.name), crate::schema::Type::Name, key);
    }

    /// A bare word after the arguments.
    fn flag(&mut self, flags: &'static [Word], entry: &Entry, def: &NodeDef) {
        let known = text(entry).and_then(|text| flags.iter().find(|flag| flag.word == text));
        if let Some(flag) = known {
            self.supported_word(flag, entry.span);
            return;
        }
        let names = flags.iter().map(|flag| flag.word);
        let diagnostic = Diagnostic::new(
            codes::shape::UNKNOWN_VALUE,
            format!("`{}` takes {} here", def.name, listed(names.clone(), "or")),
        )
        .label(entry.span, "unknown word");
        let meant = text(entry).map(|text| near(text, names.clone())).unwrap_or_default();
        self.found.push(match meant.as_slice() {
            [only] => diagnostic.help(format!("write `{only}`")).fix(format!("write `{only}`"), entry.span, *only),
            _ => diagnostic.help(format!("write {}, or take it away", listed(names, "or"))),
        });
    }

    fn missing_argument(&mut self, def: &NodeDef, missing: &Argument, node: &Node) {
        let (what, here) = match missing.arity {
            Arity::Exactly(count) => (format!("{count} values"), "too few values"),
            _ if def.arguments.iter().any(|own| own.name == missing.name) => (phrase(missing), "nothing follows"),
            _ => (phrase(missing), "more must follow"),
        };
        let last = node.arguments().last().map_or(node.name.span, |entry| entry.span);
        self.found.push(
            Diagnostic::new(codes::shape::MISSING_ARGUMENT, format!("`{}` needs {what}", def.name))
                .label(node.name.span.to(last), here)
                .help(format!(
                    "write `{}{}`",
                    self.files.slice(node.name.span.to(last)),
                    format_args!(" {}", example(missing))
                )),
        );
    }

    /// A value as the author spelled it, without quotes.
    pub(super) fn spelled(&self, entry: &Entry) -> Spanned<String> {
        let spelling = text(entry).unwrap_or_else(|| self.files.slice(entry.value.span));
        Spanned::new(spelling.to_owned(), entry.value.span)
    }
}

/// The text of an entry that is a string.
pub(super) fn text(entry: &Entry) -> Option<&str> {
    match &entry.value.value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// What a message calls an argument.
fn subject(def: &NodeDef, argument: &Argument) -> String {
    match def.arguments {
        [_] => format!("`{}`", def.name),
        _ => format!("the {} of `{}`", argument.name, def.name),
    }
}

/// “a name”, “an image”.
fn phrase(argument: &Argument) -> String {
    let article = if argument.name.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {}", argument.name)
}

fn example(argument: &Argument) -> String {
    match argument.arity {
        Arity::Exactly(count) => vec![argument.ty.example(); count].join(" "),
        _ => argument.ty.example(),
    }
}

/// `` build CONTEXT ``, for help.
fn signature(def: &NodeDef) -> String {
    let arguments = def.arguments.iter().map(|argument| match argument.arity {
        Arity::One => argument.name.to_uppercase(),
        Arity::Optional => format!("[{}]", argument.name.to_uppercase()),
        Arity::Many => format!("{}…", argument.name.to_uppercase()),
        Arity::Exactly(count) => vec![argument.name.to_uppercase(); count].join(" "),
    });
    std::iter::once(def.name.to_owned()).chain(arguments).collect::<Vec<_>>().join(" ")
}
