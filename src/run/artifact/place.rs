use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, Dir, FileType, renameat, statat};
use rustix::io::Errno;

use super::beneath::Beneath;

/// Moves what was unpacked as `name` in the directory `from` to its place. A file takes the place of a file; a directory goes whole
/// where nothing is there, else its entries are added to those that are. Nothing is written through a link below the place.
pub(super) fn place(from: &Path, name: &str, destination: &Path) -> io::Result<()> {
    let from = Beneath::open(from)?;
    let (Some(parent), Some(last)) = (destination.parent(), destination.file_name()) else {
        // The root of this machine, or a path that ends in `..`.
        return Err(in_the_way(destination, "is no place for an artifact"));
    };
    let is_directory = kind(&from, OsStr::new(name))? == Some(FileType::Directory);
    // The place itself may be a link of the author's own, as its directory may.
    match fs::metadata(destination) {
        Ok(there) if there.is_dir() && is_directory => {
            merge(&from.directory(Path::new(name))?, &Beneath::open(destination)?, destination)
        }
        _ => put(&from, OsStr::new(name), &Beneath::open(parent)?, last, destination),
    }
}

fn merge(from: &Beneath, to: &Beneath, shown: &Path) -> io::Result<()> {
    for entry in Dir::read_from(from)? {
        let entry = entry?;
        let name = OsStr::from_bytes(entry.file_name().to_bytes());
        if name != "." && name != ".." {
            put(from, name, to, name, &shown.join(name))?;
        }
    }
    Ok(())
}

/// Moves an entry. A rename replaces a link; it does not follow it.
fn put(from: &Beneath, name: &OsStr, to: &Beneath, new: &OsStr, shown: &Path) -> io::Result<()> {
    let is_directory = kind(from, name)? == Some(FileType::Directory);
    loop {
        match (is_directory, kind(to, new)?) {
            (true, Some(FileType::Directory)) => {
                return merge(&from.directory(Path::new(name))?, &to.directory(Path::new(new))?, shown);
            }
            (true, Some(_)) => return Err(in_the_way(shown, "is there and is no directory")),
            (false, Some(FileType::Directory)) => return Err(in_the_way(shown, "is a directory")),
            _ => match renameat(from, name, to, new) {
                // Another artifact of this run has made the directory meanwhile.
                Err(Errno::EXIST | Errno::NOTEMPTY) if is_directory => {}
                answer => return Ok(answer?),
            },
        }
    }
}

/// What stands there; links are not followed.
fn kind(directory: &Beneath, name: &OsStr) -> io::Result<Option<FileType>> {
    match statat(directory, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(found) => Ok(Some(FileType::from_raw_mode(found.st_mode))),
        Err(Errno::NOENT) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn in_the_way(path: &Path, what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::AlreadyExists, format!("`{}` {what}", path.display()))
}

/// Where the files of an artifact stand once it has its place, sorted.
pub(super) fn placed(files: Vec<PathBuf>, destination: &Path) -> Vec<PathBuf> {
    let whole = |path: PathBuf| if path == Path::new("") { destination.to_owned() } else { destination.join(path) };
    let mut files: Vec<PathBuf> = files.into_iter().map(whole).collect();
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// A directory with what was unpacked, and the place that it goes to.
    fn scene(files: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf, PathBuf) {
        let home = tempfile::tempdir().expect("a place");
        let (from, to) = (home.path().join("from"), home.path().join("to"));
        for (name, text) in files {
            let path = home.path().join(name);
            fs::create_dir_all(path.parent().expect("it is below")).expect("is made");
            fs::write(path, text).expect("is written");
        }
        (home, from, to)
    }

    #[test]
    fn a_directory_is_merged_and_files_are_replaced() {
        let (_home, from, to) = scene(&[
            ("from/content/sub/new", "new"),
            ("from/content/more/x", "x"),
            ("to/sub/new", "old"),
            ("to/mine", "m"),
        ]);
        place(&from, "content", &to).expect("is fine");
        for (name, text) in [("sub/new", "new"), ("more/x", "x"), ("mine", "m")] {
            assert_eq!(fs::read_to_string(to.join(name)).expect("is there"), text);
        }
    }

    #[test]
    fn what_is_new_is_moved_in_one_step() {
        let (home, from, to) = scene(&[("from/content/a", "a")]);
        place(&from, "content", &to).expect("is fine");
        assert_eq!(fs::read_to_string(to.join("a")).expect("is there"), "a");
        let (_other, from, _) = scene(&[("from/content", "file")]);
        assert!(place(&from, "content", &to).is_err(), "a file does not replace a directory");
        place(&from, "content", &home.path().join("file")).expect("is fine");
        assert_eq!(fs::read_to_string(home.path().join("file")).expect("is there"), "file");
    }

    #[test]
    fn nothing_is_written_through_a_link_below_the_place() {
        let (home, from, to) = scene(&[("from/content/sub/file", "x"), ("to/mine", "m"), ("outside/mine", "m")]);
        symlink(home.path().join("outside"), to.join("sub")).expect("is made");
        assert!(place(&from, "content", &to).is_err());
        assert!(!home.path().join("outside/file").exists());
    }

    #[test]
    fn the_place_may_be_a_link_of_the_authors_own() {
        let (home, from, to) = scene(&[("from/content/file", "x"), ("scratch/mine", "m")]);
        symlink("scratch", &to).expect("is made");
        place(&from, "content", &to).expect("is fine");
        assert_eq!(fs::read_to_string(home.path().join("scratch/file")).expect("is there"), "x");
    }
}
