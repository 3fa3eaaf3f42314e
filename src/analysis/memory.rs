use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::diagnostic::Diagnostics;
use crate::source::{FileId, SourceFile};
use crate::syntax::{self, Document};

/// What was read of each file, for the next time that it is asked for with the same text.
///
/// A file is known by its number and its path: the places that its document holds carry the number.
#[derive(Debug, Default)]
pub(super) struct Memory {
    read: HashMap<(FileId, PathBuf), Read>,
    /// How many analyses there were.
    now: u64,
}

#[derive(Debug)]
struct Read {
    text: Arc<str>,
    document: Arc<Document>,
    diagnostics: Diagnostics,
    /// In which analysis it was asked for last.
    used: u64,
}

impl Memory {
    /// The document of `file` and what is wrong with its text, as [`syntax::parse`] says it.
    pub fn parse(&mut self, file: &SourceFile) -> (Arc<Document>, Diagnostics) {
        let key = (file.id(), file.path().to_owned());
        if let Some(read) = self.read.get_mut(&key).filter(|read| read.text == *file.text()) {
            read.used = self.now;
            return (read.document.clone(), read.diagnostics.clone());
        }
        let (document, diagnostics) = syntax::parse(file);
        let read = Read { text: file.text().clone(), document: Arc::new(document), diagnostics, used: self.now };
        let answer = (read.document.clone(), read.diagnostics.clone());
        self.read.insert(key, read);
        answer
    }

    /// An analysis is over: what it did not ask for is forgotten.
    pub fn forget(&mut self) {
        self.read.retain(|_, read| read.used == self.now);
        self.now += 1;
    }
}
