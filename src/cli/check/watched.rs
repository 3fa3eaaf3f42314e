use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// What tells that a file is another one: when it was written, its length, and which file it is; `None` where nothing is there.
type Mark = Option<(SystemTime, u64, u64)>;

/// Files that were looked at, each with what it was like right before: a change after that moment is never missed.
#[derive(Debug, Default)]
pub struct Watched {
    marks: BTreeMap<PathBuf, Mark>,
}

impl Watched {
    /// Notes a file that is about to be looked at, by its absolute path. What was noted first counts.
    pub fn note(&mut self, path: PathBuf) {
        if let Entry::Vacant(place) = self.marks.entry(path) {
            let mark = mark(place.key());
            place.insert(mark);
        }
    }

    /// Takes in what others have noted.
    pub fn extend(&mut self, others: Watched) {
        for (path, mark) in others.marks {
            self.marks.entry(path).or_insert(mark);
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.marks.len()
    }

    /// The first of them that is another one now.
    pub fn changed(&self) -> Option<&Path> {
        self.marks.iter().find(|(path, known)| mark(path) != **known).map(|(path, _)| path.as_path())
    }
}

/// What a file is like now.
pub fn mark(path: &Path) -> Mark {
    let metadata = std::fs::metadata(path).ok()?;
    if metadata.is_dir() {
        // That it is there counts; files come and go in it.
        return Some((UNIX_EPOCH, 0, 0));
    }
    #[cfg(unix)]
    let inode = std::os::unix::fs::MetadataExt::ino(&metadata);
    #[cfg(not(unix))]
    let inode = 0;
    Some((metadata.modified().unwrap_or(UNIX_EPOCH), metadata.len(), inode))
}
