use crate::ast::MountSource;
use crate::diagnostic::codes::secrets::SENSITIVE_MOUNT;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// A directory of the host that holds more than a container needs.
pub(super) const RULE: Rule = Rule::written(SENSITIVE_MOUNT, check);

/// Directories of the host, and what they give away.
const DIRECTORIES: [(&str, &str); 12] = [
    ("/", "all of the host"),
    ("/etc", "the host's accounts and settings"),
    ("/root", "the keys of the host's root"),
    ("/home", "the keys of all users"),
    ("~", "your keys and credentials"),
    ("~/.ssh", "your keys"),
    ("~/.aws", "your credentials"),
    ("~/.docker", "your registries' credentials"),
    ("/proc", "the host's processes"),
    ("/sys", "the host's devices"),
    ("/dev", "the host's devices"),
    ("/var/lib/docker", "all images and volumes"),
];

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for mount in written.settings().flat_map(|settings| &settings.mounts) {
        let MountSource::Bind(source) = &mount.source else { continue };
        let plain = if source.value == "/" { "/" } else { source.value.trim_end_matches('/') };
        let Some((path, what)) = DIRECTORIES.iter().find(|(path, _)| *path == plain) else { continue };
        let told = Diagnostic::new(SENSITIVE_MOUNT, format!("`{path}` of the host gives the container {what}"))
            .label(source.span, *what)
            .help("mount the one file or directory that is needed");
        diagnostics.push(match mount.read_only {
            Some(_) => told,
            None => told.note("it may be written as well: `read-only` is missing"),
        });
    }
}
