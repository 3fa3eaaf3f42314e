use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use super::Directory;

/// The directory of a home that runs have theirs in.
const RUNS: &str = "runs";

/// Where a run keeps what is to outlive it. It is locked as long as this value lives, and not a moment longer than its process.
#[derive(Debug)]
pub struct RunDirectory {
    directory: Directory,
}

impl RunDirectory {
    /// Makes the directory of a run that begins, in the first of `homes` that can be written to.
    ///
    /// # Errors
    /// Why the last of them could not, where none can. No run is held up for that.
    pub fn create(homes: &[PathBuf], run: &str) -> io::Result<Self> {
        let mut last = io::Error::new(io::ErrorKind::NotFound, "there is no place to keep things");
        for home in homes {
            match RunDirectory::create_in(home, run) {
                Ok(made) => return Ok(made),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn create_in(home: &Path, run: &str) -> io::Result<Self> {
        let directory = Directory::at(home)?.subdirectory(RUNS)?.new_subdirectory(run)?;
        flock(&directory.handle, FlockOperation::NonBlockingLockExclusive)?;
        // A full disk lets directories be made, and no file be written.
        std::io::Write::write_all(&mut directory.create_file("run")?, run.as_bytes())?;
        Ok(RunDirectory { directory })
    }

    /// The directory, to make files in.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    fn is_locked(path: &Path) -> bool {
        let again = File::open(path).expect("it is there");
        flock(&again, FlockOperation::NonBlockingLockShared).is_err()
    }

    #[test]
    fn a_run_s_directory_is_locked_while_the_run_lives() {
        let home = tempfile::tempdir().expect("a place");
        let run = RunDirectory::create(&[home.path().to_owned()], "r1").expect("it can be made");
        let path = home.path().join("runs/r1");
        assert_eq!(run.path(), path);
        assert!(is_locked(&path));
        drop(run);
        assert!(!is_locked(&path));
        assert!(RunDirectory::create(&[home.path().to_owned()], "r1").is_err(), "no run takes that of another");
    }

    #[test]
    fn the_first_home_that_can_be_written_to_is_taken() {
        let place = tempfile::tempdir().expect("a place");
        std::fs::write(place.path().join("file"), "").expect("a file");
        let homes = [place.path().join("file/below"), place.path().join("second")];
        let run = RunDirectory::create(&homes, "r1").expect("the second will do");
        assert_eq!(run.path(), place.path().join("second/runs/r1"));
        assert!(RunDirectory::create(&homes[..1], "r1").is_err());
        assert!(RunDirectory::create(&[], "r1").is_err());
    }
}
