use std::cell::{Cell, OnceCell};

use indexmap::IndexMap;

use super::resolver::Resolver;
use crate::ast;
use crate::diagnostic::codes::names::{BAD_NAME, DUPLICATE_NAME, RESERVED_NAME, UNKNOWN_REFERENCE};
use crate::diagnostic::{Diagnostic, Diagnostics, Edit, Fix, listed, near};
use crate::model::NameKind;
use crate::source::{Span, Spanned};

/// Every name that the spec declares; of two declarations of one name the first stands.
pub(super) struct Declared<'a> {
    pub params: IndexMap<&'a str, &'a ast::Param>,
    pub secrets: IndexMap<&'a str, &'a ast::Secret>,
    pub images: IndexMap<&'a str, &'a ast::Image>,
    pub volumes: IndexMap<&'a str, &'a ast::Volume>,
    pub networks: IndexMap<&'a str, &'a ast::Network>,
    pub templates: IndexMap<&'a str, &'a ast::Template>,
    pub runnables: IndexMap<&'a str, &'a ast::Runnable>,
    /// The runnables' names, once somebody asks for all of them.
    runnable_names: OnceCell<Vec<&'a str>>,
    /// How many more names are compared to find what was meant.
    guesses: Cell<usize>,
}

/// How many names are compared to find what was meant: enough for a person, too few to take long.
pub(super) const GUESSES: usize = 20_000;

/// The namespaces in which an unknown name is looked for elsewhere.
const KINDS: [NameKind; 7] = [
    NameKind::Runnable,
    NameKind::Image,
    NameKind::Volume,
    NameKind::Network,
    NameKind::Template,
    NameKind::Param,
    NameKind::Secret,
];

impl<'a> Declared<'a> {
    /// Collects the names; tells of those that are no names, reserved, or declared twice.
    pub fn collect(spec: &'a ast::Spec, diagnostics: &mut Diagnostics) -> Self {
        if let Some(name) = spec.header.as_ref().and_then(|header| header.name.as_ref()) {
            check_name("pipeline", true, &[], name, diagnostics);
        }
        let kind_of = ast::Runnable::kind;
        Declared {
            runnable_names: OnceCell::new(),
            guesses: Cell::new(GUESSES),
            params: table(&spec.params, |it| ("param", &it.name), false, &[], diagnostics),
            secrets: table(&spec.secrets, |it| ("secret", &it.name), false, &[], diagnostics),
            images: table(&spec.images, |it| ("image", &it.name), true, &["run", "pipeline", "matrix"], diagnostics),
            volumes: table(&spec.volumes, |it| ("volume", &it.name), true, &["tmpfs", "cache"], diagnostics),
            networks: table(&spec.networks, |it| ("network", &it.name), true, &["none", "host"], diagnostics),
            templates: table(&spec.templates, |it| ("template", &it.name), false, &[], diagnostics),
            runnables: table(
                &spec.runnables,
                |it| (kind_of(it), it.name()),
                true,
                &["localhost", "run", "pipeline", "matrix"],
                diagnostics,
            ),
        }
    }

    /// Whether `name` is declared in the namespace of `kind`.
    pub fn has(&self, kind: NameKind, name: &str) -> bool {
        match kind {
            NameKind::Param => self.params.contains_key(name),
            NameKind::Secret => self.secrets.contains_key(name),
            NameKind::Image => self.images.contains_key(name),
            NameKind::Volume => self.volumes.contains_key(name),
            NameKind::Network => self.networks.contains_key(name),
            NameKind::Template => self.templates.contains_key(name),
            NameKind::Runnable => self.runnables.contains_key(name),
        }
    }

