use std::path::PathBuf;
use std::time::Duration;

use super::resolver::Resolver;
use super::text::{Site, beginning};
use crate::ast::{self, KeyValue};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::acceptance::{BAD_URL, RELATIVE_URL};
use crate::model::{Body, HttpRequest, Part, Text};
use crate::source::Spanned;

/// How long a probe may take where the author says nothing.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);

impl Resolver<'_> {
    /// A request. What is broken in it has been told of.
    pub fn http(&mut self, http: &ast::HttpRequest, site: Site<'_>, has_target: bool) -> HttpRequest {
        let url = self.text(&http.url, site);
        self.url(&http.url, &url, has_target);
        let query = self.pairs(&http.query, site);
        http.headers.iter().for_each(|header| self.must_be_header_name(&header.key));
        let headers = self.pairs(&http.headers, site);
        let cookies = self.pairs(&http.cookies, site);
        let body = http.body.as_ref().and_then(|body| self.body(body, site));
        let ca = http.ca.as_ref().and_then(|file| self.file(file, "file of certificates"));
        let is_on = |switch: Option<Spanned<bool>>| switch.is_some_and(|switch| switch.value);
        HttpRequest {
            method: http.method.clone(),
            url,
            query,
            headers,
            cookies,
            body,
            basic_auth: http
                .basic_auth
                .as_ref()
                .map(|(user, password)| (self.text(user, site), self.text(password, site))),
            bearer: self.optional_text(http.bearer.as_ref(), site),
            follow: is_on(http.follow),
            max_redirects: http.max_redirects.map(|most| most.value),
            timeout: http.timeout.map_or(TIMEOUT, |timeout| timeout.value),
            connect_timeout: http.connect_timeout.map(|timeout| timeout.value),
            insecure: is_on(http.insecure),
            ca,
            compressed: is_on(http.compressed),
            version: http.version.map(|version| version.value),
        }
    }

    fn pairs(&mut self, lines: &[KeyValue], site: Site<'_>) -> Vec<(String, Text)> {
        lines.iter().map(|line| (line.key.value.clone(), self.text(&line.value, site))).collect()
    }

    fn body(&mut self, body: &ast::Body, site: Site<'_>) -> Option<Body> {
        Some(match body {
            ast::Body::Json(json) => {
                self.must_be_json(json);
                Body::Json(self.text(json, site))
            }
            ast::Body::Text(text) => Body::Text(self.text(text, site)),
            ast::Body::Form(lines) => Body::Form(self.key_values(lines, site)),
            ast::Body::Multipart(parts) => {
                Body::Multipart(parts.iter().filter_map(|part| self.part(part, site)).collect())
            }
            ast::Body::File(file) => Body::File(self.file(file, "body file")?),
        })
    }

    fn part(&mut self, part: &ast::Part, site: Site<'_>) -> Option<Part> {
        Some(match part {
            ast::Part::Field(line) => Part::Field { name: line.key.value.clone(), value: self.text(&line.value, site) },
            ast::Part::File { name, path, content_type, filename } => Part::File {
                name: self.text(name, site),
                path: self.file(path, "file of a part")?,
                content_type: self.optional_text(content_type.as_ref(), site),
                filename: self.optional_text(filename.as_ref(), site),
            },
        })
    }

    /// A file that must be there, relative to the pipeline's directory.
    fn file(&mut self, file: &Spanned<String>, what: &str) -> Option<Spanned<PathBuf>> {
        let file = self.known(file)?;
        self.file_is_there(&file, what).then(|| self.place(&file))
    }

    /// Tells of a URL that is neither a path nor of HTTP, and of a path where there is no target. One that begins with a hole may be
    /// anything.
    fn url(&mut self, written: &Spanned<String>, url: &Text, has_target: bool) {
        let Some(begins) = beginning(url, written) else { return };
        if begins.starts_with("http://") || begins.starts_with("https://") {
            let whole = url.as_literal().and_then(|url| url::Url::parse(url).err());
            if let Some(error) = whole {
                self.report(
                    Diagnostic::new(BAD_URL, format!("`{}` is no URL that a test can ask for", written.value))
                        .label(written.span, error.to_string())
                        .help("write a URL such as `\"http://example.com:8000/todos\"`, or a path of the target"),
                );
            }
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
        let diagnostic = Diagnostic::new(BAD_URL, format!("`{}` is no URL that a test can ask for", written.value))
            .label(written.span, "neither a path nor a URL");
        let rooted = format!("\"/{}\"", written.value);
        let is_path = !written.value.contains([':', '\\', '"', ' ']) && !written.value.is_empty();
        let diagnostic = diagnostic.help(format!("write a path, `{rooted}`, or a whole URL, `\"http://…\"`"));
        self.report(if is_path {
            diagnostic.suggestion("write it as a path", written.span, rooted)
        } else {
            diagnostic
        });
    }
}
