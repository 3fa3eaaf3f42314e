use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

/// What stands between the name of a destination and the run's id.
const MARK: &str = ".tmp-";

/// The directory beside a destination that an artifact is unpacked in before it takes its place: `DESTINATION.tmp-RUN`. It goes with
/// this value; what a pipe that was killed has left is known by nobody holding its lock, and is removed by the next.
#[derive(Debug)]
pub(super) struct Staging {
    path: PathBuf,
    /// Holds the lock.
    _handle: fs::File,
}

impl Staging {
    /// Beside `destination`, whose directory is made where it is not there.
    pub(super) fn beside(destination: &Path, run: &str) -> io::Result<Self> {
        let name = destination.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let parent = destination.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(parent)?;
        remove_dead(parent, name, run);
        for number in 1.. {
            let mut own = name.to_owned();
            own.push(MARK);
            own.push(run);
            // Other artifacts of the run may be on their way to the same place.
            if number > 1 {
                own.push(format!("-{number}"));
            }
            let path = parent.join(own);
            match fs::DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(error),
            }
            let Ok(handle) = fs::File::open(&path) else { continue };
            // Whoever removes what the dead have left may have come before the lock.
            let is_ours = flock(&handle, FlockOperation::NonBlockingLockExclusive).is_ok()
                && fs::metadata(&path).is_ok_and(|there| handle.metadata().is_ok_and(|own| own.ino() == there.ino()));
            if is_ours {
                return Ok(Staging { path, _handle: handle });
            }
        }
        unreachable!("numbers do not end")
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // What cannot be removed is removed by the next run that comes here.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Removes what dead runs have left for the same destination.
fn remove_dead(parent: &Path, name: &OsStr, run: &str) {
    let mut start = OsString::from(name);
    start.push(MARK);
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let of = name.as_bytes().strip_prefix(start.as_bytes());
        let is_others = of.is_some_and(|of| !of.starts_with(run.as_bytes()));
        if !is_others || !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        let Ok(handle) = fs::File::open(entry.path()) else { continue };
        if flock(&handle, FlockOperation::NonBlockingLockExclusive).is_ok() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_and_takes_along_what_the_dead_have_left() {
        let home = tempfile::tempdir().expect("a place");
        let destination = home.path().join("sub/reports");
        fs::create_dir_all(home.path().join("sub/reports.tmp-rdead/content")).expect("is made");
        fs::create_dir_all(home.path().join("sub/reports2")).expect("is made");
        let other = Staging::beside(&destination, "rother").expect("is made");
        let own = Staging::beside(&destination, "rown").expect("is made");
        fs::write(own.path().join("half"), "x").expect("is written");
        assert!(other.path().exists(), "its run lives");
        assert!(!home.path().join("sub/reports.tmp-rdead").exists());
        let second = Staging::beside(&destination, "rown").expect("is made");
        assert_ne!(own.path(), second.path());
        drop((own, other, second));
        let left: Vec<_> = fs::read_dir(home.path().join("sub")).expect("is there").flatten().collect();
        assert_eq!(left.len(), 1, "{left:?}");
    }
}
