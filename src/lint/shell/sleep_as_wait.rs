use crate::diagnostic::codes::shell::SLEEP_AS_WAIT;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::shell::script::{Simple, Word};
use crate::lint::shell::text::Role;
use crate::lint::{Rule, Written};

/// `sleep 10 && curl …`: a fixed time in place of a healthcheck. It is too long on most days and too short on the worst one. In a stage
/// that needs something it is taken for work, and nothing is told.
pub(super) const RULE: Rule = Rule::written(SLEEP_AS_WAIT, check);

/// Commands that talk to a service.
const CLIENTS: [&str; 13] = [
    "curl",
    "wget",
    "http",
    "nc",
    "psql",
    "pg_isready",
    "mysql",
    "mariadb",
    "mysqladmin",
    "mariadb-admin",
    "redis-cli",
    "mongosh",
    "grpcurl",
];

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for text in written.scripts().iter().filter(|text| text.role == Role::Stage && !text.waits) {
        let straight: Vec<&Simple> = text.outermost().filter(|command| !command.is_in_loop).collect();
        for (index, sleep) in straight.iter().enumerate() {
            let seconds = sleep.arguments().first().and_then(Word::literal).unwrap_or_default();
            let is_long = sleep.name() == Some("sleep") && seconds.parse::<f64>().is_ok_and(|seconds| seconds >= 1.0);
            let next = straight.get(index + 1).filter(|next| next.name().is_some_and(|name| CLIENTS.contains(&name)));
            let Some(next) = next.filter(|_| is_long) else { continue };
            let name = next.name().unwrap_or_default();
            diagnostics.push(
                Diagnostic::new(SLEEP_AS_WAIT, format!("`sleep {seconds}` stands for the readiness of what `{name}` talks to"))
                    .label(text.place(written.files, sleep.span.clone()), "a guess")
                    .label(text.place(written.files, next.words[0].span.clone()), "wants it ready")
                    .help("give the service a `healthcheck`, and this stage `needs SERVICE`: it starts as soon as that is healthy"),
            );
        }
    }
}
