use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::Directory;
use super::run_directory::{RUNS, is_held};

/// How many runs are remembered, at most, in one home.
pub(super) const MOST: usize = 200;
/// How long.
pub(super) const LONGEST: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// Forgets runs of long ago: the directories of runs that nobody works on go, those older than two weeks, and the oldest where there are
/// more than two hundred.
pub fn prune(homes: &[PathBuf], now: SystemTime) {
    for home in homes {
        let Ok(runs) = Directory::existing_at(&home.join(RUNS)) else { continue };
        for path in outdated(runs.path(), now) {
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            let Ok(run) = runs.existing(name) else { continue };
            // Between this look and the removal nobody takes it: runs have new directories, and guardians theirs from the start.
            if !is_held(&run) {
                // What cannot be removed is tried again by the next one.
                let _ = std::fs::remove_dir_all(&path);
            }
        }
    }
}

fn outdated(runs: &Path, now: SystemTime) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(runs) else { return Vec::new() };
    let changed = |entry: std::fs::DirEntry| Some((entry.metadata().ok()?.modified().ok()?, entry.path()));
    let mut found: Vec<(SystemTime, PathBuf)> = entries.flatten().filter_map(changed).collect();
    found.sort();
    let too_many = found.len().saturating_sub(MOST);
    let is_old = |changed: &SystemTime| now.duration_since(*changed).is_ok_and(|age| age > LONGEST);
    let goes = |(at, (changed, _)): &(usize, (SystemTime, PathBuf))| *at < too_many || is_old(changed);
    found.into_iter().enumerate().filter(goes).map(|(_, (_, path))| path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Begun, RunDirectory};

    fn begin(home: &Path, run: &str) -> RunDirectory {
        let begun = Begun { run: run.to_owned(), ..Begun::default() };
        RunDirectory::create(&[home.to_owned()], &begun).expect("it can be made")
    }

    fn count(home: &Path) -> usize {
        std::fs::read_dir(home.join(RUNS)).expect("it is there").count()
    }

    #[test]
    fn runs_of_long_ago_are_forgotten_and_living_ones_never() {
        let place = tempfile::tempdir().expect("a place");
        let home = place.path();
        let alive = begin(home, "alive");
        drop(begin(home, "ended"));
        let homes = [home.to_owned()];
        prune(&homes, SystemTime::now());
        assert_eq!(count(home), 2, "both are of today");
        prune(&homes, SystemTime::now() + 2 * LONGEST);
        assert_eq!(count(home), 1);
        assert!(alive.path().exists());
    }

    #[test]
    fn only_so_many_are_remembered() {
        let place = tempfile::tempdir().expect("a place");
        for run in 0..MOST + 20 {
            drop(begin(place.path(), &format!("r{run}")));
        }
        prune(&[place.path().to_owned()], SystemTime::now());
        assert_eq!(count(place.path()), MOST);
    }
}
