use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Component, Path};

use rustix::fs::{CWD, Mode, OFlags, mkdirat, openat};
use rustix::io::Errno;

/// How a directory is opened.
const DIRECTORY: OFlags = OFlags::DIRECTORY.union(OFlags::RDONLY).union(OFlags::CLOEXEC);

/// A directory that paths are resolved beneath: whatever stands there, now or by the time that it is looked at, no path leads out of it
/// and none through a link.
#[derive(Debug)]
pub(super) struct Beneath {
    directory: OwnedFd,
}

impl Beneath {
    /// Beneath the directory at `path`, whose own links are followed.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Ok(Beneath { directory: openat(CWD, path, DIRECTORY, Mode::empty())? })
    }

    /// Beneath a directory that stands beneath this one.
    pub(super) fn directory(&self, path: &Path) -> io::Result<Self> {
        Ok(Beneath { directory: resolve(self.as_fd(), path, DIRECTORY, Mode::empty())? })
    }

    /// The same; makes it, and those that it stands in, where it is not there.
    pub(super) fn make(&self, path: &Path) -> io::Result<Self> {
        match self.directory(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            answer => return answer,
        }
        let (parent, name) = self.parent(path)?;
        match mkdirat(&parent.directory, name, Mode::from_raw_mode(0o777)) {
            Ok(()) | Err(Errno::EXIST) => parent.directory(Path::new(name)),
            Err(error) => Err(error.into()),
        }
    }

    /// A new file of its own, whose directory is there; that there is anything of this name already is an error.
    pub(super) fn create(&self, path: &Path, mode: u32) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        Ok(resolve(self.as_fd(), path, flags, Mode::from_raw_mode(mode))?.into())
    }

    fn parent<'p>(&self, path: &'p Path) -> io::Result<(Beneath, &'p Path)> {
        let name = path.file_name().ok_or(Errno::INVAL)?;
        let parent = match path.parent() {
            Some(parent) if parent != Path::new("") => self.make(parent)?,
            _ => Beneath { directory: self.directory.try_clone()? },
        };
        Ok((parent, Path::new(name)))
    }
}

impl AsFd for Beneath {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.directory.as_fd()
    }
}

/// Opens a path beneath a directory: by the kernel where it knows how to (Linux 5.6), else component by component.
fn resolve(directory: BorrowedFd<'_>, path: &Path, flags: OFlags, mode: Mode) -> io::Result<OwnedFd> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{ResolveFlags, openat2};
        let beneath = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
        loop {
            match openat2(directory, path, flags, mode, beneath) {
                // Old kernels do not know it, old sandboxes forbid it.
                Err(Errno::NOSYS | Errno::PERM) => break,
                // Something on the way was moved meanwhile.
                Err(Errno::AGAIN | Errno::INTR) => {}
                answer => return Ok(answer?),
            }
        }
    }
    step_by_step(directory, path, flags, mode)
}

fn step_by_step(directory: BorrowedFd<'_>, path: &Path, flags: OFlags, mode: Mode) -> io::Result<OwnedFd> {
    let mut opened: Option<OwnedFd> = None;
    let mut left = path.components().peekable();
    while let Some(component) = left.next() {
        let Component::Normal(name) = component else { return Err(Errno::XDEV.into()) };
        let from = opened.as_ref().map_or(directory, OwnedFd::as_fd);
        let last = left.peek().is_none();
        let flags = OFlags::NOFOLLOW | if last { flags } else { DIRECTORY };
        opened = Some(openat(from, name, flags, if last { mode } else { Mode::empty() })?);
    }
    opened.ok_or_else(|| Errno::NOENT.into())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    type Resolve = fn(BorrowedFd<'_>, &Path, OFlags, Mode) -> io::Result<OwnedFd>;

    /// Both ways to resolve keep the same promise.
    #[test]
    fn no_path_leads_out_and_none_through_a_link() {
        let home = tempfile::tempdir().expect("a place");
        let inner = home.path().join("inner");
        fs::create_dir_all(inner.join("real")).expect("is made");
        fs::create_dir(home.path().join("inner2")).expect("is made");
        for (link, to) in [("out", ".."), ("absolute", "/tmp"), ("within", "real"), ("magic", "/proc/self/root")] {
            symlink(to, inner.join(link)).expect("is made");
        }
        symlink("real/file", inner.join("dangling")).expect("is made");
        let directory = Beneath::open(&inner).expect("it is there");
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::CLOEXEC;
        for (way, resolve) in [("kernel", resolve as Resolve), ("steps", step_by_step as Resolve)] {
            let open = |path: &str| resolve(directory.as_fd(), Path::new(path), flags, Mode::from_raw_mode(0o600));
            for path in
                ["out/x", "absolute/x", "within/x", "magic/tmp/x", "dangling", "../inner2/x", "/tmp/x", "real/../../x"]
            {
                assert!(open(path).is_err(), "{path} by {way}");
            }
            open("real/x").unwrap_or_else(|error| panic!("a plain path by {way}: {error}"));
        }
        assert!(!inner.join("real/file").exists() && !home.path().join("x").exists());
    }

    #[test]
    fn directories_are_made_on_the_way() {
        let home = tempfile::tempdir().expect("a place");
        let directory = Beneath::open(home.path()).expect("it is there");
        directory.make(Path::new("a/b/c")).expect("they are made");
        assert!(home.path().join("a/b/c").is_dir());
        assert!(directory.create(Path::new("a/b/c"), 0o600).is_err(), "it is there");
        assert!(directory.make(Path::new("../d")).is_err());
    }
}
