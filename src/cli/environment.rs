use std::collections::BTreeSet;
use std::path::Path;

use super::ExitStatus;
use super::args::{FileArgs, PortArgs, SetArgs};
use super::connect::with_engine;
use super::identity::spec_hash;
use super::load::load;
use super::locate::file_and_words;
use super::owner::now;
use super::removal::{Group, remove_all};
use super::standing::Standing;
use super::terminal::{complain_of, print, remark};
use super::words::elapsed;
use crate::diagnostic::{Diagnostic, codes::command, listed, near};
use crate::engine::{ContainerId, Engine, EngineError, Object, ObjectKind, Protocol, PublishedPort, labels};

/// Removes what `pipe up` or `--keep` left of this pipeline, each service stopped as its pipeline asks.
pub fn down(args: &FileArgs) -> ExitStatus {
    let spec = match spec_of(args.file.as_deref()) {
        Ok(spec) => spec,
        Err(status) => return status,
    };
    with_engine(async |engine, _| {
        let standing = Standing::of(engine.as_ref(), &spec, None).await?;
        for run in &standing.busy {
            remark(&format!("skipped run {run}: it has not ended yet"));
        }
        standing.end_services(engine.as_ref()).await?;
        let group = Group { title: String::new(), objects: standing.objects };
        Ok(remove_all(engine.as_ref(), vec![group], false).await)
    })
}

/// Lists the containers of this pipeline, of all its runs.
pub fn ps(args: &FileArgs) -> ExitStatus {
    let spec = match spec_of(args.file.as_deref()) {
        Ok(spec) => spec,
        Err(status) => return status,
    };
    with_engine(async |engine, _| {
        let containers = containers(engine.as_ref(), &spec).await?;
        let mut rows = vec![["NAME", "KIND", "STATUS", "PORTS", "AGE", "RUN", "KEPT BY"].map(str::to_owned)];
        for object in &containers {
            let ports = match engine.inspect(&ContainerId(object.id.clone())).await {
                Ok(state) => state.ports,
                Err(_) => Vec::new(), // It went away since it was listed.
            };
            let ports: Vec<String> = ports.iter().map(shown).collect();
            rows.push([
                label(object, labels::NODE),
                label(object, labels::KIND),
                object.status.clone(),
                ports.join(" "),
                age(object),
                label(object, labels::RUN),
                match object.label(labels::KEEP) {
                    Some(labels::UP) => "pipe up".to_owned(),
                    Some(_) => "--keep".to_owned(),
                    None => String::new(),
                },
            ]);
        }
        print_table(&rows);
        Ok(ExitStatus::Success)
    })
}

/// Prints `127.0.0.1:32771`, where a service's port can be reached.
pub fn port(args: &PortArgs) -> ExitStatus {
    let (file, words) = file_and_words(&args.words);
    let wanted = words.get(1).map(|port| port.parse::<u16>());
    let (Some(service), None | Some(Ok(_))) = (words.first(), &wanted) else {
        complain_of(
            Diagnostic::new(command::NOT_UP, "a service, and its port in the container as a number, are wanted")
                .help("write `pipe port app` or `pipe port app 8000`"),
        );
        return ExitStatus::Usage;
    };
    let wanted = wanted.and_then(Result::ok);
    let spec = match spec_of(file.as_deref()) {
        Ok(spec) => spec,
        Err(status) => return status,
    };
    with_engine(async |engine, _| {
        let mut containers = containers(engine.as_ref(), &spec).await?;
        // What `pipe up` left is meant before what a run kept, and the newest before the others.
        containers.reverse();
        containers.sort_by_key(|object| object.label(labels::KEEP) != Some(labels::UP));
        let info = engine.info().await?;
        let mut published = Vec::new();
        let mut there = false;
        for object in containers.iter().filter(|object| label(object, labels::NODE) == *service) {
            there = true;
            published.extend(engine.inspect(&ContainerId(object.id.clone())).await?.ports);
        }
        let mut meant = published.iter().filter(|port| wanted.is_none_or(|wanted| wanted == port.container));
        match meant.find_map(|port| info.reached(port)) {
            Some(address) => {
                print(&address.to_string());
                return Ok(ExitStatus::Success);
            }
            None if there => complain_of(not_published(service, wanted, &published)),
            None => complain_of(not_up(Some(service), &containers)),
        }
        Ok(ExitStatus::Usage)
    })
}

/// The identity of the pipeline that a command is about; it need not be valid for that.
fn spec_of(file: Option<&Path>) -> Result<String, ExitStatus> {
    let loaded = load(file, &SetArgs { set: Vec::new() })?;
    Ok(spec_hash(&loaded.identity))
}

/// The containers of a pipeline, the oldest first.
pub(super) async fn containers(engine: &dyn Engine, spec: &str) -> Result<Vec<Object>, EngineError> {
    let mut objects = engine.list(labels::SPEC, Some(spec)).await?;
    objects.retain(|object| object.kind == ObjectKind::Container);
    objects.sort_by(|a, b| (a.created, &a.name).cmp(&(b.created, &b.name)));
    Ok(objects)
}

/// What is asked for is not there; what is `there`, of this pipeline, helps to see why.
pub(super) fn not_up(name: Option<&str>, there: &[Object]) -> Diagnostic {
    let Some(name) = name.filter(|_| !there.is_empty()) else {
        let what = name.map_or(String::new(), |name| format!(", so there is no `{name}`"));
        return Diagnostic::new(command::NOT_UP, format!("nothing of this pipeline is there{what}"))
            .help("start it with `pipe up`, or keep a run with `pipe run --keep`");
    };
    let names: BTreeSet<String> = there.iter().map(|object| label(object, labels::NODE)).collect();
    let names = || names.iter().map(String::as_str);
    let what = format!("nothing of this pipeline called `{name}` is there");
    let diagnostic = Diagnostic::new(command::NOT_UP, what).note(format!("there are {}", listed(names(), "and")));
    match near(name, names()) {
        misses if misses.is_empty() => diagnostic.help("name one of these, or start it with `pipe up`"),
        misses => diagnostic.help(format!("did you mean {}?", listed(misses, "or"))),
    }
}

fn not_published(service: &str, wanted: Option<u16>, published: &[PublishedPort]) -> Diagnostic {
    let what = wanted.map_or("no port".to_owned(), |port| format!("no port {port}"));
    let diagnostic = Diagnostic::new(command::NOT_UP, format!("`{service}` publishes {what}"));
    if published.is_empty() {
        return diagnostic.help("give it a `port N`, and see with `pipe ps` that it runs");
    }
    let ports: Vec<String> = published.iter().map(|port| port.container.to_string()).collect();
    diagnostic.help(format!("it publishes {}", listed(ports.iter().map(String::as_str), "and")))
}

/// The value of a label; empty where there is none.
pub(super) fn label(object: &Object, name: &str) -> String {
    object.label(name).unwrap_or_default().to_owned()
}

fn age(object: &Object) -> String {
    elapsed(now().saturating_sub(u64::try_from(object.created).unwrap_or(0)))
}

fn print_table<const N: usize>(rows: &[[String; N]]) {
    let widths: Vec<usize> =
        (0..N).map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)).collect();
    for row in rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        print(cells.join("  ").trim_end());
    }
}

/// A published port as `pipe ps` shows it; what is no TCP says so.
fn shown(port: &PublishedPort) -> String {
    let PublishedPort { container, protocol, bind, host } = port;
    match protocol {
        Protocol::Tcp => format!("{bind}:{host}->{container}"),
        other => format!("{bind}:{host}->{container}/{}", other.as_str()),
    }
}
