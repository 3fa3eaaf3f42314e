use std::collections::VecDeque;

use super::Shape;
use crate::diagnostic::{Diagnostic, codes, listed, near};
use crate::schema::{self, Argument, Arity, NodeDef, Type, Word};
use crate::source::Spanned;
use crate::syntax::{Entry, Node, Value};

impl Shape<'_> {
    /// The arguments of a node that has no `KEY value` lines.
    pub(super) fn arguments(&mut self, def: &'static NodeDef, node: &Node) {
        if self.first_is_missing(def, node) {
            return;
        }
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
        // `build context=.`, `expect status=200`: that it is no property has been told.
        let is_meant = |argument: &Argument| {
            node.properties().any(|(name, _)| name.value == argument.name || argument.word(&name.value).is_some())
        };
        if let Some(missing) = missing.filter(|missing| !node.incomplete && !is_meant(missing)) {
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
            let written = self.files.slice(first.span);
            self.found.push(if !schema::parents(written).is_empty() {
                diagnostic.help(format!("start a new line, or write `;`, before `{written}`: it is a node of its own"))
            } else {
                let written = self.files.slice(span);
                diagnostic.help(format!("take `{written}` away, or write `{}`", signature(def)))
            });
        }
    }

    /// One argument.
    pub(super) fn argument(&mut self, subject: &str, argument: &Argument, entry: &Entry) {
        self.annotated_value(argument.ty, argument.annotations, entry);
        match text(entry).and_then(|text| argument.words.iter().find(|word| word.word == text)) {
            Some(word) => {
                self.note_word(word, entry.value.span);
            }
            None if self.unanswerable(argument, entry) => {}
            None => self.value(subject, argument.ty, entry),
        }
    }

    /// Tells of a query that other probes answer, and this one does not.
    fn unanswerable(&mut self, argument: &Argument, entry: &Entry) -> bool {
        let (Type::Word(own), Some(written)) = (argument.ty, text(entry)) else { return false };
        if argument.name != "query" || argument.word(written).is_some() {
            return false;
        }
        let Some(test) = schema::find("acceptance.test") else { return false };
        let probes = test.nodes().filter_map(|probe| match probe.child("expect")?.arguments.first()?.ty {
            Type::Word(words) => Some((probe.name, words)),
            _ => None,
        });
        let (mut this, mut others) = (Vec::new(), Vec::new());
        for (name, words) in probes {
            if std::ptr::eq(words, own) {
                this.push(name);
            } else if words.iter().any(|word| word.word == written) {
                others.push(name);
            }
        }
        if others.is_empty() {
            return false;
        }
        self.found.push(
            Diagnostic::new(
                codes::shape::UNANSWERABLE_QUERY,
                format!("`{written}` cannot be asked of {}", listed(&this, "or")),
            )
            .label(entry.value.span, "not among its answers")
            .help(format!("write {}", listed(own.iter().map(|word| word.word), "or")))
            .note(format!("`{written}` is asked of {}", listed(&others, "and"))),
        );
        true
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
            self.note_word(flag, entry.span);
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

    /// `http "/"`, where the value is no word of the first argument's set and so was meant for the second one.
    fn first_is_missing(&mut self, def: &NodeDef, node: &Node) -> bool {
        let [first, second, ..] = def.arguments else { return false };
        let Type::Word(words) = first.ty else { return false };
        let mut written = node.arguments();
        let (Some(only), None) = (written.next(), written.next()) else { return false };
        let Some(text) = text(only).filter(|_| second.arity == Arity::One && !node.incomplete) else { return false };
        if words.iter().any(|word| word.word == text) || text.chars().all(char::is_alphabetic) {
            return false;
        }
        let value = self.files.slice(only.value.span);
        self.found.push(
            Diagnostic::new(codes::shape::MISSING_ARGUMENT, format!("`{}` needs {}", def.name, phrase(first)))
                .label(node.name.span.to(only.span), format!("the {} is missing", first.name))
                .help(format!("write `{} {} {value}`", def.name, words.first().map_or("", |word| word.word))),
        );
        true
    }

    fn missing_argument(&mut self, def: &NodeDef, missing: &Argument, node: &Node) {
        let (what, here) = match missing.arity {
            Arity::Exactly(count) => (format!("{count} values"), "too few values"),
            _ if def.arguments.iter().any(|own| own.name == missing.name) => (phrase(missing), "nothing follows"),
            _ => (phrase(missing), "more must follow"),
        };
        let last = node.arguments().last();
        let span = node.name.span.to(last.map_or(node.name.span, |entry| entry.span));
        let written = std::iter::once(node.name.value.clone()).chain(node.arguments().map(|entry| self.typed(entry)));
        let line = written.collect::<Vec<_>>().join(" ");
        let volume =
            last.filter(|_| matches!(missing.ty, Type::ContainerPath)).and_then(text).and_then(split_as_volume);
        self.found.push(
            Diagnostic::new(codes::shape::MISSING_ARGUMENT, format!("`{}` needs {what}", def.name))
                .label(span, here)
                .help(match volume {
                    Some(words) => format!("write `{} {words}`", def.name),
                    None => format!("write `{line} {}`", example(missing)),
                }),
        );
    }

    /// An entry as it should be typed: with quotes where KDL wants them.
    fn typed(&self, entry: &Entry) -> String {
        let source = self.files.slice(entry.value.span);
        match text(entry) {
            Some(text) if !source.contains('"') => quoted_if_needed(text),
            _ => source.to_owned(),
        }
    }

    /// A value as the author spelled it, without quotes.
    pub(super) fn spelled(&self, entry: &Entry) -> Spanned<String> {
        let spelling = text(entry).unwrap_or_else(|| self.files.slice(entry.value.span));
        Spanned::new(spelling.to_owned(), entry.value.span)
    }
}

/// `SOURCE:TARGET[:ro]`, as compose and `docker run -v` write a mount, in our words.
fn split_as_volume(text: &str) -> Option<String> {
    let (source, rest) = text.split_once(':')?;
    let (target, mode) = rest.split_once(':').unwrap_or((rest, ""));
    let read_only = mode.split(',').any(|word| word == "ro");
    let words = format!("{} \"{target}\"", quoted_if_needed(source));
    (!source.is_empty() && target.starts_with('/')).then(|| if read_only { words + " read-only" } else { words })
}

fn quoted_if_needed(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if plain { text.to_owned() } else { format!("\"{text}\"") }
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
