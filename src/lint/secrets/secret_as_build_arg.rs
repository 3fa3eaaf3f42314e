use crate::ast::ImageSource;
use crate::diagnostic::codes::secrets::SECRET_AS_BUILD_ARG;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// A build argument that is called a password or a token: it stays in the image's history.
pub(super) const RULE: Rule = Rule::written(SECRET_AS_BUILD_ARG, check);

const ENDS: [&str; 8] =
    ["PASSWORD", "PASSWD", "TOKEN", "_SECRET", "API_KEY", "SECRET_KEY", "PRIVATE_KEY", "ACCESS_KEY"];

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for image in &written.spec.images {
        let Some(ImageSource::Build(build)) = &image.source else { continue };
        for argument in &build.args {
            let key = &argument.key.value;
            let upper = key.to_uppercase();
            if !ENDS.iter().any(|end| upper.ends_with(end)) {
                continue;
            }
            let name = key.to_lowercase().replace('_', "-");
            diagnostics.push(
                Diagnostic::new(SECRET_AS_BUILD_ARG, format!("`{key}` as a build argument stays in the image's history"))
                    .label(argument.key.span, "seen by `docker history`")
                    .help(format!("declare `secret {name} env={key}`, write `secret {name}` in the build, and read it in the Dockerfile: `RUN --mount=type=secret,id={name} …`")),
            );
        }
    }
}
