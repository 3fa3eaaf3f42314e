use std::collections::HashMap;

use crate::ast::ImageSource;
use crate::diagnostic::codes::images::BUILT_TWICE;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};
use crate::source::Span;

/// Two images with the same context, Dockerfile, target and arguments.
pub(super) const RULE: Rule = Rule::written(BUILT_TWICE, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    let mut firsts: HashMap<Vec<&str>, (Span, &str)> = HashMap::new();
    for image in &written.spec.images {
        let Some(ImageSource::Build(build)) = &image.source else { continue };
        let Some(context) = &build.context else { continue };
        let mut key: Vec<&str> = vec![&context.value];
        for value in [&build.dockerfile, &build.target, &build.platform, &build.inline] {
            key.push(value.as_ref().map_or("", |value| &value.value));
        }
        for argument in &build.args {
            key.extend([argument.key.value.as_str(), argument.value.value.as_str()]);
        }
        match firsts.get(&key) {
            Some((first, name)) => diagnostics.push(
                Diagnostic::new(BUILT_TWICE, format!("`{}` is built from the same as `{name}`", image.name.value))
                    .label(build.span, "the same again")
                    .label(*first, "first here")
                    .help(format!("use `{name}` in its place, and give that both tags")),
            ),
            None => drop(firsts.insert(key, (build.span, &image.name.value))),
        }
    }
}
