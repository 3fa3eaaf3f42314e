use crate::diagnostic::codes::images::MISSING_COPY_SOURCE;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// A `COPY` of something that the context does not hold: the build fails at that line.
pub(super) const RULE: Rule = Rule::written(MISSING_COPY_SOURCE, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for built in written.built() {
        for copy in built.copies() {
            for source in &copy.sources {
                let path = built.context.join(source);
                if source.is_empty() || source.starts_with("..") || written.workspace.kind(&path).is_some() {
                    continue;
                }
                let shown = path.components().collect::<std::path::PathBuf>();
                diagnostics.push(
                    Diagnostic::new(
                        MISSING_COPY_SOURCE,
                        format!("the build of `{}` copies `{source}`, which the context does not hold", built.name),
                    )
                    .label(built.word(source, &copy.at), "not in the context")
                    .label(built.place, "the context")
                    .help(format!("make `{}`, or copy what is there", shown.display())),
                );
            }
        }
    }
}