    /// The names of a namespace, in the order of the file.
    pub fn names(&self, kind: NameKind) -> Vec<&'a str> {
        match kind {
            NameKind::Param => self.params.keys().copied().collect(),
            NameKind::Secret => self.secrets.keys().copied().collect(),
            NameKind::Image => self.images.keys().copied().collect(),
            NameKind::Volume => self.volumes.keys().copied().collect(),
            NameKind::Network => self.networks.keys().copied().collect(),
            NameKind::Template => self.templates.keys().copied().collect(),
            NameKind::Runnable => self.runnables.keys().copied().collect(),
        }
    }

    /// The service of that name.
    pub fn service(&self, name: &str) -> Option<&'a ast::Service> {
        match self.runnables.get(name) {
            Some(ast::Runnable::Service(service)) => Some(service),
            _ => None,
        }
    }

    /// The names of the services, in the order of the file.
    pub fn services(&self) -> Vec<&'a str> {
        self.names(NameKind::Runnable).into_iter().filter(|name| self.service(name).is_some()).collect()
    }

    /// The names of the stages, in the order of the file.
    pub fn stages(&self) -> Vec<&'a str> {
        let stages = self.runnables.iter().filter(|(_, runnable)| matches!(runnable, ast::Runnable::Stage(_)));
        stages.map(|(name, _)| *name).collect()
    }

    /// What to say of a name that is not declared: what is meant perhaps, what it is else, and what there is.
    pub fn unknown(&self, kind: NameKind, name: &Spanned<String>) -> Diagnostic {
        match kind {
            // There may be very many of them, and as many names that are none.
            NameKind::Runnable => {
                let names = self.runnable_names.get_or_init(|| self.names(kind));
                self.unknown_among(kind.words(), kind, names, name)
            }
            _ => self.unknown_among(kind.words(), kind, &self.names(kind), name),
        }
    }

    /// As [`unknown`](Self::unknown), where only `known` of the namespace will do.
    pub fn unknown_among(&self, wanted: &str, kind: NameKind, known: &[&str], name: &Spanned<String>) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(UNKNOWN_REFERENCE, format!("there is no {wanted} `{}`", name.value))
            .label(name.span, "not declared");
        // `db,`, `app:8000`, `a.healthy`: the name and something that belongs elsewhere.
        let stem = name.value.split([',', ':', '.']).next().unwrap_or_default();
        let extra = &name.value[stem.len()..];
        let is_declared = self.has(kind, stem);
        let misses = match known.iter().find(|known| is_declared && **known == stem) {
            Some(known) => vec![*known],
            None => self.near(&name.value, known),
        };
        if let Some(other) = KINDS.into_iter().find(|other| self.has(*other, &name.value)) {
            let (word, span) = self.declaration(other, &name.value);
            diagnostic =
                diagnostic.label(span, format!("this is a {word}").replace("a a", "an a").replace("a i", "an i"));
        }
        if !misses.is_empty() {
            diagnostic = diagnostic.help(format!("did you mean {}?", listed(&misses, "or")));
            if let [only] = misses.as_slice() {
                diagnostic = with_guess(diagnostic, name.span, only);
            }
        } else if !self.has(kind, &name.value) {
            let name = if is_word(&name.value) { name.value.clone() } else { sanitised(stem) };
            diagnostic = diagnostic.help(match kind {
                NameKind::Runnable if self.has(NameKind::Template, &name) => {
                    format!("a template is taken over, not waited for: `extends {name}`")
                }
                NameKind::Runnable => format!("declare it: `service {name} {{ … }}` or `stage {name} {{ … }}`"),
                NameKind::Image => format!("declare it: `image {name} {{ build . }}`"),
                NameKind::Secret => format!("declare it: `secret {name} env=VARIABLE`"),
                NameKind::Template => format!("declare it: `template {name} {{ … }}`"),
                _ => format!("declare it: `{wanted} {name}`"),
            });
        }
        if extra.starts_with(',') {
            diagnostic = diagnostic.note("values stand one after another, without commas");
        }
        let note = match known {
            [] => format!("no {wanted} is declared"),
            few if few.len() <= 20 => format!("declared: {}", listed(few, "and")),
            many => format!("declared: {} and {} more", listed(&many[..20], ","), many.len() - 20),
        };
        diagnostic.note(note)
    }

    /// As [`near`], as long as this is not asked too often.
    pub fn near<'n>(&self, wanted: &str, known: &[&'n str]) -> Vec<&'n str> {
        match self.guesses.get().checked_sub(known.len()) {
            Some(left) => {
                self.guesses.set(left);
                near(wanted, known.iter().copied())
            }
            None => Vec::new(),
        }
    }

    /// How many names have been compared so far.
    pub fn guesses_taken(&self) -> usize {
        GUESSES - self.guesses.get()
    }

    /// The word of a declaration and the place of its name.
    fn declaration(&self, kind: NameKind, name: &str) -> (&'static str, Span) {
        match kind {
            NameKind::Param => ("param", self.params[name].name.span),
            NameKind::Secret => ("secret", self.secrets[name].name.span),
            NameKind::Image => ("image", self.images[name].name.span),
            NameKind::Volume => ("volume", self.volumes[name].name.span),
            NameKind::Network => ("network", self.networks[name].name.span),
            NameKind::Template => ("template", self.templates[name].name.span),
            NameKind::Runnable => (self.runnables[name].kind(), self.runnables[name].name().span),
        }
    }
}

