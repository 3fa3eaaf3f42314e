use std::collections::HashMap;

use crate::ast::{Command, Runnable};
use crate::diagnostic::codes::services::SIGNAL_SWALLOWED;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::shell::ShellText;
use crate::lint::{Rule, Written};
use crate::source::Span;

/// A service whose script is process 1 and starts the program below it: the stop signal reaches the shell, which ignores it.
pub(super) const RULE: Rule = Rule::written(SIGNAL_SWALLOWED, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    let scripts: HashMap<Span, &ShellText<'_>> = written.scripts().iter().map(|text| (text.span(), text)).collect();
    for runnable in &written.spec.runnables {
        let Runnable::Service(service) = runnable else { continue };
        let settings = &service.settings;
        let (Some(stop), Some(Command::Shell { script, .. })) = (&settings.stop, &settings.command) else { continue };
        let has_init = settings.init.as_ref().is_some_and(|init| init.value);
        let Some(text) = scripts.get(&script.span) else { continue };
        let commands = text.commands();
        let handles = commands.iter().any(|command| matches!(command.name(), Some("exec" | "trap")));
        let Some(last) = commands.last() else { continue };
        if has_init
            || handles
            || !settings.extends.is_empty()
            || last.is_sometimes
            || last.is_nested
            || last.words.is_empty()
        {
            continue;
        }
        // A script of one command is replaced by it in the shells of Debian and Alpine.
        if commands.len() == 1 {
            continue;
        }
        let at = text.place(written.files, last.words[0].span.start..last.words[0].span.start);
        let name = last.name().unwrap_or("the program");
        let told = Diagnostic::new(SIGNAL_SWALLOWED, format!("the stop signal reaches the shell and not `{name}`"))
            .label(text.place(written.files, last.words[0].span.clone()), "a child of the shell")
            .label(stop.span, "asks it to stop")
            .help(format!("write `exec {name} …`, so that it takes the shell's place; or `init` in the service"));
        diagnostics.push(if at.is_empty() {
            told.suggestion("let it take the shell's place", at, "exec ")
        } else {
            told
        });
    }
}
