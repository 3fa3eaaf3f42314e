use super::captures::Captures;
use super::hole::unknown_port;
use super::http::TIMEOUT;
use super::resolver::Resolver;
use super::text::Site;
use crate::ast;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::acceptance::EMPTY_WAIT;
use crate::model::{
    Action, ActionKind, EnvValue, ExecLook, FilePlace, ImageUse, Look, Name, NameKind, Probe, RunLook, SqlLook, Step,
    TcpLook, Wait, WaitKind,
};
use crate::source::Spanned;

/// The time between two tries where the author says nothing.
const EVERY: std::time::Duration = std::time::Duration::from_millis(250);

impl Resolver<'_> {
    /// Steps in order; what each captures is known to those after it, and to none before.
    pub fn steps(&mut self, steps: &[ast::Step], scope: &Captures<'_>, has_target: bool) -> Vec<Step> {
        let mut at = 0;
        let mut resolved = Vec::new();
        for step in steps {
            match step {
                ast::Step::Probe(probe) => {
                    resolved.extend(self.probe(probe, Site::Probe { scope, at }, has_target, false).map(Step::Probe));
                    at += 1;
                }
                ast::Step::Action(action) => {
                    resolved.extend(self.action(action, Site::Probe { scope, at }).map(Step::Action));
                    at += 1;
                }
                ast::Step::Wait(wait) => {
                    let mut probes = Vec::new();
                    let waits = wait.kind == WaitKind::Eventually;
                    for probe in &wait.probes {
                        probes.extend(self.probe(probe, Site::Probe { scope, at }, has_target, waits));
                        at += 1;
                    }
                    resolved.push(Step::Wait(self.wait(wait, probes)));
                }
            }
        }
        resolved
    }

    fn wait(&mut self, wait: &ast::Wait, probes: Vec<Probe>) -> Wait {
        if wait.probes.is_empty() {
            self.report(
                Diagnostic::new(EMPTY_WAIT, format!("`{}` looks at nothing", wait.kind.word()))
                    .label(wait.word, "waits for what?")
                    .help("ask for something in its block: `http GET \"/\" { expect status 200 }`"),
            );
        }
        Wait {
            kind: wait.kind,
            limit: wait.limit.map(|limit| limit.value).unwrap_or_default(),
            every: wait.every.map_or(EVERY, |every| every.value),
            backoff: wait.backoff.map_or(1.0, |backoff| backoff.value),
            probes,
            span: wait.span,
        }
    }

    fn probe(&mut self, probe: &ast::Probe, site: Site<'_>, has_target: bool, waits: bool) -> Option<Probe> {
        let look = self.look(&probe.look, site, has_target);
        let checks = probe.checks.iter().map(|check| self.check(check, site, waits)).collect();
        let captures = probe.captures.iter().map(|capture| self.capture(capture, site)).collect();
        if look.is_none() {
            self.incomplete();
        }
        Some(Probe { look: look?, checks, captures, span: probe.span })
    }

    fn look(&mut self, look: &ast::Look, site: Site<'_>, has_target: bool) -> Option<Look> {
        Some(match look {
            ast::Look::Http(request) => Look::Http(Box::new(self.http(request, site, has_target))),
            ast::Look::Tcp(tcp) => Look::Tcp(self.tcp(tcp, site)?),
            ast::Look::Exec(exec) => Look::Exec(Box::new(self.exec(exec, site)?)),
            ast::Look::Run(run) => Look::Run(Box::new(self.run(run, site)?)),
            ast::Look::Logs { service, since } => Look::Logs {
                service: self.service_of(service)?,
                since: since.map(|since| since.value).unwrap_or_default(),
            },
            ast::Look::File { place, path } => {
                let text = self.text(path, site);
                self.must_be_absolute(&text, path, "the path of a file");
                Look::File { place: self.place_of(place)?, path: text }
            }
            ast::Look::Container(service) => Look::Container(self.service_of(service)?),
            ast::Look::Stats(service) => Look::Stats(self.service_of(service)?),
            ast::Look::Image(image) => Look::Image(self.image_use(image)?),
            ast::Look::Sql(sql) => Look::Sql(Box::new(self.sql(sql, site)?)),
            ast::Look::Redis { service, words, timeout } => {
                let words = words.iter().map(|word| self.text(word, site)).collect();
                let timeout = timeout.map_or(TIMEOUT, |timeout| timeout.value);
                Look::Redis { service: self.service_of(service)?, words, timeout }
            }
            ast::Look::Dns { name, record, timeout } => Look::Dns {
                name: self.text(name, site),
                record: record.map(|record| record.value).unwrap_or_default(),
                timeout: timeout.map_or(TIMEOUT, |timeout| timeout.value),
            },
        })
    }

    fn tcp(&mut self, tcp: &ast::TcpLook, site: Site<'_>) -> Option<TcpLook> {
        let send = self.optional_text(tcp.send.as_ref(), site);
        let service = self.service_of(&tcp.service)?;
        let name = service.value.as_str();
        let port = match tcp.port {
            Some(port) => port.value,
            None => {
                let ports = self.templates.merged.get(name).map(|merged| merged.port_numbers()).unwrap_or_default();
                let [only] = ports.as_slice() else {
                    let service_span = self.declared.runnables[name].name().span;
                    self.report(unknown_port(name, None, &ports, tcp.span, service_span));
                    return None;
                };
                *only
            }
        };
        Some(TcpLook { service, port, send, timeout: tcp.timeout.map_or(TIMEOUT, |timeout| timeout.value) })
    }

    fn exec(&mut self, exec: &ast::ExecLook, site: Site<'_>) -> Option<ExecLook> {
        let start = format!("exec {} ", exec.service.value);
        self.needs_no_shell(&exec.words, &start, &format!("{start}sh -c "));
        let settings = &exec.settings;
        let words = exec.words.iter().map(|word| self.text(word, site)).collect();
        let stdin = self.optional_text(exec.stdin.as_ref(), site);
        let env = self.environment(settings, site);
        let workdir = self.optional_text(settings.workdir.as_ref(), site);
        if let (Some(text), Some(written)) = (&workdir, &settings.workdir) {
            self.must_be_absolute(text, written, "a working directory");
        }
        let user = self.optional_text(settings.user.as_ref(), site);
        let timeout = settings.timeout.map_or(TIMEOUT, |timeout| timeout.value);
        Some(ExecLook { service: self.service_of(&exec.service)?, words, stdin, env, workdir, user, timeout })
    }

    fn run(&mut self, run: &ast::RunLook, site: Site<'_>) -> Option<RunLook> {
        let words = run.words.iter().map(|word| self.text(word, site)).collect();
        let stdin = self.optional_text(run.stdin.as_ref(), site);
        Some(RunLook { words, stdin, container: self.container(&run.settings, site, true)? })
    }

    fn sql(&mut self, sql: &ast::SqlLook, site: Site<'_>) -> Option<SqlLook> {
        let statement = self.text(&sql.statement, site);
        let user = self.optional_text(sql.user.as_ref(), site);
        let database = self.optional_text(sql.database.as_ref(), site);
        let password = match &sql.password {
            Some(ast::EnvValue::Text(text)) => Some(EnvValue::Text(self.text(text, site))),
            Some(ast::EnvValue::Secret(name)) => Some(EnvValue::Secret(self.secret_use(name)?)),
            Some(ast::EnvValue::Param) | None => None,
        };
        Some(SqlLook {
            service: self.service_of(&sql.service)?,
            statement,
            client: sql.client.map(|client| client.value),
            user,
            database,
            password,
            timeout: sql.timeout.map_or(TIMEOUT, |timeout| timeout.value),
        })
    }

    fn action(&mut self, action: &ast::Action, site: Site<'_>) -> Option<Action> {
        let checks = action.checks.iter().map(|check| self.check(check, site, false)).collect();
        let captures = action.captures.iter().map(|capture| self.capture(capture, site)).collect();
        let mut network = |named: &Option<Spanned<String>>| {
            let named = named.as_ref()?;
            self.refer(NameKind::Network, named)
        };
        let kind = match &action.kind {
            ast::ActionKind::Stop(grace) => ActionKind::Stop(grace.map(|grace| grace.value)),
            ast::ActionKind::Start => ActionKind::Start,
            ast::ActionKind::Kill(signal) => {
                ActionKind::Kill(signal.as_ref().map_or_else(|| "SIGKILL".to_owned(), |signal| signal.value.clone()))
            }
            ast::ActionKind::Pause => ActionKind::Pause,
            ast::ActionKind::Unpause => ActionKind::Unpause,
            ast::ActionKind::Restart(grace) => ActionKind::Restart(grace.map(|grace| grace.value)),
            ast::ActionKind::Disconnect(named) => ActionKind::Disconnect(network(named)),
            ast::ActionKind::Connect(named) => ActionKind::Connect(network(named)),
        };
        let service = self.service_of(&action.service);
        if service.is_none() {
            self.incomplete();
        }
        Some(Action { kind, service: service?, checks, captures, span: action.span })
    }

    /// In what a file is looked at: a service has the name before a volume, and that before an image.
    fn place_of(&mut self, name: &Spanned<String>) -> Option<FilePlace> {
        if self.declared.service(&name.value).is_some() {
            return self.service_of(name).map(FilePlace::Service);
        }
        for kind in [NameKind::Volume, NameKind::Image] {
            if self.declared.has(kind, &name.value) {
                let named = self.refer(kind, name)?;
                return Some(match kind {
                    NameKind::Volume => FilePlace::Volume(named),
                    _ => FilePlace::Image(named.map(ImageUse::Declared)),
                });
            }
        }
        let mut known = self.declared.services();
        known.extend([NameKind::Volume, NameKind::Image].into_iter().flat_map(|kind| self.declared.names(kind)));
        let unknown = self.declared.unknown_among("service, volume or image", NameKind::Runnable, &known, name);
        self.report(unknown);
        None
    }

    /// The service that a probe or action names; it is needed.
    fn service_of(&mut self, name: &Spanned<String>) -> Option<Spanned<Name>> {
        if self.declared.service(&name.value).is_none() {
            let services = self.declared.services();
            let unknown = self.declared.unknown_among("service", NameKind::Runnable, &services, name);
            self.report(unknown);
            return None;
        }
        self.note_use(NameKind::Runnable, &name.value, name.span);
        let service = Spanned::new(Name::new(name.value.as_str()), name.span);
        self.implied.push(service.clone());
        Some(service)
    }
}
