use super::telling_name::{is_secret_by_name, secret_name};
use crate::ast::ImageSource;
use crate::diagnostic::codes::secrets::SECRET_AS_BUILD_ARG;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// A build argument that is called a password or a token: it stays in the image's history.
pub(super) const RULE: Rule = Rule::written(SECRET_AS_BUILD_ARG, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for image in &written.spec.images {
        let Some(ImageSource::Build(build)) = &image.source else { continue };
        for argument in &build.args {
            let key = &argument.key.value;
            if !is_secret_by_name(key) {
                continue;
            }
            let name = secret_name(key);
            diagnostics.push(
                Diagnostic::new(SECRET_AS_BUILD_ARG, format!("`{key}` as a build argument stays in the image's history"))
                    .label(argument.key.span, "seen by `docker history`")
                    .help(format!("declare `secret {name} env={key}`, write `secret {name}` in the build, and read it in the Dockerfile: `RUN --mount=type=secret,id={name} …`")),
            );
        }
    }
}
