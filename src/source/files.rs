use std::path::Path;
use std::sync::Arc;

use super::{FileId, SourceFile, Span};

/// The files that an analysis has read, in order of reading; the first is the pipeline itself.
#[derive(Debug, Clone, Default)]
pub struct Files {
    files: Vec<Arc<SourceFile>>,
}

impl Files {
    /// The files of one pipeline that consists of `text`, shown as `path`.
    pub fn single(path: impl AsRef<Path>, text: &str) -> Self {
        let mut files = Files::default();
        files.add(path, text);
        files
    }

    /// Takes a file in and gives it its identity.
    pub fn add(&mut self, path: impl AsRef<Path>, text: &str) -> Arc<SourceFile> {
        let id = FileId(u32::try_from(self.files.len()).expect("an analysis has few files"));
        let file = Arc::new(SourceFile::new(id, path.as_ref(), text));
        self.files.push(file.clone());
        file
    }

    /// The pipeline's own file.
    pub fn root(&self) -> &Arc<SourceFile> {
        &self.files[0]
    }

    /// The file that `id` names.
    pub fn get(&self, id: FileId) -> &Arc<SourceFile> {
        &self.files[id.0 as usize]
    }

    /// The file that was read as `path`, as its reader gave it.
    pub fn find(&self, path: &Path) -> Option<&Arc<SourceFile>> {
        self.files.iter().find(|file| file.path() == path)
    }

    /// Each file, in the order of reading.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<SourceFile>> {
        self.files.iter()
    }

    /// The text under `span`.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.file).slice(span)
    }
}
