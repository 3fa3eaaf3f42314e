use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use super::declared::with_guess;
use super::resolver::Resolver;
use crate::ast;
use crate::diagnostic::codes::images::{BAD_DOCKERFILE, MISSING_DOCKERFILE, UNKNOWN_BUILD_ARG, UNKNOWN_BUILD_TARGET};
use crate::diagnostic::{Diagnostic, listed, near};
use crate::model::dockerfile::INSTRUCTIONS;
use crate::model::interpolation::{RawPiece, split};
use crate::model::{Dockerfile, DockerfileFault, DockerfileFaultKind, DockerfileStage};
use crate::source::{EntryKind, SourceFile, Span, Spanned};

/// A Dockerfile, and where its text stands.
pub(super) struct Read {
    dockerfile: Dockerfile,
    /// As messages name it.
    shown: String,
    place: Place,
}

/// Where the text of a Dockerfile stands.
enum Place {
    /// In a file of the analysis.
    File(Arc<SourceFile>),
    /// In the pipeline itself.
    Inline(Spanned<String>),
    /// In a file that only a param names.
    Elsewhere,
}

/// How many stages or arguments a diagnostic labels.
const SHOWN: usize = 4;

impl Resolver<'_> {
    /// The Dockerfile that stands in the pipeline itself; one with holes is left to the run.
    pub fn inline_has_it(&mut self, build: &ast::Build, inline: &Spanned<String>) {
        let text = match split(&inline.value).0.as_slice() {
            [] => String::new(),
            [RawPiece::Literal(text)] => text.clone(),
            _ => return,
        };
        // Where `{{{{` stands for `{{`, offsets in the text are not those of the string.
        let place = if text == inline.value { Place::Inline(inline.clone()) } else { Place::Elsewhere };
        let read = Read { dockerfile: Dockerfile::read(&text), shown: "the inline Dockerfile".to_owned(), place };
        self.is_a_dockerfile(&read, inline.span);
        self.dockerfile_has_it(build, &read);
    }

    /// The Dockerfile in a file of its own. It is read once, however many images name it.
    pub fn dockerfile_is_there(&mut self, build: &ast::Build, dockerfile: &Spanned<PathBuf>) {
        if let Some(read) = self.dockerfiles.get(&dockerfile.value).cloned() {
            self.dockerfile_has_it(build, &read);
            return;
        }
        let shown = dockerfile.value.components().collect::<PathBuf>();
        let shown = format!("`{}`", shown.strip_prefix(".").unwrap_or(&shown).display());
        let read = match self.files.find(&dockerfile.value) {
            Some(file) => {
                Read { dockerfile: Dockerfile::read(file.text()), shown, place: Place::File(Arc::clone(file)) }
            }
            None if self.inputs.workspace.kind(&dockerfile.value) == Some(EntryKind::File) => {
                match self.inputs.workspace.read(&dockerfile.value) {
                    Ok(bytes) => {
                        let dockerfile = Dockerfile::read(&String::from_utf8_lossy(&bytes));
                        Read { dockerfile, shown, place: Place::Elsewhere }
                    }
                    Err(error) => {
                        self.report(
                            Diagnostic::new(MISSING_DOCKERFILE, format!("Dockerfile {shown} cannot be read"))
                                .label(dockerfile.span, "not readable")
                                .help("make it a text file that you may read")
                                .note(error.to_string()),
                        );
                        return;
                    }
                }
            }
            None => return self.no_dockerfile(build, dockerfile, &shown),
        };
        let read = Rc::new(read);
        self.is_a_dockerfile(&read, dockerfile.span);
        self.dockerfile_has_it(build, &read);
        self.dockerfiles.insert(dockerfile.value.clone(), read);
    }

    fn no_dockerfile(&mut self, build: &ast::Build, dockerfile: &Spanned<PathBuf>, shown: &str) {
        let found = self.inputs.workspace.kind(&dockerfile.value);
        let what = if found.is_some() { "is no file" } else { "is not there" };
        let absolute = self.inputs.workspace.absolute(&dockerfile.value);
        let diagnostic = Diagnostic::new(MISSING_DOCKERFILE, format!("Dockerfile {shown} {what}"))
            .label(dockerfile.span, "no Dockerfile here");
        let diagnostic = match (self.dockerfile_elsewhere(build), &build.dockerfile) {
            (Some(other), Some(written)) => diagnostic
                .help(format!("did you mean `dockerfile=\"{other}\"`?"))
                .suggestion(format!("write `\"{other}\"`"), written.span, format!("\"{other}\"")),
            (Some(other), None) => {
                let end = Span { start: dockerfile.span.end, ..dockerfile.span };
                diagnostic.help(format!("did you mean `dockerfile=\"{other}\"`?")).suggestion(
                    format!("add `dockerfile=\"{other}\"`"),
                    end,
                    format!(" dockerfile=\"{other}\""),
                )
            }
            (None, _) => diagnostic.help("name it: `build . dockerfile=\"path/in/context/Dockerfile\"`"),
        };
        self.report(diagnostic.note(format!("looked for at `{}`", absolute.display())));
    }

    /// Another place in the context where Dockerfiles are often kept, and one is.
    fn dockerfile_elsewhere(&self, build: &ast::Build) -> Option<&'static str> {
        let context = build.context.as_ref().map_or_else(|| PathBuf::from("."), |context| self.place(context).value);
        ["Dockerfile", "dockerfile", "Containerfile", "docker/Dockerfile", "build/Dockerfile", ".docker/Dockerfile"]
            .into_iter()
            .find(|path| self.inputs.workspace.kind(&context.join(path)) == Some(EntryKind::File))
    }

    /// Tells of what no builder accepts; `named` is where the pipeline names the file.
    fn is_a_dockerfile(&mut self, read: &Read, named: Span) {
        let shown = &read.shown;
        let labelled = |diagnostic: Diagnostic, at: Option<Span>, label: &str| match (at, &read.place) {
            (Some(at), Place::File(_)) => diagnostic.label(at, label).label(named, "built by this"),
            (Some(at), _) => diagnostic.label(at, label),
            (None, _) => diagnostic.label(named, label),
        };
        let is_empty = read.dockerfile.stages.is_empty();
        if is_empty && read.dockerfile.faults.iter().all(|fault| fault.kind == DockerfileFaultKind::BeforeFrom) {
            let at = read.dockerfile.faults.first().map_or(0..0, |fault| fault.at.clone());
            let diagnostic = Diagnostic::new(BAD_DOCKERFILE, format!("{shown} has no `FROM`"));
            let at = self.in_dockerfile(read, at).filter(|_| !matches!(read.place, Place::Inline(_)));
            let diagnostic = labelled(diagnostic, at, "builds nothing");
            self.report(diagnostic.help("begin it with `FROM image:tag`"));
            return;
        }
        for fault in &read.dockerfile.faults {
            let (message, label, help) = said(fault, shown, &self.text_of(read, fault));
            let at = self.in_dockerfile(read, fault.at.clone());
            let diagnostic = labelled(Diagnostic::new(BAD_DOCKERFILE, message), at, label).help(help);
            self.report(diagnostic);
        }
    }

    fn text_of(&self, read: &Read, fault: &DockerfileFault) -> String {
        let text = match &read.place {
            Place::File(file) => file.text().get(fault.at.clone()),
            Place::Inline(inline) => inline.value.get(fault.at.clone()),
            Place::Elsewhere => None,
        };
        text.unwrap_or_default().to_owned()
    }

    /// Where the bytes `at` of a Dockerfile stand.
    fn in_dockerfile(&self, read: &Read, at: std::ops::Range<usize>) -> Option<Span> {
        match &read.place {
            Place::File(file) => Some(file.span(at.start, at.end)),
            Place::Inline(inline) => Some(self.inside(inline, at)),
            Place::Elsewhere => None,
        }
    }

    /// Tells of a target or an argument that the Dockerfile does not know.
    fn dockerfile_has_it(&mut self, build: &ast::Build, read: &Read) {
        if read.dockerfile.stages.is_empty() {
            return;
        }
        if let Some(target) = &build.target
            && let Some(known) = self.quietly_known(target)
            && read.dockerfile.stage(&known).is_none()
        {
            let unknown = self.unknown_target(read, target, &known);
            self.report(unknown);
        }
        for arg in build.args.iter().filter(|arg| !read.dockerfile.takes_arg(&arg.key.value)) {
            let unknown = self.unknown_arg(read, &arg.key);
            self.report(unknown);
        }
    }

    fn unknown_target(&self, read: &Read, target: &Spanned<String>, known: &str) -> Diagnostic {
        let Read { dockerfile, shown, .. } = read;
        let names: Vec<&str> = dockerfile.stage_names().collect();
        let misses = near(known, names.iter().copied());
        let mut diagnostic = Diagnostic::new(UNKNOWN_BUILD_TARGET, format!("{shown} has no stage `{known}`"))
            .label(target.span, "no such stage");
        let named = dockerfile.stages.iter().filter(|stage| stage.name.is_some());
        let is_meant = |stage: &&DockerfileStage| {
            misses.is_empty() || stage.name.as_deref().is_some_and(|name| misses.contains(&name))
        };
        for stage in named.filter(is_meant).take(SHOWN) {
            let at = stage.name_at.clone().unwrap_or_else(|| stage.at.clone());
            let label = if misses.is_empty() { "a stage" } else { "did you mean this one?" };
            if let Some(span) = self.in_dockerfile(read, at) {
                diagnostic = diagnostic.label(span, label);
            }
        }
        diagnostic = match misses.as_slice() {
            [] => diagnostic.help(format!("name a stage in {shown}: `FROM image AS {known}`")),
            some => diagnostic.help(format!("did you mean {}?", listed(some, "or"))),
        };
        if let [only] = misses.as_slice() {
            diagnostic = with_guess(diagnostic, target.span, only);
        }
        diagnostic.note(match names.as_slice() {
            [] => format!("{shown} names no stage; its stages are numbered from 0"),
            _ => format!("its stages: {}", stages_with_lines(dockerfile)),
        })
    }

    fn unknown_arg(&self, read: &Read, key: &Spanned<String>) -> Diagnostic {
        let Read { dockerfile, shown, .. } = read;
        let names = dockerfile.args.iter().map(|arg| arg.name.as_str());
        let misses = near(&key.value, names);
        let mut diagnostic = Diagnostic::new(UNKNOWN_BUILD_ARG, format!("{shown} has no `ARG {}`", key.value))
            .label(key.span, "not used");
        for arg in dockerfile.args.iter().filter(|arg| misses.contains(&arg.name.as_str())).take(SHOWN) {
            if let Some(span) = self.in_dockerfile(read, arg.at.clone()) {
                diagnostic = diagnostic.label(span, "did you mean this one?");
            }
        }
        match misses.as_slice() {
            [] => diagnostic.help(format!("declare it in {shown}: `ARG {}`", key.value)),
            [only] => with_guess(diagnostic.help(format!("did you mean `{only}`?")), key.span, only),
            some => diagnostic.help(format!("did you mean {}?", listed(some, "or"))),
        }
    }
}

