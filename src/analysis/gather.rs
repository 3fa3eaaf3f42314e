use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::memory::Memory;
use crate::ast::Include;
use crate::diagnostic::codes::names::{
    DUPLICATE_INCLUDE, INCLUDE_CYCLE, INCLUDE_LIMIT, INCLUDE_OUTSIDE, MISSING_INCLUDE, UNREADABLE_INCLUDE,
};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{EntryKind, FileId, Files, Span, Spanned, Workspace, normal};
use crate::syntax::{self, Document};

/// The most files that a pipeline may consist of.
const MOST_FILES: usize = 2000;

/// The longest chain of includes.
const DEEPEST: usize = 32;

/// The most text that all files together may hold, in bytes.
const MOST_BYTES: usize = 64 << 20;

/// The files of a pipeline and what they say.
pub(super) struct Gathered {
    /// The pipeline's own file, and those that it includes, in the order in which they are included.
    pub files: Files,
    /// One for each of them, in the same order.
    pub documents: Vec<Arc<Document>>,
    /// What is wrong with their text and with the includes.
    pub diagnostics: Diagnostics,
    /// Whether some file or part of one could not be read, so that the lack of a declaration proves nothing.
    pub incomplete: bool,
}

/// Reads all that the root of `files` includes, and what that includes in turn. Each file is read once and parsed once.
pub(super) fn gather(files: &Files, workspace: &dyn Workspace, memory: &mut Memory) -> Gathered {
    let mut gathering = Gathering {
        workspace,
        memory,
        files: files.clone(),
        documents: Vec::new(),
        diagnostics: Diagnostics::new(),
        incomplete: false,
        chain: Vec::new(),
        included: HashMap::new(),
        bytes: files.root().text().len(),
    };
    gathering.take_in(files.root().id(), None);
    while let Some(link) = gathering.chain.last_mut() {
        match link.pending.next() {
            Some(include) => gathering.include(&include),
            None => drop(gathering.chain.pop()),
        }
    }
    let Gathering { files, documents, diagnostics, incomplete, .. } = gathering;
    Gathered { files, documents, diagnostics, incomplete }
}

struct Gathering<'a> {
    workspace: &'a dyn Workspace,
    memory: &'a mut Memory,
    files: Files,
    documents: Vec<Arc<Document>>,
    diagnostics: Diagnostics,
    incomplete: bool,
    /// From the pipeline's own file to the one at hand.
    chain: Vec<Link>,
    /// The files that are taken in, with the place where that is said.
    included: HashMap<PathBuf, Span>,
    bytes: usize,
}

/// A file whose includes are being looked at.
struct Link {
    file: FileId,
    /// Where the one before includes it; the pipeline's own is included by none.
    edge: Option<Span>,
    pending: std::vec::IntoIter<Spanned<String>>,
}

