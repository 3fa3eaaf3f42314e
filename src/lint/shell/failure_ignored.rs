use crate::diagnostic::codes::shell::FAILURE_IGNORED;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::shell::script::Joined;
use crate::lint::shell::text::Role;
use crate::lint::{Rule, Written};

/// `… || true` at the end of a stage's script: the stage passes whatever happened.
pub(super) const RULE: Rule = Rule::written(FAILURE_IGNORED, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    for text in written.scripts().iter().filter(|text| text.role == Role::Stage) {
        let mut commands = text.outermost().rev();
        let (Some(last), Some(before)) = (commands.next(), commands.next()) else { continue };
        let passes = last.words.len() == 1 && matches!(last.name(), Some("true" | ":"));
        if passes && before.joined == Joined::Or && last.joined == Joined::End {
            let name = before.name().unwrap_or("the command");
            diagnostics.push(
                Diagnostic::new(FAILURE_IGNORED, format!("a failure of `{name}` is ignored in silence"))
                    .label(text.place(written.files, last.span.clone()), "passes always")
                    .label(text.place(written.files, before.span.clone()), "may fail unseen")
                    .help("write `allow-failure` in the stage: its failure is then told, and fails nothing"),
            );
        }
    }
}
