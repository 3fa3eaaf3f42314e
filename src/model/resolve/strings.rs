use std::ops::Range;

use indexmap::IndexMap;

use super::declared::diagnostic_with_guess;
use super::resolver::Resolver;
use crate::ast;
use crate::diagnostic::codes::names::{BAD_INTERPOLATION, UNAVAILABLE_VARIABLE, UNKNOWN_VARIABLE};
use crate::diagnostic::codes::services::UNKNOWN_PORT;
use crate::diagnostic::{Diagnostic, listed};
use crate::model::inside::inside;
use crate::model::interpolation::{InterpolationErrorKind, RawPiece, split};
use crate::model::{Hole, Name, NameKind, ParamSource, Piece, Text};
use crate::source::{Span, Spanned};

/// Where a string stands, which decides what its holes may name.
#[derive(Clone, Copy)]
pub(super) enum Site<'s> {
    /// Must be known before anything runs: paths, references to registries. Params that need no command.
    Static,
    /// Known when a run has begun: build arguments, labels. All params, and `run.id`.
    Build,
    /// In a container that starts when others are up: services' addresses and images' digests too. Its own service, where it has one.
    Container(Option<&'s str>),
    /// In a probe of a test: what was captured before, and what will be captured later.
    Probe { captured: &'s [&'s Spanned<String>], later: &'s [&'s Spanned<String>] },
}

/// What `{{service.…}}` may ask for.
const SERVICE_ATTRIBUTES: &str = "`url`, `host`, `port.NUMBER` and `internal-url`";

