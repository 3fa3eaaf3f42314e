use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use crate::ast::{ImageSource, Spec};
use crate::model::{Dockerfile, DockerfileCopy};
use crate::source::{Files, SourceFile, Span};

/// An image whose Dockerfile and context are known, with the Dockerfile read.
pub(in crate::lint) struct Built<'a> {
    /// The image's name.
    pub name: &'a str,
    /// The context, a path from the pipeline's own directory.
    pub context: PathBuf,
    /// Where the pipeline names the context.
    pub place: Span,
    /// The stage to build; the last one where there is none.
    pub target: Option<&'a str>,
    /// What its Dockerfile says.
    pub dockerfile: Dockerfile,
    file: Arc<SourceFile>,
}

impl<'a> Built<'a> {
    /// Those of the images of which all that matters stands in the text. A Dockerfile with faults is left out: it is told of elsewhere.
    pub fn all(files: &Files, spec: &'a Spec) -> Vec<Built<'a>> {
        let mut found = Vec::new();
        for image in &spec.images {
            let Some(ImageSource::Build(build)) = &image.source else { continue };
            let (Some((context, Some(path))), Some(named)) = (build.places(files), &build.context) else { continue };
            let target = build.target.as_ref().map(|target| target.value.as_str());
            let Some(file) = files.find(&path).filter(|_| !target.is_some_and(|target| target.contains("{{"))) else {
                continue;
            };
            let dockerfile = Dockerfile::read(file.text());
            if dockerfile.faults.is_empty() {
                let (name, file) = (image.name.value.as_str(), Arc::clone(file));
                found.push(Built { name, context, place: named.span, target, dockerfile, file });
            }
        }
        found
    }

    /// What the stages that are built copy from the context.
    pub fn copies(&self) -> impl Iterator<Item = &DockerfileCopy> {
        self.dockerfile.performed(self.target).into_iter().flat_map(|index| &self.dockerfile.stages[index].copies)
    }

    /// The list of what is left out of the context: the Dockerfile's own, or that of the context.
    pub fn ignored<'f>(&self, files: &'f Files) -> Option<&'f Arc<SourceFile>> {
        let mut own = self.file.place().as_os_str().to_owned();
        own.push(".dockerignore");
        files.find(own.as_ref()).or_else(|| files.find(&self.context.join(".dockerignore")))
    }

    /// The place of a word in the instruction whose first line is `at`; the whole line where it stands further down.
    pub fn word(&self, word: &str, at: &Range<usize>) -> Span {
        let line = &self.file.text()[at.clone()];
        match line.rfind(word) {
            Some(start) => self.file.span(at.start + start, at.start + start + word.len()),
            None => self.file.span(at.start, at.end),
        }
    }
}
