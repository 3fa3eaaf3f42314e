use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};

/// What a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A socket, device or pipe.
    Other,
}

/// The file system as analysis sees it. Paths are as written in the pipeline, relative to the pipeline's own directory.
///
/// Analysis reads nothing but through this, so that the command line, the editor and the tests each bring their own.
pub trait Workspace: Send + Sync {
    /// What `path` names, links followed; `None` where nothing is there.
    fn kind(&self, path: &Path) -> Option<EntryKind>;
    /// The whole of a regular file of at most 4 MiB.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// `path` as the engine needs it: absolute, from the pipeline's own directory.
    fn absolute(&self, path: &Path) -> PathBuf;
    /// The mode of what `path` names, as POSIX has it; `None` where that is not known.
    fn mode(&self, path: &Path) -> Option<u32> {
        let _ = path;
        None
    }
    /// The names of what lies in the directory `path`, in their order; none where that is not known.
    fn names(&self, path: &Path) -> Vec<String> {
        let _ = path;
        Vec::new()
    }
}

/// A workspace in memory, for tests.
#[derive(Debug, Clone, Default)]
pub struct MemoryWorkspace {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl MemoryWorkspace {
    /// With one more file.
    pub fn with(mut self, path: impl AsRef<Path>, contents: impl Into<Vec<u8>>) -> Self {
        self.files.insert(normal(path.as_ref()), contents.into());
        self
    }
}

impl Workspace for MemoryWorkspace {
    fn kind(&self, path: &Path) -> Option<EntryKind> {
        let path = normal(path);
        if self.files.contains_key(&path) {
            Some(EntryKind::File)
        } else if path.as_os_str().is_empty() || self.files.keys().any(|file| file.starts_with(&path)) {
            Some(EntryKind::Directory)
        } else {
            None
        }
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files.get(&normal(path)).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn names(&self, path: &Path) -> Vec<String> {
        let directory = normal(path);
        let inner = self.files.keys().filter_map(|file| file.strip_prefix(&directory).ok()?.components().next());
        let mut names: Vec<String> = inner.map(|name| name.as_os_str().to_string_lossy().into_owned()).collect();
        names.dedup();
        names
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        Path::new("/workspace").join(normal(path))
    }
}

/// `path` without `.`, and without `..` where it can be told what that is. Links are not looked at.
pub fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}