impl Resolver<'_> {
    /// A string with its holes resolved; those that name nothing are told of and left out.
    pub fn text(&mut self, string: &Spanned<String>, site: Site<'_>) -> Text {
        let (raw, errors) = split(&string.value);
        for error in errors {
            let span = self.inside(string, error.at);
            self.report(bad_interpolation(error.kind, span));
        }
        let mut pieces = Vec::new();
        for piece in raw {
            match piece {
                RawPiece::Literal(text) => pieces.push(Piece::Literal(text)),
                RawPiece::Hole { name, at } => {
                    let span = self.inside(string, at);
                    pieces.extend(self.hole(&name, span, site).map(Piece::Hole));
                }
            }
        }
        Text { pieces, span: string.span }
    }

    /// As [`text`](Self::text), for one that may be missing.
    pub fn optional_text(&mut self, string: Option<&Spanned<String>>, site: Site<'_>) -> Option<Text> {
        string.map(|string| self.text(string, site))
    }

    /// A string that must be known now, its params filled in; `None` where that was told to be impossible.
    pub fn known(&mut self, string: &Spanned<String>) -> Option<Spanned<String>> {
        let before = self.diagnostics.len();
        let text = self.text(string, Site::Static);
        if self.diagnostics.len() > before {
            return None;
        }
        let value = |hole: &Hole| match hole {
            Hole::Param(name) => match self.params.get(name).map(|param| &param.source) {
                Some(ParamSource::Value(value)) => value.clone(),
                _ => String::new(),
            },
            Hole::PipelineName => self.name.to_string(),
            _ => String::new(),
        };
        let filled = text
            .pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) => text.clone(),
                Piece::Hole(hole) => value(hole),
            })
            .collect();
        Some(Spanned::new(filled, string.span))
    }

    /// `KEY value` lines, later ones of a key in place of earlier ones.
    pub fn key_values(&mut self, lines: &[ast::KeyValue], site: Site<'_>) -> IndexMap<String, Text> {
        lines.iter().map(|line| (line.key.value.clone(), self.text(&line.value, site))).collect()
    }

    /// The place of some bytes of a string's value.
    pub fn inside(&self, string: &Spanned<String>, at: Range<usize>) -> Span {
        inside(self.files.get(string.span.file), string.span, &string.value, at)
    }

    fn hole(&mut self, name: &str, span: Span, site: Site<'_>) -> Option<Hole> {
        match name.split_once('.') {
            None => self.plain_hole(name, span, site),
            Some(("pipeline", "name")) => Some(Hole::PipelineName),
            Some(("run", "id")) => match site {
                Site::Static => self.unavailable(name, span, "it is known only when a run has begun"),
                _ => Some(Hole::RunId),
            },
            Some((first, "digest")) if self.declared.has(NameKind::Image, first) => match site {
                Site::Static | Site::Build => self.unavailable(name, span, "it is known only when the image is there"),
                _ => {
                    self.note_use(NameKind::Image, first, span);
                    Some(Hole::ImageDigest(Name::new(first)))
                }
            },
            Some((first, attribute)) if self.declared.service(first).is_some() => {
                self.service_hole(first, attribute, span, site)
            }
            Some(_) => {
                let unknown = self.unknown_variable(name, span, site);
                self.report(unknown);
                None
            }
        }
    }

    fn plain_hole(&mut self, name: &str, span: Span, site: Site<'_>) -> Option<Hole> {
        if let Site::Probe { captured, later } = site {
            if captured.iter().any(|capture| capture.value == name) {
                return Some(Hole::Capture(name.to_owned()));
            }
            let param = self.declared.has(NameKind::Param, name);
            if let Some(capture) = later.iter().find(|capture| capture.value == name && !param) {
                self.report(
                    Diagnostic::new(UNAVAILABLE_VARIABLE, format!("`{{{{{name}}}}}` is used before it is captured"))
                        .label(span, "used here")
                        .label(capture.span, "captured here")
                        .help("move the capture into an earlier request of this test"),
                );
                return None;
            }
        }
        if !self.declared.has(NameKind::Param, name) {
            let unknown = self.unknown_variable(name, span, site);
            self.report(unknown);
            return None;
        }
        self.note_use(NameKind::Param, name, span);
        let Some(param) = self.params.get(name) else {
            self.unset_param(name, span);
            return None;
        };
        if matches!(site, Site::Static) && matches!(param.source, ParamSource::Command { .. }) {
            return self.unavailable(name, span, "its value comes from a command, which only a run starts");
        }
        Some(Hole::Param(Name::new(name)))
    }

    fn service_hole(&mut self, service: &str, attribute: &str, span: Span, site: Site<'_>) -> Option<Hole> {
        let name = format!("{service}.{attribute}");
        let own = match site {
            Site::Static | Site::Build => {
                return self.unavailable(&name, span, "it is known only when the service is up");
            }
            Site::Container(own) => own == Some(service),
            Site::Probe { .. } => false,
        };
        if own && attribute != "internal-url" {
            return self.unavailable(&name, span, "it is known only when the service itself is up");
        }
        let ports = self.merged.get(service).map(|merged| merged.port_numbers()).unwrap_or_default();
        let target = Name::new(service);
        let hole = match attribute.split_once('.') {
            None if attribute == "url" => Hole::Url(target.clone()),
            None if attribute == "host" => Hole::Host(target.clone()),
            None if attribute == "internal-url" => Hole::InternalUrl(target.clone()),
            Some(("port", number)) if number.parse::<u16>().is_ok_and(|port| ports.contains(&port)) => {
                Hole::Port(target.clone(), number.parse().expect("it was parsed a moment ago"))
            }
            Some(("port", number)) => {
                let service_span = self.declared.runnables[service].name().span;
                self.report(unknown_port(service, Some(number), &ports, span, service_span));
                return None;
            }
            _ => {
                self.report(
                    Diagnostic::new(UNKNOWN_VARIABLE, format!("a service has no `{attribute}`"))
                        .label(span, "not known")
                        .help(format!("a service has {SERVICE_ATTRIBUTES}")),
                );
                return None;
            }
        };
        if ports.is_empty() && attribute != "host" {
            let service_span = self.declared.runnables[service].name().span;
            self.report(unknown_port(service, None, &ports, span, service_span));
            return None;
        }
        self.note_use(NameKind::Runnable, service, span);
        if !own {
            self.implied.push(Spanned::new(target, span));
        }
        Some(hole)
    }

    fn unavailable(&mut self, name: &str, span: Span, why: &str) -> Option<Hole> {
        self.report(
            Diagnostic::new(UNAVAILABLE_VARIABLE, format!("`{{{{{name}}}}}` has no value here yet"))
                .label(span, "not yet known")
                .help("write the value itself, or a param with a default")
                .note(why),
        );
        None
    }

    fn unknown_variable(&self, name: &str, span: Span, site: Site<'_>) -> Diagnostic {
        let diagnostic =
            Diagnostic::new(UNKNOWN_VARIABLE, format!("`{{{{{name}}}}}` names nothing")).label(span, "not declared");
        let mut known: Vec<String> = self.declared.params.keys().map(|param| (*param).to_owned()).collect();
        if let Site::Probe { captured, .. } = site {
            known.extend(captured.iter().map(|capture| capture.value.clone()));
        }
        let plain = known.len();
        if let Some((_, attribute)) = name.split_once('.') {
            known.extend(self.declared.services().iter().map(|service| format!("{service}.{attribute}")));
            known.extend(self.declared.images.keys().map(|image| format!("{image}.digest")));
        }
        known.extend(["pipeline.name".to_owned(), "run.id".to_owned()]);
        if self.declared.has(NameKind::Secret, name) {
            return diagnostic
                .label(self.declared.secrets[name].name.span, "this is a secret")
                .help(format!("pass it as a variable: `env {{ NAME (secret){name} }}`"))
                .note("a secret is never part of a string, so that it cannot be shown by accident");
        }
        let words: Vec<&str> = known.iter().map(String::as_str).collect();
        let misses = self.declared.near(name, &words);
        let diagnostic = if misses.is_empty() {
            let first = name.split('.').next().unwrap_or(name);
            if name.contains('.') && self.declared.has(NameKind::Runnable, first) {
                diagnostic.help(format!("`{first}` is no service; only a service has {SERVICE_ATTRIBUTES}"))
            } else if name.contains('.') {
                diagnostic.help(format!("declare `service {first}`, or write `{{{{{{{{` for a literal `{{{{`"))
            } else {
                diagnostic.help(format!("declare it: `param {name} env=VARIABLE`"))
            }
        } else {
            let help = format!("did you mean {}?", listed(misses.iter().map(|miss| format!("{{{{{miss}}}}}")), "or"));
            diagnostic.help(help)
        };
        let diagnostic = match misses.as_slice() {
            [only] => {
                let guess = format!("{{{{{only}}}}}");
                let mut with = diagnostic_with_guess(diagnostic, span, only);
                if let Some(edit) = with.fixes.last_mut().and_then(|fix| fix.edits.first_mut()) {
                    edit.text = guess;
                }
                with
            }
            _ => diagnostic,
        };
        match &known[..plain] {
            [] => diagnostic,
            few if few.len() <= 20 => diagnostic.note(format!("known here: {}", listed(few, "and"))),
            _ => diagnostic,
        }
    }
}

