use crate::diagnostic::codes::secrets::PRIVILEGED_CONTAINER;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// `privileged`, and what comes close to it.
pub(super) const RULE: Rule = Rule::written(PRIVILEGED_CONTAINER, check);

/// Capabilities with which a container can leave its box.
const CAPABILITIES: [(&str, &str); 7] = [
    ("ALL", "everything root can"),
    ("SYS_ADMIN", "mounts and namespaces"),
    ("SYS_MODULE", "modules of the kernel"),
    ("SYS_RAWIO", "the host's memory and ports"),
    ("SYS_PTRACE", "the memory of processes"),
    ("DAC_READ_SEARCH", "all files of the host"),
    ("BPF", "programs in the kernel"),
];

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for settings in written.settings() {
        if let Some(on) = settings.privileges.privileged.as_ref().filter(|on| on.value) {
            diagnostics.push(
                Diagnostic::new(PRIVILEGED_CONTAINER, "a privileged container is root on the host")
                    .label(on.span, "all devices and capabilities")
                    .help(
                        "add the one capability or device that is needed: `cap add NET_ADMIN`, `device \"/dev/fuse\"`",
                    ),
            );
        }
        for capability in settings.privileges.capabilities.iter().filter(|capability| capability.add) {
            let name = capability.name.value.trim_start_matches("CAP_");
            let Some((name, what)) = CAPABILITIES.iter().find(|(known, _)| *known == name) else { continue };
            diagnostics.push(
                Diagnostic::new(PRIVILEGED_CONTAINER, format!("`{name}` gives the container {what}"))
                    .label(capability.name.span, "as good as root")
                    .help("add a smaller capability, or do without"),
            );
        }
        for option in settings.privileges.security.iter().filter(|option| option.value.ends_with("unconfined")) {
            diagnostics.push(
                Diagnostic::new(
                    PRIVILEGED_CONTAINER,
                    format!("`{}` takes a wall between container and kernel away", option.value),
                )
                .label(option.span, "no filter at all")
                .help("name a profile that allows what is needed"),
            );
        }
    }
}
