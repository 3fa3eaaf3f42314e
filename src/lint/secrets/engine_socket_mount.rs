use crate::ast::MountSource;
use crate::diagnostic::codes::secrets::ENGINE_SOCKET_MOUNT;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// The engine's socket in a container: whoever has it is root on the host.
pub(super) const RULE: Rule = Rule::written(ENGINE_SOCKET_MOUNT, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for mount in written.settings().flat_map(|settings| &settings.mounts) {
        let MountSource::Bind(source) = &mount.source else { continue };
        if !["docker.sock", "containerd.sock", "podman.sock"].iter().any(|name| source.value.ends_with(name)) {
            continue;
        }
        diagnostics.push(
            Diagnostic::new(ENGINE_SOCKET_MOUNT, "the engine's socket in a container is root on the host")
                .label(source.span, "all of the host")
                .help("let pipe build, start and test what this container would, or give it a proxy that allows little")
                .note("`read-only` does not help: what is sent through a socket is not a write to its file"),
        );
    }
}
