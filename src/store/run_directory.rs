use std::io;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};

use super::{Begun, Directory, Journal, Story};

/// The directory of a home that runs have theirs in.
pub(super) const RUNS: &str = "runs";

/// Where a run keeps what is to outlive it. It is locked as long as this value lives, and not a moment longer than its process.
#[derive(Debug)]
pub struct RunDirectory {
    directory: Directory,
    journal: Journal,
}

/// What is known of a run by its directory.
#[derive(Debug)]
pub struct Remembered {
    /// Somebody works on it, or cleans up behind it.
    pub alive: bool,
    /// What its journal says.
    pub story: Story,
}

impl RunDirectory {
    /// Makes the directory of a run that begins, in the first of `homes` that can be written to.
    ///
    /// # Errors
    /// Why the last of them could not, where none can. No run is held up for that.
    pub fn create(homes: &[PathBuf], begun: &Begun) -> io::Result<Self> {
        let mut last = io::Error::new(io::ErrorKind::NotFound, "there is no place to keep things");
        for home in homes {
            match RunDirectory::create_in(home, begun) {
                Ok(made) => return Ok(made),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// The directory at `path`, of a run whose process has died or dies right now.
    ///
    /// # Errors
    /// Where it is gone, or somebody else holds it for longer than a process takes to die.
    pub fn take_over(path: &Path) -> io::Result<(Self, Story)> {
        let directory = Directory::existing_at(path)?;
        let mut tries = 0;
        while let Err(error) = flock(&directory.handle, FlockOperation::NonBlockingLockExclusive) {
            tries += 1;
            if tries > 100 {
                return Err(error.into());
            }
            sleep(Duration::from_millis(10));
        }
        let story = Story::read(&directory);
        let journal = Journal::carry_on(&directory);
        Ok((RunDirectory { directory, journal }, story))
    }

    /// What the homes remember of a run; `None` where they never heard of it.
    pub fn recall(homes: &[PathBuf], run: &str) -> Option<Remembered> {
        homes.iter().find_map(|home| {
            let directory = Directory::existing_at(&home.join(RUNS)).ok()?.existing(run).ok()?;
            Some(Remembered { alive: is_held(&directory), story: Story::read(&directory) })
        })
    }

    /// Where the homes have the directory of a run.
    pub fn path_of(homes: &[PathBuf], run: &str) -> Option<PathBuf> {
        let found = |home: &PathBuf| Directory::existing_at(&home.join(RUNS)).ok()?.existing(run).ok();
        homes.iter().find_map(found).map(|directory| directory.path().to_owned())
    }

    fn create_in(home: &Path, begun: &Begun) -> io::Result<Self> {
        let directory = Directory::at(home)?.subdirectory(RUNS)?.new_subdirectory(&begun.run)?;
        flock(&directory.handle, FlockOperation::NonBlockingLockExclusive)?;
        // A full disk lets directories be made, and no file be written: then this is no home.
        let journal = Journal::begin(&directory, begun)?;
        Ok(RunDirectory { directory, journal })
    }

    /// The directory, to make files in.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// What the run notes.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }
}

/// Whether somebody holds the lock. A file system that knows no locks cannot tell, and says no.
pub(super) fn is_held(directory: &Directory) -> bool {
    flock(&directory.handle, FlockOperation::NonBlockingLockShared) == Err(rustix::io::Errno::WOULDBLOCK)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(run: &str) -> Begun {
        Begun { run: run.to_owned(), ..Begun::default() }
    }

    #[test]
    fn a_run_s_directory_is_locked_while_the_run_lives() {
        let home = tempfile::tempdir().expect("a place");
        let homes = [home.path().join("none"), home.path().to_owned()];
        let run = RunDirectory::create(&homes[1..], &begun("r1")).expect("it can be made");
        assert_eq!(run.path(), home.path().join("runs/r1"));
        let remembered = RunDirectory::recall(&homes, "r1").expect("it is there");
        assert!(remembered.alive);
        assert_eq!(remembered.story.begun, Some(begun("r1")));
        let path = run.path().to_owned();
        drop(run);
        assert!(!RunDirectory::recall(&homes, "r1").expect("it is there").alive);
        let (guardian, story) = RunDirectory::take_over(&path).expect("nobody holds it");
        assert_eq!(story, remembered.story);
        assert!(RunDirectory::recall(&homes, "r1").expect("it is there").alive, "its guardian is at work");
        drop(guardian);
        assert!(RunDirectory::create(&homes[1..], &begun("r1")).is_err(), "no run takes that of another");
        assert!(RunDirectory::recall(&homes, "r2").is_none());
        assert!(RunDirectory::recall(&homes, "../runs").is_none());
    }

    #[test]
    fn the_first_home_that_can_be_written_to_is_taken() {
        let place = tempfile::tempdir().expect("a place");
        std::fs::write(place.path().join("file"), "").expect("a file");
        let homes = [place.path().join("file/below"), place.path().join("second")];
        let run = RunDirectory::create(&homes, &begun("r1")).expect("the second will do");
        assert_eq!(run.path(), place.path().join("second/runs/r1"));
        assert!(RunDirectory::create(&homes[..1], &begun("r1")).is_err());
        assert!(RunDirectory::create(&[], &begun("r1")).is_err());
    }
}
