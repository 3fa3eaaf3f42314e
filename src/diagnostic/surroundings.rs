//! What is told of the surroundings of a pipeline, in the same words by a check that asks the engine and by a run that meets it.

use super::Diagnostic;
use super::codes::run;
use crate::source::Span;

/// An image that neither the engine nor its registry has; `auth`: for want of credentials.
pub fn image_unavailable(at: Span, reference: &str, message: &str, auth: bool) -> Diagnostic {
    let help = if auth {
        format!("run `{}`, then try again", login(reference))
    } else {
        "check the name and the tag; without a registry declare the image with `import` or `load`".to_owned()
    };
    Diagnostic::new(run::IMAGE_UNAVAILABLE, format!("the image `{reference}` cannot be had"))
        .label(at, "asked for here")
        .note(message)
        .help(help)
}

/// A port of the host that somebody has; who, where that is known.
pub fn port_taken(at: Span, port: u16, holder: Option<&str>) -> Diagnostic {
    let who = holder.map_or(String::new(), |holder| format!(" by `{holder}`"));
    Diagnostic::new(run::PORT_TAKEN, format!("port {port} of this host is in use{who}"))
        .label(at, "wanted here")
        .help("stop who holds it, or let the engine choose: `port N` alone publishes on a free port")
}

/// An external volume or network, which of them `kind` says, that the engine does not have.
pub fn missing_external(at: Span, kind: &str, name: &str) -> Diagnostic {
    Diagnostic::new(run::MISSING_EXTERNAL, format!("the external {kind} `{name}` is not on this engine"))
        .label(at, "declared here")
        .help(format!("run `docker {kind} create {name}`, or leave `external` away"))
}

/// A service that is ready when its image says so, of an image that says nothing.
pub fn unchecked_image(at: Span, service: &str, image: &str) -> Diagnostic {
    Diagnostic::new(run::UNCHECKED_IMAGE, format!("the image `{image}` of `{service}` declares no healthcheck"))
        .label(at, "whose check?")
        .help("write a check: `healthcheck tcp=N`, or a `HEALTHCHECK` into the image's Dockerfile")
}

/// What helps where a process does not heed its stop signal.
pub const WHEN_SIGNAL_IGNORED: &str = "begin the last program of its script with `exec`, or write `init`, or `signal=` with what it heeds (uwsgi: `--die-on-term`)";

/// The command that gives Docker the credentials for the registry of `reference`.
pub fn login(reference: &str) -> String {
    match reference.split_once('/') {
        Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => format!("docker login {host}"),
        _ => "docker login".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_is_the_first_part_that_looks_like_a_host() {
        assert_eq!(login("127.0.0.1:5000/a/b:1"), "docker login 127.0.0.1:5000");
        assert_eq!(login("library/busybox:1"), "docker login");
    }
}
