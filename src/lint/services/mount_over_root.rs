use crate::diagnostic::codes::services::MOUNT_OVER_ROOT;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// A mount at `/`: it would hide the image, and no engine does it.
pub(super) const RULE: Rule = Rule::written(MOUNT_OVER_ROOT, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for mount in written.settings().flat_map(|settings| &settings.mounts) {
        if !mount.target.value.is_empty() && mount.target.value.bytes().all(|byte| byte == b'/') {
            diagnostics.push(
                Diagnostic::new(MOUNT_OVER_ROOT, "a mount at `/` would hide all of the image")
                    .label(mount.target.span, "the container's root")
                    .help("name a directory in the container, such as `\"/data\"`"),
            );
        }
    }
}
