use crate::diagnostic::codes::secrets::SECRET_FILE_READABLE;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// The bit of a file's mode that lets everyone read it.
const FOR_ALL: u32 = 0o004;

/// A file of a secret that everyone on this machine may read.
pub(super) const RULE: Rule = Rule::written(SECRET_FILE_READABLE, check);

fn check(subject: &Written<'_>, diagnostics: &mut Diagnostics) {
    for secret in &subject.spec.secrets {
        let Some(file) = &secret.file else { continue };
        let place = subject.files.place(file.span, &file.value);
        let Some(mode) = subject.workspace.mode(&place).filter(|mode| mode & FOR_ALL != 0) else { continue };
        diagnostics.push(
            Diagnostic::new(SECRET_FILE_READABLE, format!("everyone on this machine may read `{}`", file.value))
                .label(file.span, format!("its mode is {:03o}", mode & 0o777))
                .help(format!("take that right away: `chmod 600 {}`", file.value)),
        );
    }
}
