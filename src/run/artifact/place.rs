use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Moves what was unpacked to its place and answers the files there. A file takes the place of a file; a directory's entries
/// are added to those that are there. Nothing is written through a link below the place.
pub(super) fn place(unpacked: &Path, destination: &Path) -> io::Result<Vec<PathBuf>> {
    let mut placed = Vec::new();
    let mut pending = vec![(unpacked.to_owned(), destination.to_owned())];
    while let Some((from, to)) = pending.pop() {
        if !fs::symlink_metadata(&from)?.is_dir() {
            move_file(&from, &to)?;
            placed.push(to);
            continue;
        }
        match fs::symlink_metadata(&to) {
            Ok(there) if there.is_dir() => {}
            // The place itself may be a link of the author's own.
            Ok(_) if to == destination && fs::metadata(&to)?.is_dir() => {}
            Ok(_) => return Err(in_the_way(&to, "is there and is no directory")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => fs::create_dir(&to)?,
            Err(error) => return Err(error),
        }
        for entry in fs::read_dir(&from)? {
            let name = entry?.file_name();
            pending.push((from.join(&name), to.join(&name)));
        }
    }
    placed.sort();
    Ok(placed)
}

fn move_file(from: &Path, to: &Path) -> io::Result<()> {
    if fs::symlink_metadata(to).is_ok_and(|there| there.is_dir()) {
        return Err(in_the_way(to, "is a directory"));
    }
    // A rename replaces a link; it does not follow it.
    fs::rename(from, to)
}

fn in_the_way(path: &Path, what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::AlreadyExists, format!("`{}` {what}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_merged_and_files_are_replaced() {
        let home = tempfile::tempdir().expect("a place");
        let (from, to) = (home.path().join("from"), home.path().join("to"));
        fs::create_dir_all(from.join("sub")).expect("is made");
        fs::write(from.join("sub/new"), "new").expect("is written");
        fs::create_dir_all(to.join("sub")).expect("is made");
        fs::write(to.join("sub/new"), "old").expect("is written");
        fs::write(to.join("mine"), "mine").expect("is written");
        assert_eq!(place(&from, &to).expect("is fine"), [to.join("sub/new")]);
        assert_eq!(fs::read_to_string(to.join("sub/new")).expect("is there"), "new");
        assert_eq!(fs::read_to_string(to.join("mine")).expect("is there"), "mine");
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link_below_the_place() {
        let home = tempfile::tempdir().expect("a place");
        let (from, to, outside) = (home.path().join("from"), home.path().join("to"), home.path().join("outside"));
        fs::create_dir_all(from.join("sub")).expect("is made");
        fs::write(from.join("sub/file"), "x").expect("is written");
        fs::create_dir_all(&to).expect("is made");
        fs::create_dir_all(&outside).expect("is made");
        std::os::unix::fs::symlink(&outside, to.join("sub")).expect("is made");
        assert!(place(&from, &to).is_err());
        assert!(!outside.join("file").exists());
    }
}