impl Resolver<'_> {
    /// Tells of a name that is no plain word.
    pub fn must_be_word(&mut self, kind: &str, name: &Spanned<String>) {
        check_name(kind, false, &[], name, &mut self.diagnostics);
    }
}

/// Adds the edit that puts `name` in place of what is written; a guess, so not to be applied without a look.
pub(super) fn with_guess(mut diagnostic: Diagnostic, span: Span, name: &str) -> Diagnostic {
    let bare = name.starts_with(|c: char| c.is_alphabetic());
    let text = if bare { name.to_owned() } else { format!("\"{name}\"") };
    diagnostic.fixes.push(Fix { title: format!("write `{name}`"), safe: false, edits: vec![Edit { span, text }] });
    diagnostic
}

/// A DNS label of what is left of `name`: lower case, dashes for what does not fit.
pub(super) fn sanitised(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(63);
    let out = out.trim_end_matches('-');
    if out.is_empty() { "pipeline".to_owned() } else { out.to_owned() }
}

fn table<'a, T>(
    items: &'a [T],
    name_of: impl Fn(&'a T) -> (&'static str, &'a Spanned<String>),
    dns: bool,
    reserved: &[&str],
    diagnostics: &mut Diagnostics,
) -> IndexMap<&'a str, &'a T> {
    let mut found: IndexMap<&str, &T> = IndexMap::new();
    for item in items {
        let (kind, name) = name_of(item);
        if let Some(first) = found.get(name.value.as_str()) {
            let (first_kind, first_name) = name_of(first);
            diagnostics.push(
                Diagnostic::new(DUPLICATE_NAME, format!("`{}` is declared twice", name.value))
                    .label(name.span, format!("again, as {kind}"))
                    .label(first_name.span, format!("first, as {first_kind}"))
                    .help("give one of them another name"),
            );
            continue;
        }
        check_name(kind, dns, reserved, name, diagnostics);
        found.insert(&name.value, item);
    }
    found
}

/// Tells of a name that is none: a DNS label where it becomes a host's or an object's name, else a plain word.
pub(super) fn check_name(
    kind: &str,
    dns: bool,
    reserved: &[&str],
    name: &Spanned<String>,
    diagnostics: &mut Diagnostics,
) {
    let text = &name.value;
    if reserved.contains(&text.as_str()) {
        diagnostics.push(
            Diagnostic::new(RESERVED_NAME, format!("`{text}` has a meaning of its own and names no {kind}"))
                .label(name.span, "reserved word")
                .help("choose another name")
                .note(format!("reserved for every {kind}: {}", listed(reserved, "and"))),
        );
        return;
    }
    let fits = if dns { is_dns_label(text) } else { is_word(text) };
    if fits {
        return;
    }
    let rule = if dns {
        "a name is 1 to 63 of `a` to `z`, `0` to `9` and `-`, and neither begins nor ends with `-`"
    } else {
        "a name is 1 to 63 letters, digits, `-` and `_`, and begins with a letter or `_`"
    };
    let mended = sanitised(text);
    let mut diagnostic = Diagnostic::new(
        BAD_NAME,
        format!("`{text}` cannot name a {kind}").replace("a a", "an a").replace("a i", "an i"),
    )
    .label(name.span, "not a name")
    .help(format!("write `{mended}`"))
    .note(rule);
    diagnostic = with_guess(diagnostic, name.span, &mended);
    diagnostics.push(diagnostic);
}

/// RFC 1123: what a host can be called.
fn is_dns_label(name: &str) -> bool {
    (1..=63).contains(&name.len())
        && !name.starts_with('-')
        && !name.ends_with('-')
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

pub(super) fn is_word(name: &str) -> bool {
    (1..=63).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}
