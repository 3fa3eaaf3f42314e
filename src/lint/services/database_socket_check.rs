use crate::diagnostic::codes::services::DATABASE_SOCKET_CHECK;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Subject};
use crate::model::{Container, HealthTest, ImageSource, ImageUse, Pipeline, Runnable};
use crate::source::Span;

/// A healthcheck of a database that asks over its socket: it passes while the image's entrypoint still initialises the database with
/// a temporary server, which then goes away.
pub(super) const RULE: Rule = Rule::meant(DATABASE_SOCKET_CHECK, check);

/// Clients that connect over the socket unless a host is named, with the images whose entrypoints start in two phases.
const CLIENTS: [(&str, &str); 9] = [
    ("mariadb-show", "mariadb"),
    ("mariadb-admin", "mariadb"),
    ("mysqlshow", "mariadb"),
    ("mysqladmin", "mariadb"),
    ("mysqlshow", "mysql"),
    ("mysqladmin", "mysql"),
    ("mysql", "mysql"),
    ("pg_isready", "postgres"),
    ("psql", "postgres"),
];

fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for runnable in subject.pipeline.runnables().values() {
        let Runnable::Service(service) = runnable else { continue };
        let Some(health) = &service.healthcheck else { continue };
        let (line, span) = match &health.test {
            HealthTest::Shell(line) => (line.to_string(), line.span),
            HealthTest::Command(words) => {
                (words.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "), health.span)
            }
            _ => continue,
        };
        let Some(image) = repository(subject.pipeline, &service.container) else { continue };
        let client =
            CLIENTS.iter().find(|(client, of)| *of == image && line.split_whitespace().any(|word| word == *client));
        let Some((client, _)) = client.filter(|_| !names_a_host(&line)) else { continue };
        let mut diagnostic = Diagnostic::new(
            DATABASE_SOCKET_CHECK,
            format!("the healthcheck of `{}` may pass too early", service.name.value),
        )
        .label(span, "asks over the socket")
        .help(format!("ask over the network: `{client} -h 127.0.0.1 …`"))
        .note(format!("`{image}` initialises its database with a temporary server that listens on its socket only"));
        // The edit is made where the client's name stands once in the text of a check that is a string.
        if let HealthTest::Shell(written) = &health.test
            && let text = subject.files.slice(written.span)
            && text.matches(client).count() == 1
            && let Some(at) = text.find(client)
        {
            let end = written.span.start as usize + at + client.len();
            diagnostic =
                diagnostic.fix("ask over the network", Span::new(written.span.file, end, end), " -h 127.0.0.1");
        }
        diagnostics.push(diagnostic);
    }
}

fn names_a_host(line: &str) -> bool {
    line.split_whitespace().any(|word| {
        word.starts_with("-h")
            || word.starts_with("--host")
            || word.starts_with("--protocol")
            || word.contains("127.0.0.1")
    })
}

/// The last part of the path of the registry's image that a container runs.
fn repository<'a>(pipeline: &'a Pipeline, container: &'a Container) -> Option<&'a str> {
    let reference = match &container.image.value {
        ImageUse::Reference(reference) => reference,
        ImageUse::Declared(name) => match &pipeline.images().get(name)?.source {
            ImageSource::Pull { reference, .. } => &reference.value,
            _ => return None,
        },
    };
    reference.repository().rsplit('/').next()
}
