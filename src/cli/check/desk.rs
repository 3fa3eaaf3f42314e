use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::watched::Watched;
use crate::cli::disk::Disk;
use crate::source::{EntryKind, Workspace};

/// The disk, seen from a pipeline's directory, with changes that are not written yet; it can remember what it was asked for.
#[derive(Debug)]
pub struct Desk {
    disk: Disk,
    drafts: HashMap<PathBuf, Vec<u8>>,
    /// Only kept where somebody waits for changes.
    asked: Option<Mutex<Watched>>,
}

impl Desk {
    /// With no change yet. `root` is absolute.
    pub fn new(root: PathBuf, remembers: bool) -> Self {
        Desk { disk: Disk::new(root), drafts: HashMap::new(), asked: remembers.then(Mutex::default) }
    }

    /// Has `text` be what is in a file.
    pub fn draft(&mut self, path: &Path, text: &str) {
        self.drafts.insert(self.disk.absolute(path), text.as_bytes().to_vec());
    }

    /// Every path that analysis looked at, whether or not something is there.
    pub fn asked(self) -> Watched {
        self.asked.and_then(|asked| asked.into_inner().ok()).unwrap_or_default()
    }

    fn note(&self, path: &Path) -> PathBuf {
        let path = self.disk.absolute(path);
        if let Some(Ok(mut asked)) = self.asked.as_ref().map(Mutex::lock) {
            asked.note(path.clone());
        }
        path
    }
}

impl Workspace for Desk {
    fn kind(&self, path: &Path) -> Option<EntryKind> {
        self.note(path);
        self.disk.kind(path)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.drafts.get(&self.note(path)) {
            Some(draft) => Ok(draft.clone()),
            None => self.disk.read(path),
        }
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        self.disk.absolute(path)
    }
}
