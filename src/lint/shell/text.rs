use std::ops::Range;

use super::script::{Script, Simple};
use crate::ast::{self, Command, ContainerSettings, HealthTest, Healthcheck, Language, Spec};
use crate::source::{Files, Span, Spanned};

/// A text that a shell reads, with what is known of it.
pub(in crate::lint) struct ShellText<'a> {
    /// The text, and its place in the file.
    pub(super) text: &'a Spanned<String>,
    /// What it says.
    pub(super) script: Script,
    /// Which shell reads it.
    pub(super) shell: Shell,
    /// What it is for.
    pub(super) role: Role,
    /// Whether its container waits for something, or may by a template.
    pub(super) waits: bool,
}

/// Which shell reads a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shell {
    /// `/bin/sh`, of which nothing is known but POSIX.
    Posix,
    /// bash.
    Bash,
}

/// What a text for a shell is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Runs to its end, in a stage.
    Stage,
    /// Runs as long as it is needed.
    Service,
    /// What extends the template decides.
    Template,
    /// Looks whether a service is ready.
    Healthcheck,
}

impl<'a> ShellText<'a> {
    /// Every text for a shell in `spec`, in its order.
    pub(in crate::lint) fn all(spec: &'a Spec) -> Vec<Self> {
        let mut found = Vec::new();
        for template in &spec.templates {
            of_settings(&template.settings, Role::Template, &mut found);
            of_healthcheck(template.healthcheck.as_ref(), &mut found);
        }
        for runnable in &spec.runnables {
            match runnable {
                ast::Runnable::Stage(stage) => of_settings(&stage.settings, Role::Stage, &mut found),
                ast::Runnable::Service(service) => {
                    of_settings(&service.settings, Role::Service, &mut found);
                    of_healthcheck(service.healthcheck.as_ref(), &mut found);
                }
                ast::Runnable::Acceptance(_) => {}
            }
        }
        found
    }

    fn new(text: &'a Spanned<String>, shell: Shell, role: Role, waits: bool) -> Self {
        ShellText { text, script: Script::parse(&text.value), shell, role, waits }
    }

    /// Its place in the file.
    pub(in crate::lint) fn span(&self) -> Span {
        self.text.span
    }

    /// The place in the file of some bytes of the text.
    pub(in crate::lint) fn place(&self, files: &Files, at: Range<usize>) -> Span {
        ast::inside(files, self.text.span, &self.text.value, at)
    }

    /// The bytes of the text.
    pub(super) fn slice(&self, at: Range<usize>) -> &str {
        &self.text.value[at]
    }

    /// Its simple commands; none where it does not parse, since then nothing is sure.
    pub(in crate::lint) fn commands(&self) -> &[Simple] {
        if self.script.fault.is_some() { &[] } else { &self.script.commands }
    }

    /// The commands of its outermost list, which run one after the other in the script's own shell.
    pub(super) fn outermost(&self) -> impl DoubleEndedIterator<Item = &Simple> {
        self.commands().iter().filter(|command| !command.is_nested)
    }
}

fn of_settings<'a>(settings: &'a ContainerSettings, role: Role, found: &mut Vec<ShellText<'a>>) {
    let waits = !(settings.needs.is_empty() && settings.extends.is_empty());
    match &settings.command {
        Some(Command::Shell { script, language, .. }) => found.extend(annotated(script, *language, role, waits)),
        Some(Command::Exec(words)) => {
            // `command sh -ec "…"`
            let [program, options, script, ..] = words.words.as_slice() else { return };
            let shell = match program.value.rsplit('/').next() {
                Some("sh" | "ash" | "dash") => Shell::Posix,
                Some("bash") => Shell::Bash,
                _ => return,
            };
            let takes_a_script = options.value.strip_prefix('-').is_some_and(|letters| letters.ends_with('c'));
            if takes_a_script {
                found.push(ShellText::new(script, shell, role, waits));
            }
        }
        None => {}
    }
}

fn of_healthcheck<'a>(healthcheck: Option<&'a Healthcheck>, found: &mut Vec<ShellText<'a>>) {
    if let Some(Healthcheck { test: Some(HealthTest::Shell { script, language }), .. }) = healthcheck {
        found.extend(annotated(script, *language, Role::Healthcheck, false));
    }
}

/// A script for the shell that its annotation names; none for another language.
fn annotated(
    script: &Spanned<String>,
    language: Option<Spanned<Language>>,
    role: Role,
    waits: bool,
) -> Option<ShellText<'_>> {
    let shell = match language.map(|language| language.value) {
        None | Some(Language::Sh) => Shell::Posix,
        Some(Language::Bash) => Shell::Bash,
        Some(_) => return None,
    };
    Some(ShellText::new(script, shell, role, waits))
}
