use std::time::Duration;

use super::resolver::Resolver;
use super::text::{Site, beginning};
use crate::ast;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::acceptance::{BAD_URL, RELATIVE_URL};
use crate::model::{Body, Capture, HttpProbe, Probe, Text};
use crate::source::Spanned;

/// How long a request may take, from connecting to the last byte, where the author says nothing.
const TIMEOUT: Duration = Duration::from_secs(10);

impl Resolver<'_> {
    /// Probes in order; what each captures is known to those after it, and to none before.
    pub fn probes<'s>(
        &mut self,
        probes: &'s [ast::Probe],
        captured: &mut Vec<&'s Spanned<String>>,
        has_target: bool,
    ) -> Vec<Probe> {
        let mut resolved = Vec::new();
        for (index, ast::Probe::Http(http)) in probes.iter().enumerate() {
            let later: Vec<&Spanned<String>> = probes[index..]
                .iter()
                .flat_map(|ast::Probe::Http(probe)| probe.captures.iter().map(|capture| &capture.name))
                .collect();
            let site = Site::Probe { captured, later: &later };
            resolved.push(Probe::Http(self.http(http, site, has_target)));
            captured.extend(http.captures.iter().map(|capture| &capture.name));
        }
        resolved
    }

    fn http(&mut self, http: &ast::HttpProbe, site: Site<'_>, has_target: bool) -> HttpProbe {
        let url = self.text(&http.url, site);
        self.url(&http.url, &url, has_target);
        let pairs = |resolver: &mut Self, lines: &[ast::KeyValue]| {
            lines.iter().map(|line| (line.key.value.clone(), resolver.text(&line.value, site))).collect::<Vec<_>>()
        };
        let query = pairs(self, &http.query);
        let headers = pairs(self, &http.headers);
        let body = http.body.as_ref().and_then(|body| self.body(body, site));
        HttpProbe {
            method: http.method.clone(),
            url,
            query,
            headers,
            body,
            basic_auth: http
                .basic_auth
                .as_ref()
                .map(|(user, password)| (self.text(user, site), self.text(password, site))),
            bearer: self.optional_text(http.bearer.as_ref(), site),
            follow: http.follow.is_some_and(|follow| follow.value),
            timeout: http.timeout.map_or(TIMEOUT, |timeout| timeout.value),
            checks: http.checks.iter().map(|check| self.check(check, site)).collect(),
            captures: http
                .captures
                .iter()
                .map(|capture| Capture {
                    name: capture.name.clone(),
                    query: self.query(&capture.query, site),
                    span: capture.span,
                })
                .collect(),
            span: http.span,
        }
    }

    fn body(&mut self, body: &ast::Body, site: Site<'_>) -> Option<Body> {
        Some(match body {
            ast::Body::Json(json) => {
                self.must_be_json(json);
                Body::Json(self.text(json, site))
            }
            ast::Body::Text(text) => Body::Text(self.text(text, site)),
            ast::Body::Form(lines) => Body::Form(self.key_values(lines, site)),
            ast::Body::File(file) => {
                let file = self.known(file)?;
                if !self.file_is_there(&file, "body file") {
                    return None;
                }
                Body::File(self.place(&file))
            }
        })
    }

    /// Tells of a URL that is neither a path nor begins with `http://`, and of a path where there is no target. One that begins
    /// with a hole may be anything.
    fn url(&mut self, written: &Spanned<String>, url: &Text, has_target: bool) {
        let Some(begins) = beginning(url, written) else { return };
        if begins.starts_with("http://") {
            return;
        }
        if begins.starts_with('/') {
            if !has_target {
                self.report(
                    Diagnostic::new(
                        RELATIVE_URL,
                        format!("`{}` is relative, and the acceptance has no target", written.value),
                    )
                    .label(written.span, "relative to what?")
                    .help("say which service is tested: `target app port=8000`"),
                );
            }
            return;
        }
        let secure = begins.starts_with("https://");
        let help = if secure {
            "write `http://…`; the services of a run are reached without TLS".to_owned()
        } else {
            format!("write a path, `\"/{}\"`, or a whole URL, `\"http://…\"`", written.value)
        };
        let label = if secure { "https is not supported" } else { "neither a path nor a URL" };
        self.report(
            Diagnostic::new(BAD_URL, format!("`{}` is no URL that a test can ask for", written.value))
                .label(written.span, label)
                .help(help),
        );
    }
}
