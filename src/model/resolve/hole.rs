use super::captures::Found;
use super::declared::with_guess;
use super::resolver::Resolver;
use super::text::Site;
use crate::diagnostic::codes::acceptance::CAPTURE_BEFORE_DEFINE;
use crate::diagnostic::codes::names::{UNAVAILABLE_VARIABLE, UNKNOWN_VARIABLE};
use crate::diagnostic::codes::services::UNKNOWN_PORT;
use crate::diagnostic::{Diagnostic, listed};
use crate::model::{Hole, Name, NameKind, ParamSource};
use crate::source::{Span, Spanned};

/// What `{{service.…}}` may ask for.
const SERVICE_ATTRIBUTES: &str = "`url`, `host`, `port.NUMBER` and `internal-url`";

impl Resolver<'_> {
    /// What a `{{name}}` at `span` names; told of where that is nothing, or nothing yet.
    pub fn hole(&mut self, name: &str, span: Span, site: Site<'_>) -> Option<Hole> {
        match name.split_once('.') {
            None => self.plain_hole(name, span, site),
            Some(("pipeline", "name")) => Some(Hole::PipelineName),
            Some(("run", "id")) => match site {
                Site::Static => self.unavailable(name, span, "it is known only when a run has begun"),
                _ => Some(Hole::RunId),
            },
            Some(("row", column)) if matches!(site, Site::Probe { .. }) && self.declared.service("row").is_none() => {
                self.row_hole(name, column, span, site)
            }
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
        if let Site::Probe { scope, at } = site {
            match scope.find(name, at) {
                Found::Captured => return Some(Hole::Capture(name.to_owned())),
                Found::Later(capture) if !self.declared.has(NameKind::Param, name) => {
                    self.report(
                        Diagnostic::new(
                            CAPTURE_BEFORE_DEFINE,
                            format!("`{{{{{name}}}}}` is used before it is captured"),
                        )
                        .label(span, "used here")
                        .label(capture, "captured here")
                        .help("move the capture into an earlier probe of this test"),
                    );
                    return None;
                }
                Found::Later(_) | Found::Nowhere => {}
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

    /// `{{row.COLUMN}}`, in a test that is repeated over a table.
    fn row_hole(&mut self, name: &str, column: &str, span: Span, site: Site<'_>) -> Option<Hole> {
        let columns = match site {
            Site::Probe { scope, .. } => scope.columns(),
            _ => None,
        };
        if columns.is_some_and(|columns| columns.iter().any(|known| known == column)) {
            return Some(Hole::Row(column.to_owned()));
        }
        match columns {
            None => self.report(
                Diagnostic::new(UNKNOWN_VARIABLE, format!("`{{{{{name}}}}}` stands in no test with a table"))
                    .label(span, "a cell of which table?")
                    .help(format!("give the test one: `each {{ row {{ {column} \"value\" }} }}`")),
            ),
            // What is wrong with the table has been told.
            Some([]) => self.incomplete(),
            Some(_) => {
                let unknown = self.unknown_variable(name, span, site);
                self.report(unknown);
            }
        }
        None
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
        let ports = self.templates.merged.get(service).map(|merged| merged.port_numbers()).unwrap_or_default();
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
        if let Site::Probe { scope, at } = site {
            known.extend(scope.known(at).into_iter().map(str::to_owned));
            known.extend(scope.columns().into_iter().flatten().map(|column| format!("row.{column}")));
        }
        let plain = known.len();
        if let Some((_, attribute)) = name.split_once('.') {
            if matches!(attribute, "url" | "host" | "internal-url") || attribute.starts_with("port.") {
                known.extend(self.declared.services().iter().map(|service| format!("{service}.{attribute}")));
            }
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
                let mut with = with_guess(diagnostic, span, only);
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