/// The literal text that a string begins with; `None` where a hole begins it, which may hold anything.
pub(super) fn beginning<'t>(text: &'t Text, written: &Spanned<String>) -> Option<&'t str> {
    if written.value.starts_with("{{") && !written.value.starts_with("{{{{") {
        return None;
    }
    match text.pieces.first() {
        Some(Piece::Literal(literal)) => Some(literal),
        Some(Piece::Hole(_)) => None,
        None => Some(""),
    }
}

/// What to say of a port that a service does not publish.
pub(super) fn unknown_port(
    service: &str,
    wanted: Option<&str>,
    ports: &[u16],
    span: Span,
    service_span: Span,
) -> Diagnostic {
    let message = match (wanted, ports) {
        (Some(port), _) => format!("service `{service}` publishes no port {port}"),
        (None, []) => format!("service `{service}` publishes no port"),
        (None, _) => format!("service `{service}` publishes several ports"),
    };
    let diagnostic =
        Diagnostic::new(UNKNOWN_PORT, message).label(span, "which port").label(service_span, "the service");
    match (wanted, ports) {
        (Some(port), []) => diagnostic.help(format!("publish it: `port {port}` in service `{service}`")),
        (None, []) => diagnostic.help(format!("publish one: `port 8000` in service `{service}`")),
        (_, ports) => {
            let listed = listed(ports.iter().map(u16::to_string), "or");
            diagnostic.help(format!("name one that it publishes: {listed}"))
        }
    }
}

fn bad_interpolation(kind: InterpolationErrorKind, span: Span) -> Diagnostic {
    let (message, label) = match kind {
        InterpolationErrorKind::Unclosed => ("a `{{` is not closed", "opened here"),
        InterpolationErrorKind::Empty => ("a `{{}}` names nothing", "no name"),
        InterpolationErrorKind::NotAName => ("what stands between `{{` and `}}` is no name", "not a name"),
    };
    Diagnostic::new(BAD_INTERPOLATION, message)
        .label(span, label)
        .help("write `{{name}}`, or `{{{{` for a literal `{{`")
        .note("a name is letters, digits, `-` and `_`, its parts joined by dots: `{{app-version}}`, `{{app.url}}`")
}
