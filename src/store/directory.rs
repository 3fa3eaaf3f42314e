use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Component, Path, PathBuf};

use rustix::fs::{CWD, Mode, OFlags, fchmod, fstat, mkdirat, openat};
use rustix::io::Errno;

/// A directory that only this user may enter, held open: whatever becomes of its path, what is made through it is made in it.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    pub(super) handle: OwnedFd,
}

impl Directory {
    /// The directory at `path`, made where it is not there, with those above it.
    ///
    /// # Errors
    /// Where it cannot be made or opened, is a link, or belongs to another user.
    pub fn at(path: &Path) -> io::Result<Self> {
        use std::os::unix::fs::DirBuilderExt;
        if let Some(above) = path.parent() {
            std::fs::DirBuilder::new().recursive(true).mode(0o700).create(above)?;
        }
        match mkdirat(CWD, path, Mode::RWXU) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
        Directory::existing_at(path)
    }

    /// The directory at `path`, where there is one.
    ///
    /// # Errors
    /// `NotFound`; where it is a link, or belongs to another user.
    pub fn existing_at(path: &Path) -> io::Result<Self> {
        Directory::open(openat(CWD, path, DIRECTORY, Mode::empty())?, path.to_owned())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A directory in it, made where it is not there.
    ///
    /// # Errors
    /// As [`Directory::at`]; `InvalidInput` where `name` is not the name of one file.
    pub fn subdirectory(&self, name: &str) -> io::Result<Self> {
        self.make_subdirectory(name, true)
    }

    /// A directory in it that is not there yet.
    ///
    /// # Errors
    /// As [`Directory::subdirectory`]; `AlreadyExists`.
    pub fn new_subdirectory(&self, name: &str) -> io::Result<Self> {
        self.make_subdirectory(name, false)
    }

    /// A new file in it, to be written, that only this user may read.
    ///
    /// # Errors
    /// `AlreadyExists`, whatever it is that has the name; `InvalidInput` where `name` is not the name of one file.
    pub fn create_file(&self, name: &str) -> io::Result<File> {
        let flags =
            OFlags::WRONLY | OFlags::APPEND | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(openat(&self.handle, one(name)?, flags, Mode::RUSR | Mode::WUSR)?.into())
    }

    /// A file in it, to be written at its end.
    ///
    /// # Errors
    /// `NotFound`; where it is a link; `InvalidInput` where `name` is not the name of one file.
    pub fn append_to_file(&self, name: &str) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(openat(&self.handle, one(name)?, flags, Mode::empty())?.into())
    }

    /// A file in it, to be read.
    ///
    /// # Errors
    /// `NotFound`; where it is a link; `InvalidInput` where `name` is not the name of one file.
    pub fn open_file(&self, name: &str) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        Ok(openat(&self.handle, one(name)?, flags, Mode::empty())?.into())
    }

    /// The directory of this name in it, where there is one.
    ///
    /// # Errors
    /// `NotFound`; where it is a link, or belongs to another user; `InvalidInput` where `name` is not the name of one file.
    pub fn existing(&self, name: &str) -> io::Result<Self> {
        Directory::open(openat(&self.handle, one(name)?, DIRECTORY, Mode::empty())?, self.path.join(name))
    }

    fn make_subdirectory(&self, name: &str, or_take: bool) -> io::Result<Self> {
        match mkdirat(&self.handle, one(name)?, Mode::RWXU) {
            Err(Errno::EXIST) if or_take => {}
            made => made?,
        }
        self.existing(name)
    }

    fn open(handle: OwnedFd, path: PathBuf) -> io::Result<Self> {
        let found = fstat(&handle)?;
        if found.st_uid != rustix::process::geteuid().as_raw() {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it belongs to another user"));
        }
        if Mode::from_raw_mode(found.st_mode).intersects(Mode::RWXG | Mode::RWXO) {
            fchmod(&handle, Mode::RWXU)?;
        }
        Ok(Directory { path, handle })
    }
}

const DIRECTORY: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// The name of one file: nothing that leads elsewhere.
fn one(name: &str) -> io::Result<&OsStr> {
    let mut parts = Path::new(name).components();
    match (parts.next(), parts.next()) {
        (Some(Component::Normal(part)), None) if part.len() == name.len() && !name.contains('\0') => Ok(part),
        _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not the name of one file")),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777
    }

    #[test]
    fn what_is_kept_is_for_its_owner_alone() {
        let place = tempfile::tempdir().expect("a place");
        let path = place.path().join("a/b");
        let directory = Directory::at(&path).expect("it can be made");
        directory.create_file("f").expect("a new one").write_all(b"x").expect("it can be written");
        let below = directory.subdirectory("logs").expect("it can be made");
        assert_eq!((mode(&path), mode(&path.join("f")), mode(below.path())), (0o700, 0o600, 0o700));
        let mut text = String::new();
        directory.append_to_file("f").expect("it is there").write_all(b"y").expect("it can be written");
        directory.open_file("f").expect("it is there").read_to_string(&mut text).expect("it can be read");
        assert_eq!(text, "xy");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
        Directory::at(&path).expect("it is ours");
        assert_eq!(mode(&path), 0o700, "what stood open is closed");
    }

    #[test]
    fn links_are_never_followed() {
        let place = tempfile::tempdir().expect("a place");
        let (real, link) = (place.path().join("real"), place.path().join("link"));
        std::fs::create_dir(&real).expect("a directory");
        symlink(&real, &link).expect("a link");
        assert!(Directory::at(&link).is_err());
        let directory = Directory::at(&real).expect("it is no link");
        std::fs::write(place.path().join("theirs"), "theirs").expect("a file");
        symlink("../theirs", real.join("f")).expect("a link");
        symlink("..", real.join("d")).expect("a link");
        assert!(directory.create_file("f").is_err() && directory.append_to_file("f").is_err());
        assert!(directory.open_file("f").is_err() && directory.subdirectory("d").is_err());
        assert_eq!(std::fs::read_to_string(place.path().join("theirs")).expect("it is there"), "theirs");
    }

    #[test]
    fn names_lead_nowhere_else() {
        let place = tempfile::tempdir().expect("a place");
        let directory = Directory::at(&place.path().join("d")).expect("it can be made");
        for name in ["", ".", "..", "a/b", "/a", "a/", "./a", "a\0"] {
            let refused = directory.create_file(name).expect_err(name);
            assert_eq!(refused.kind(), io::ErrorKind::InvalidInput, "{name}");
        }
        // A directory that was moved away is still the one that was opened.
        std::fs::rename(place.path().join("d"), place.path().join("e")).expect("it can be moved");
        directory.create_file("f").expect("a new one");
        assert!(place.path().join("e/f").exists());
    }
}
