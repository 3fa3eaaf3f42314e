use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::run_directory::{RUNS, is_held};
use super::{Directory, LogFiles};

/// How many runs keep their log files, at most, in one home.
const MOST: usize = 20;
/// How many bytes these may have.
const SPACE: u64 = 1 << 30;

/// Makes room for logs: those of the last twenty runs stay as long as they have a gibibyte together, older ones go. The rest of what is
/// remembered of a run stays, and a run that somebody works on loses nothing.
pub fn prune_logs(homes: &[PathBuf]) {
    for home in homes {
        let Ok(runs) = Directory::existing_at(&home.join(RUNS)) else { continue };
        for run in outdated(runs.path(), MOST, SPACE) {
            let Some(name) = run.file_name().and_then(|name| name.to_str()) else { continue };
            if runs.existing(name).is_ok_and(|run| !is_held(&run)) {
                // What cannot be removed is tried again by the next one.
                let _ = std::fs::remove_dir_all(LogFiles::below(&run));
            }
        }
    }
}

/// The runs with logs that are too many, or too large.
fn outdated(runs: &Path, most: usize, space: u64) -> Vec<PathBuf> {
    let with_logs = |entry: std::fs::DirEntry| {
        let run = entry.path();
        let logs = std::fs::read_dir(LogFiles::below(&run)).ok()?;
        let files: Vec<std::fs::Metadata> = logs.flatten().filter_map(|file| file.metadata().ok()).collect();
        let last = files.iter().filter_map(|file| file.modified().ok()).max().unwrap_or(SystemTime::UNIX_EPOCH);
        Some((last, files.iter().map(std::fs::Metadata::len).sum::<u64>(), run))
    };
    let mut found: Vec<(SystemTime, u64, PathBuf)> =
        std::fs::read_dir(runs).into_iter().flatten().flatten().filter_map(with_logs).collect();
    found.sort();
    let mut used = 0_u64;
    let goes = |(number, (_, size, run)): (usize, (SystemTime, u64, PathBuf))| {
        used = used.saturating_add(size);
        (number >= most || used > space).then_some(run)
    };
    found.into_iter().rev().enumerate().filter_map(goes).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::store::{Begun, RunDirectory};

    /// A run with a log of ten bytes that was written at this second.
    fn logged(home: &Path, run: &str, second: u64) -> RunDirectory {
        let begun = Begun { run: run.to_owned(), ..Begun::default() };
        let directory = RunDirectory::create(&[home.to_owned()], &begun).expect("it can be made");
        let logs = LogFiles::directory(directory.directory()).expect("it can be made");
        let mut file = logs.create_file("a.stdout").expect("a new one");
        std::io::Write::write_all(&mut file, b"0123456789").expect("it can be written");
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(second)).expect("it is ours");
        directory
    }

    #[test]
    fn the_readme_says_how_long_what_is_kept() {
        let readme = include_str!("../../README.md").replace('\n', " ");
        let logs =
            format!("that of the last {MOST} runs, as long as they have no more than {} GiB together", SPACE >> 30);
        let (runs, longest) = (crate::store::prune::MOST, crate::store::prune::LONGEST.as_secs() / 86_400);
        let journals = format!("kept for {longest} days, and no more than {runs} of them");
        for words in [logs, journals] {
            assert!(readme.contains(&words), "“{words}” is not in the README");
        }
    }

    #[test]
    fn the_oldest_logs_make_room() {
        let place = tempfile::tempdir().expect("a place");
        for number in 0..5 {
            drop(logged(place.path(), &format!("r{number}"), number));
        }
        let runs = place.path().join(RUNS);
        let named = |names: &[&str]| names.iter().map(|name| runs.join(name)).collect::<Vec<_>>();
        assert_eq!(outdated(&runs, 3, 1_000), named(&["r1", "r0"]));
        assert_eq!(outdated(&runs, 9, 25), named(&["r2", "r1", "r0"]));
        assert_eq!(outdated(&runs, 9, 50), named(&[]));
    }

    #[test]
    fn a_run_that_lives_keeps_its_logs_and_others_the_rest_of_their_memory() {
        let place = tempfile::tempdir().expect("a place");
        let oldest = logged(place.path(), "alive", 1);
        for number in 0..MOST + 2 {
            drop(logged(place.path(), &format!("r{number}"), 10 + number as u64));
        }
        prune_logs(&[place.path().to_owned()]);
        assert!(LogFiles::path(&oldest).exists());
        let runs = place.path().join(RUNS);
        let logs = |run: &str| LogFiles::below(&runs.join(run)).exists();
        assert_eq!((logs("r0"), logs("r1"), logs("r2"), runs.join("r0").exists()), (false, false, true, true));
    }
}