impl Gathering<'_> {
    /// Parses a file and goes on with its includes.
    fn take_in(&mut self, file: FileId, edge: Option<Span>) {
        let (document, diagnostics) = self.memory.parse(self.files.get(file));
        self.diagnostics.extend(diagnostics);
        self.incomplete |= document.incomplete;
        let pending: Vec<_> =
            Include::all(&document, &self.files).into_iter().flat_map(|include| include.files).collect();
        self.documents.push(document);
        self.chain.push(Link { file, edge, pending: pending.into_iter() });
    }

    fn include(&mut self, include: &Spanned<String>) {
        let place = self.files.place(include.span, &include.value);
        let wrong = match self.is_told(include, &normal(&place)) {
            Some(diagnostic) => diagnostic,
            None => match self.read(include, &normal(&place)) {
                Ok(file) => return self.take_in(file, Some(include.span)),
                Err(diagnostic) => *diagnostic,
            },
        };
        self.incomplete |= wrong.code != DUPLICATE_INCLUDE;
        if self.documents.len() >= MOST_FILES || self.bytes > MOST_BYTES {
            // There is no end to it: no more is asked for.
            self.chain.clear();
        }
        self.diagnostics.push(wrong);
    }

    /// What is wrong with including `place`, as far as that is known without looking for the file.
    fn is_told(&mut self, include: &Spanned<String>, place: &Path) -> Option<Diagnostic> {
        let written = &include.value;
        if !matches!(place.components().next(), None | Some(Component::Normal(_))) {
            let diagnostic = if Path::new(written).is_absolute() {
                Diagnostic::new(INCLUDE_OUTSIDE, format!("`{written}` is an absolute path"))
                    .label(include.span, "the same on no other machine")
                    .help("write it relative to the directory of this file")
            } else {
                Diagnostic::new(INCLUDE_OUTSIDE, format!("`{written}` lies outside of the pipeline's directory"))
                    .label(include.span, "outside")
                    .help("move it into the pipeline's directory, or the pipeline up to a directory that holds both")
            };
            let directory = self.workspace.absolute(Path::new(""));
            return Some(diagnostic.note(format!("the pipeline's directory is `{}`", directory.display())));
        }
        if let Some(first) = self.chain.iter().position(|link| self.files.get(link.file).place() == place) {
            return Some(self.cycle(first, include));
        }
        if let Some(first) = self.included.get(place) {
            return Some(
                Diagnostic::new(DUPLICATE_INCLUDE, format!("`{}` is included twice", place.display()))
                    .label(include.span, "again")
                    .label(*first, "first")
                    .help("take one of the two away: what a file declares is known everywhere"),
            );
        }
        let limit = |what: String| {
            Diagnostic::new(INCLUDE_LIMIT, what)
                .label(include.span, "one too many")
                .help("put declarations together into fewer files")
                .note("this is a limit for safety, far above what a pipeline needs")
        };
        if self.chain.len() > DEEPEST {
            return Some(limit(format!("includes lead from file to file more than {DEEPEST} times")));
        }
        if self.documents.len() >= MOST_FILES {
            return Some(limit(format!("the pipeline consists of more than {MOST_FILES} files")));
        }
        None
    }

    /// Each file of the cycle, with the place where it includes the next one.
    fn cycle(&self, first: usize, include: &Spanned<String>) -> Diagnostic {
        let shown = |link: &Link| format!("`{}`", self.files.get(link.file).place().display());
        let links = &self.chain[first..];
        let mut path: Vec<String> = links.iter().map(shown).collect();
        path.push(path[0].clone());
        let edges = links[1..].iter().filter_map(|link| link.edge).chain([include.span]);
        let mut diagnostic = Diagnostic::new(INCLUDE_CYCLE, format!("files include one another: {}", path.join(" → ")))
            .help("take one of these includes away: what a file declares is known everywhere");
        for (edge, ends) in edges.zip(path.windows(2)) {
            diagnostic = diagnostic.label(edge, format!("{} includes {}", ends[0], ends[1]));
        }
        diagnostic
    }

    fn read(&mut self, include: &Spanned<String>, place: &Path) -> Result<FileId, Box<Diagnostic>> {
        let written = &include.value;
        let at = self.workspace.absolute(place);
        let new = |code, message: String, label| {
            Diagnostic::new(code, message).label(include.span, label).note(format!("looked for at `{}`", at.display()))
        };
        let unreadable = |message: String, label| new(UNREADABLE_INCLUDE, message, label);
        match self.workspace.kind(place) {
            Some(EntryKind::File) => {}
            None => {
                let diagnostic = new(MISSING_INCLUDE, format!("there is no file `{written}`"), "not found");
                let diagnostic = match self.meant(include, place) {
                    Some(other) => diagnostic.help(format!("did you mean `include \"{other}\"`?")).suggestion(
                        format!("write `\"{other}\"`"),
                        include.span,
                        format!("\"{other}\""),
                    ),
                    None => diagnostic.help("write the path of a file, relative to the directory of this one"),
                };
                let is_filled = written.contains("{{");
                return Err(Box::new(if is_filled {
                    diagnostic.note("`{{…}}` is not filled in here")
                } else {
                    diagnostic
                }));
            }
            Some(EntryKind::Directory) => {
                let diagnostic = unreadable(format!("`{written}` is a directory"), "a directory");
                return Err(Box::new(match self.meant(include, place) {
                    Some(other) => diagnostic.help(format!("did you mean `include \"{other}\"`?")).suggestion(
                        format!("write `\"{other}\"`"),
                        include.span,
                        format!("\"{other}\""),
                    ),
                    None => diagnostic.help("name a file in it"),
                }));
            }
            Some(EntryKind::Other) => {
                let diagnostic = unreadable(format!("`{written}` is no regular file"), "not a file");
                return Err(Box::new(diagnostic.help("name a file")));
            }
        }
        let bytes = self.workspace.read(place).map_err(|error| {
            let diagnostic = unreadable(format!("`{written}` cannot be read"), "not readable").note(error.to_string());
            Box::new(diagnostic.help("make it a text file that you may read"))
        })?;
        self.bytes += bytes.len();
        if self.bytes > MOST_BYTES {
            let most = MOST_BYTES >> 20;
            let message = format!("the pipeline's files hold more than {most} MiB");
            let diagnostic = Diagnostic::new(INCLUDE_LIMIT, message).label(include.span, "one too many");
            return Err(Box::new(
                diagnostic
                    .help("check that this is the file that you meant")
                    .note("this is a limit for safety, far above what a pipeline needs"),
            ));
        }
        self.included.insert(place.to_owned(), include.span);
        let (text, fault) = syntax::decode_utf8(bytes);
        let file = self.files.add_at(place, &text);
        match fault {
            None => Ok(file.id()),
            Some(fault) => {
                self.documents.push(Arc::new(Document { nodes: Vec::new(), incomplete: true }));
                Err(Box::new(fault.diagnostic(&file).label(include.span, "included here")))
            }
        }
    }

    /// A file that may have been meant, as it would be written.
    fn meant(&self, include: &Spanned<String>, place: &Path) -> Option<String> {
        let written = include.value.trim_end_matches('/');
        let is_file = |end: &str| {
            let mut name = place.as_os_str().to_owned();
            name.push(end);
            self.workspace.kind(Path::new(&name)) == Some(EntryKind::File)
        };
        [".kdl", "/pipeline.kdl"].into_iter().find(|end| is_file(end)).map(|end| format!("{written}{end}"))
    }
}