/// The words about a fault: message, label and help.
fn said(fault: &DockerfileFault, shown: &str, text: &str) -> (String, &'static str, String) {
    match fault.kind {
        DockerfileFaultKind::UnknownInstruction => {
            let misses = near(text, INSTRUCTIONS);
            let help = match misses.as_slice() {
                [] => "begin the line with an instruction, such as `RUN`; a line that goes on ends in `\\`".to_owned(),
                some => format!("did you mean {}?", listed(some, "or")),
            };
            (format!("`{text}` is no instruction of a Dockerfile"), "no such instruction", help)
        }
        DockerfileFaultKind::BeforeFrom => (
            format!("{shown} does not begin with `FROM`"),
            "before any `FROM`",
            format!("move `{text}` behind the first `FROM`: only `ARG` may stand before it"),
        ),
        DockerfileFaultKind::BadFrom => (
            "a `FROM` names one image, and one name at most".to_owned(),
            "not understood",
            "write `FROM image:tag` or `FROM image:tag AS name`".to_owned(),
        ),
    }
}

/// The named stages, each with its line.
fn stages_with_lines(dockerfile: &Dockerfile) -> String {
    let named = dockerfile.stages.iter().filter_map(|stage| stage.name.as_ref().map(|name| (name, stage.line)));
    named.take(20).map(|(name, line)| format!("`{name}` (line {line})")).collect::<Vec<_>>().join(", ")
}
