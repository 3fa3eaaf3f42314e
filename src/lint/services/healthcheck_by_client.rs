use crate::ast::HealthTest;
use crate::diagnostic::codes::services::HEALTHCHECK_BY_CLIENT;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// `healthcheck "curl -f http://localhost:8000/health"`: pipe asks that itself, without a client in the image.
pub(super) const RULE: Rule = Rule::written(HEALTHCHECK_BY_CLIENT, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for healthcheck in written.healthchecks() {
        let Some(HealthTest::Shell { script: line, .. }) = &healthcheck.test else { continue };
        let Some((client, port, path)) = request(&line.value) else { continue };
        let better = format!("http=\"{path}\" port={port}");
        diagnostics.push(
            Diagnostic::new(HEALTHCHECK_BY_CLIENT, format!("this healthcheck needs `{client}` in the image"))
                .label(line.span, "a request by hand")
                .help(format!("write `healthcheck {better}`: it is asked from outside, and the image needs no client"))
                .suggestion("let pipe ask", line.span, better),
        );
    }
}

/// The client, port and path of a line that does nothing but ask a web server of the same container.
fn request(line: &str) -> Option<(&str, u16, &str)> {
    let line = line.trim();
    let line = line.strip_suffix("|| exit 1").unwrap_or(line).trim_end();
    let mut words = line.split_whitespace();
    let client = words.next().filter(|client| matches!(*client, "curl" | "wget"))?;
    let rest: Vec<&str> = words.collect();
    let (url, options) = rest.split_last()?;
    let is_plain = options.iter().all(|option| {
        matches!(
            *option,
            "-f" | "-s"
                | "-S"
                | "-sS"
                | "-fs"
                | "-fsS"
                | "-sf"
                | "-sSf"
                | "-q"
                | "-qO-"
                | "-O"
                | "-"
                | "/dev/null"
                | "-o"
                | "--spider"
                | "--fail"
                | "--silent"
                | "-q0-"
                | "--quiet"
                | "--tries=1"
        )
    });
    let url = url.trim_matches(['"', '\'']).strip_prefix("http://")?;
    let (authority, path) = url.find('/').map_or((url, "/"), |slash| url.split_at(slash));
    let (host, port) = authority.split_once(':').unwrap_or((authority, "80"));
    let is_here = matches!(host, "localhost" | "127.0.0.1" | "0.0.0.0");
    (is_plain && is_here && !path.contains(['$', '{', '"', '`'])).then_some((client, port.parse().ok()?, path))
}
