use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::source::{EntryKind, Workspace};

/// The most that analysis reads of one file.
pub const MOST: u64 = 4 << 20;

/// The most names of a directory that are looked at.
const MOST_NAMES: usize = 10_000;

/// The real file system, seen from the pipeline's directory.
#[derive(Debug, Clone)]
pub struct Disk {
    root: PathBuf,
}

impl Disk {
    /// Relative paths start at `root`, which is absolute.
    pub fn new(root: PathBuf) -> Self {
        Disk { root }
    }

    /// Where relative paths start.
    pub fn root(&self) -> &Path {
        &self.root
    }
}

impl Workspace for Disk {
    fn kind(&self, path: &Path) -> Option<EntryKind> {
        let kind = std::fs::metadata(self.root.join(path)).ok()?.file_type();
        Some(if kind.is_file() {
            EntryKind::File
        } else if kind.is_dir() {
            EntryKind::Directory
        } else {
            EntryKind::Other
        })
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        read_bounded(&self.root.join(path))
    }

    #[cfg(unix)]
    fn mode(&self, path: &Path) -> Option<u32> {
        use std::os::unix::fs::MetadataExt;
        Some(std::fs::metadata(self.root.join(path)).ok()?.mode())
    }

    fn names(&self, path: &Path) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.root.join(path)) else { return Vec::new() };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<String> = names.take(MOST_NAMES).collect();
        names.sort_unstable();
        names
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        // Lexical, so that a path that is not there yet has a name too.
        self.root.join(path).components().collect()
    }
}

/// The whole of a file, or of what a pipe or device gives; an error where it is a directory, or larger than [`MOST`].
pub fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let file = std::fs::File::open(path)?;
    let kind = file.metadata()?;
    if kind.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"));
    }
    let mut bytes = Vec::new();
    file.take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 4 MiB"));
    }
    Ok(bytes)
}
