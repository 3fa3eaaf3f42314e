use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::workspace::normal;
use super::{FileId, SourceFile, Span};

/// The files that an analysis has read, in order of reading; the first is the pipeline itself.
#[derive(Debug, Clone, Default)]
pub struct Files {
    files: Vec<Arc<SourceFile>>,
    by_place: HashMap<PathBuf, FileId>,
}

impl Files {
    /// The files of one pipeline that consists of `text`, shown as `path`.
    pub fn single(path: impl AsRef<Path>, text: &str) -> Self {
        let mut files = Files::default();
        files.add(path, text);
        files
    }

    /// Takes the pipeline's own file in and gives it its identity; its directory is where all paths start.
    pub fn add(&mut self, path: impl AsRef<Path>, text: &str) -> Arc<SourceFile> {
        let path = path.as_ref();
        let place = path.file_name().map(PathBuf::from).unwrap_or_default();
        self.insert(path, place, text)
    }

    /// Takes in a file that the pipeline led to: `place` is its path from the pipeline's own directory. It is shown under the
    /// directory that the pipeline is shown in.
    pub fn add_at(&mut self, place: &Path, text: &str) -> Arc<SourceFile> {
        let place = normal(place);
        let shown = self.root().path().parent().unwrap_or(Path::new("")).join(&place);
        self.insert(&shown, place, text)
    }

    fn insert(&mut self, path: &Path, place: PathBuf, text: &str) -> Arc<SourceFile> {
        let id = FileId(u32::try_from(self.files.len()).expect("an analysis has few files"));
        let file = Arc::new(SourceFile::new(id, path, text).at(place.clone()));
        self.files.push(file.clone());
        self.by_place.entry(place).or_insert(id);
        file
    }

    /// Takes in all files of another analysis; answers which of these each of those is, in their order. What has been read as the
    /// same path with the same text is one file.
    pub fn adopt(&mut self, others: &Files) -> Vec<FileId> {
        let mut known: HashMap<PathBuf, FileId> =
            self.files.iter().map(|file| (file.path().to_owned(), file.id())).collect();
        let mut ids = Vec::with_capacity(others.files.len());
        for file in &others.files {
            let same = known.get(file.path()).filter(|id| self.get(**id).text() == file.text());
            let id = same.copied().unwrap_or(FileId(u32::try_from(self.files.len()).expect("there are few files")));
            if self.files.len() == id.0 as usize {
                self.files.push(Arc::new(file.renumbered(id)));
                known.insert(file.path().to_owned(), id);
            }
            ids.push(id);
        }
        ids
    }

    /// Has `file` stand where one of the same number stood.
    pub fn replace(&mut self, file: SourceFile) {
        let at = file.id().0 as usize;
        self.files[at] = Arc::new(file);
    }

    /// The same files as they are to be shown, each with the text that `show` makes of its own; spans lead where they led, as long as
    /// that text has as many bytes. Files whose text stays are not copied.
    pub fn shown(&self, show: impl Fn(&str) -> String) -> Files {
        let file = |file: &Arc<SourceFile>| match show(file.text()) {
            text if text == **file.text() => file.clone(),
            text => Arc::new(SourceFile::new(file.id(), file.path(), text).at(file.place().to_owned())),
        };
        Files { files: self.files.iter().map(file).collect(), by_place: self.by_place.clone() }
    }

    /// The pipeline's own file.
    pub fn root(&self) -> &Arc<SourceFile> {
        &self.files[0]
    }

    /// The file that `id` names.
    pub fn get(&self, id: FileId) -> &Arc<SourceFile> {
        &self.files[id.0 as usize]
    }

    /// The file that was read at `place`, a path from the pipeline's own directory.
    pub fn find(&self, place: &Path) -> Option<&Arc<SourceFile>> {
        self.by_place.get(&normal(place)).map(|id| self.get(*id))
    }

    /// Each file, in the order of reading.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<SourceFile>> {
        self.files.iter()
    }

    /// The text under `span`.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.file).slice(span)
    }

    /// The path from the pipeline's own directory of what `path` names in the file that holds `span`: paths are relative to the
    /// directory of the file that they stand in. Absolute ones, and those in the pipeline's own file, stay as they are written.
    pub fn place(&self, span: Span, path: impl AsRef<Path>) -> PathBuf {
        let directory = self.get(span.file).directory();
        if directory.as_os_str().is_empty() { path.as_ref().to_owned() } else { normal(&directory.join(path)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_starts_where_its_file_lies() {
        let mut files = Files::single("project/pipeline.kdl", "");
        let inner = files.add_at(Path::new("./ci/../ci/db.kdl"), "x");
        assert_eq!(inner.path(), Path::new("project/ci/db.kdl"));
        assert_eq!(files.find(Path::new("ci/./db.kdl")).map(|file| file.id()), Some(inner.id()));
        let (root, inner) = (files.root().span(0, 0), inner.span(0, 0));
        assert_eq!(files.place(root, "./a"), Path::new("./a"));
        assert_eq!(files.place(inner, "./a"), Path::new("ci/a"));
        assert_eq!(files.place(inner, "../a"), Path::new("a"));
        assert_eq!(files.place(inner, "/a"), Path::new("/a"));
    }
}
