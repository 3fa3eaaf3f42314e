use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::diagnostic::{Diagnostic, codes::command};

/// Puts `after` in the place of `before`, in one step, with the mode that the file has. A file that does not hold `before` any more stays
/// as it is: somebody else is at work on it.
pub fn save(path: &Path, before: &str, after: &str) -> Result<(), Box<Diagnostic>> {
    let told = |error: io::Error| {
        let diagnostic = Diagnostic::new(command::UNWRITABLE_FILE, format!("`{}` cannot be written", path.display()))
            .note(error.to_string())
            .help("see that you may write to the file and its directory; `--diff` shows what would change");
        Box::new(diagnostic)
    };
    // A link stays a link: what it leads to is replaced.
    let path = fs::canonicalize(path).map_err(told)?;
    if fs::read(&path).map_err(told)? != before.as_bytes() {
        let message = format!("`{}` has changed meanwhile", path.display());
        let diagnostic = Diagnostic::new(command::CHANGED_FILE, message).help("do it again");
        return Err(Box::new(diagnostic));
    }
    replace(&path, after).map_err(told)
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    let metadata = fs::metadata(path)?;
    if metadata.permissions().readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only"));
    }
    let directory = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(metadata.permissions())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        // Only who runs as root can keep another's file theirs.
        let _ = fchown(file.as_file(), Some(metadata.uid()), Some(metadata.gid()));
    }
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_changed_meanwhile_stays() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("p.kdl");
        fs::write(&path, "theirs").expect("it can be written");
        let told = save(&path, "ours", "mended").expect_err("it is another text");
        assert_eq!(told.code, command::CHANGED_FILE);
        assert_eq!(fs::read_to_string(&path).expect("it is there"), "theirs");
    }

    #[cfg(unix)]
    #[test]
    fn mode_and_link_are_kept() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let directory = tempfile::tempdir().expect("a directory");
        let (path, link) = (directory.path().join("p.kdl"), directory.path().join("link.kdl"));
        fs::write(&path, "a").expect("it can be written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("it is ours");
        symlink("p.kdl", &link).expect("a link");
        save(&link, "a", "b").expect("it holds what was read");
        assert_eq!(fs::read_to_string(&path).expect("it is there"), "b");
        assert_eq!(fs::metadata(&path).expect("it is there").permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).expect("it is there").is_symlink());
        assert_eq!(fs::read_dir(directory.path()).expect("a directory").count(), 2, "nothing else is left");
    }
}
