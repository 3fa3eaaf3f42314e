use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use super::run_directory::is_held;
use super::{Directory, RunDirectory};

/// The directory of a run that its log files are in.
const LOGS: &str = "logs";

/// The names of the log files of a node, and how they are read: `NODE.stdout` and `NODE.stderr` hold the bytes of the two streams and
/// nothing else; `NODE.order` tells in which order they came, a line a turn: `o LENGTH` or `e LENGTH`.
#[derive(Debug)]
pub struct LogFiles {
    stdout: String,
    stderr: String,
    order: String,
}

/// A piece of what a node wrote.
#[derive(Debug, PartialEq, Eq)]
pub struct Turn {
    /// It went to standard error.
    pub stderr: bool,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// How long to wait for more of what is followed.
const AGAIN: Duration = Duration::from_millis(100);
/// How many bytes of a turn are read at a time.
const PIECE: usize = 64 * 1024;

impl LogFiles {
    /// Those of a node, by its name on the engine.
    pub fn of(node: &str) -> Self {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let name: String = node.chars().map(|c| if fits(c) { c } else { '-' }).collect();
        LogFiles { stdout: format!("{name}.stdout"), stderr: format!("{name}.stderr"), order: format!("{name}.order") }
    }

    /// The directory for log files in that of a run, made where it is not there.
    ///
    /// # Errors
    /// Those of [`Directory::subdirectory`].
    pub fn directory(run: &Directory) -> io::Result<Directory> {
        run.subdirectory(LOGS)
    }

    /// Where the log files of a run are.
    pub fn path(run: &RunDirectory) -> PathBuf {
        LogFiles::below(run.path())
    }

    /// Where the log files of a run are that has its directory at `run`.
    pub(super) fn below(run: &Path) -> PathBuf {
        run.join(LOGS)
    }

    /// The nodes that have log files in the directory of a run, sorted.
    pub fn nodes(run: &Directory) -> Vec<String> {
        let files = std::fs::read_dir(LogFiles::below(run.path())).into_iter().flatten().flatten();
        let names = files.filter_map(|file| file.file_name().into_string().ok());
        let node = |name: String| Some(name.strip_suffix(".stdout").or(name.strip_suffix(".stderr"))?.to_owned());
        names.filter_map(node).collect::<BTreeSet<String>>().into_iter().collect()
    }

    /// The file of standard output.
    pub fn stdout(&self) -> &str {
        &self.stdout
    }

    /// The file of standard error.
    pub fn stderr(&self) -> &str {
        &self.stderr
    }

    /// The file that tells their order.
    pub fn order(&self) -> &str {
        &self.order
    }

    /// A line of the order: so many bytes of one stream, which come before those of the next line.
    pub fn turn(stderr: bool, length: u64) -> String {
        format!("{} {length}\n", if stderr { 'e' } else { 'o' })
    }

    /// Reads what a node wrote to both streams, in the order in which it came, piece by piece. Where the order is not known to the end
    /// (the run was killed), the rest of standard output comes before that of standard error.
    ///
    /// # Errors
    /// `NotFound` where the node wrote nothing in this run, or it has no logs.
    pub fn read(&self, run: &Directory, mut take: impl FnMut(Turn)) -> io::Result<()> {
        self.read_on(run, &mut take).map(drop)
    }

    /// The same, and what comes as long as the run goes on; a node that has written nothing yet may still do so. `caught_up` is called
    /// when all that was there has been taken.
    ///
    /// # Errors
    /// As those of [`LogFiles::read`].
    pub fn follow(&self, run: &Directory, take: &mut impl FnMut(Turn), caught_up: impl FnOnce()) -> io::Result<()> {
        let mut read = self.read_on(run, take);
        caught_up();
        loop {
            // Whether it has ended comes first: what it wrote until then is there.
            let goes_on = is_held(run);
            match &mut read {
                Ok((stdout, stderr)) => {
                    let logs = run.existing(LOGS)?;
                    for (file, name) in [(&mut *stdout, &self.stdout), (&mut *stderr, &self.stderr)] {
                        if file.is_none() {
                            *file = open(&logs, name)?;
                        }
                    }
                    copy(stdout, u64::MAX, false, take)?;
                    copy(stderr, u64::MAX, true, take)?;
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => read = self.read_on(run, take),
                Err(_) => return read.map(drop),
            }
            if !goes_on {
                return read.map(drop);
            }
            sleep(AGAIN);
        }
    }

    /// Reads what is there; answers the files, to read on in.
    fn read_on(&self, run: &Directory, take: &mut impl FnMut(Turn)) -> io::Result<(Option<File>, Option<File>)> {
        let logs = run.existing(LOGS)?;
        let (mut stdout, mut stderr) = (open(&logs, &self.stdout)?, open(&logs, &self.stderr)?);
        if stdout.is_none() && stderr.is_none() {
            return Err(io::ErrorKind::NotFound.into());
        }
        let mut order = open(&logs, &self.order)?.map(BufReader::new);
        while let Some((is_stderr, length)) = order.as_mut().map(next_turn).transpose()?.flatten() {
            let file = if is_stderr { &mut stderr } else { &mut stdout };
            copy(file, length, is_stderr, take)?;
        }
        copy(&mut stdout, u64::MAX, false, take)?;
        copy(&mut stderr, u64::MAX, true, take)?;
        Ok((stdout, stderr))
    }
}

fn open(logs: &Directory, name: &str) -> io::Result<Option<File>> {
    match logs.open_file(name) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The next line of the order; `None` at its end, and where a line is none: the run was killed while it was written.
fn next_turn(order: &mut BufReader<File>) -> io::Result<Option<(bool, u64)>> {
    let mut line = Vec::new();
    order.take(32).read_until(b'\n', &mut line)?;
    let line = std::str::from_utf8(&line).ok().and_then(|line| line.strip_suffix('\n'));
    Ok(line.and_then(|line| match line.split_once(' ')? {
        ("o", length) => Some((false, length.parse().ok()?)),
        ("e", length) => Some((true, length.parse().ok()?)),
        _ => None,
    }))
}

fn copy(file: &mut Option<File>, length: u64, stderr: bool, take: &mut impl FnMut(Turn)) -> io::Result<()> {
    let Some(file) = file else { return Ok(()) };
    let mut left = length;
    while left > 0 {
        let mut bytes = vec![0; PIECE.min(usize::try_from(left).unwrap_or(PIECE))];
        let read = file.read(&mut bytes)?;
        if read == 0 {
            break;
        }
        bytes.truncate(read);
        left -= read as u64;
        take(Turn { stderr, bytes });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::mpsc;

    use super::*;
    use crate::store::Begun;

    fn read(run: &Directory) -> Vec<(bool, String)> {
        let mut turns = Vec::new();
        let take = |turn: Turn| turns.push((turn.stderr, String::from_utf8(turn.bytes).expect("text")));
        LogFiles::of("a b").read(run, take).expect("it is there");
        turns
    }

    #[test]
    fn the_streams_take_turns_as_they_came() {
        let home = tempfile::tempdir().expect("a place");
        let run = Directory::at(&home.path().join("r")).expect("it can be made");
        let logs = LogFiles::directory(&run).expect("it can be made");
        let files = LogFiles::of("a b");
        assert_eq!(files.stdout(), "a-b.stdout");
        let write = |name: &str, text: &str| {
            logs.create_file(name).expect("a new one").write_all(text.as_bytes()).expect("it can be written");
        };
        assert!(files.read(&run, drop).is_err(), "it wrote nothing");
        write(files.stdout(), "one\nthree\nfive");
        write(files.stderr(), "two\nfour\n");
        let owned = |turns: &[(bool, &str)]| turns.iter().map(|(e, text)| (*e, (*text).to_owned())).collect::<Vec<_>>();
        assert_eq!(read(&run), owned(&[(false, "one\nthree\nfive"), (true, "two\nfour\n")]), "the order is not known");
        let turns = [LogFiles::turn(false, 4), LogFiles::turn(true, 4), LogFiles::turn(false, 6)].concat();
        write(files.order(), &(turns + "e 5"));
        let known = [(false, "one\n"), (true, "two\n"), (false, "three\n"), (false, "five"), (true, "four\n")];
        assert_eq!(read(&run), owned(&known));
    }

    #[test]
    fn what_is_followed_ends_with_its_run() {
        let home = tempfile::tempdir().expect("a place");
        let begun = Begun { run: "r1".to_owned(), ..Begun::default() };
        let run = RunDirectory::create(&[home.path().to_owned()], &begun).expect("it can be made");
        let reader = Directory::existing_at(run.path()).expect("it is there");
        let logs = LogFiles::directory(run.directory()).expect("it can be made");
        let (told, news) = mpsc::channel();
        let caught_up = told.clone();
        let following = std::thread::spawn(move || {
            let mut take = |turn: Turn| told.send(String::from_utf8(turn.bytes).expect("text")).expect("it is read");
            LogFiles::of("a").follow(&reader, &mut take, || caught_up.send("|".to_owned()).expect("it is read"))
        });
        assert_eq!(news.recv().as_deref(), Ok("|"), "nothing is there yet");
        let mut file = logs.create_file("a.stdout").expect("a new one");
        for text in ["one\n", "two\n"] {
            file.write_all(text.as_bytes()).expect("it can be written");
            assert_eq!(news.recv().as_deref(), Ok(text), "it comes while the run goes on");
        }
        logs.create_file("a.stderr").expect("a new one").write_all(b"last\n").expect("it can be written");
        drop(run);
        following.join().expect("no panic").expect("it was there");
        assert_eq!(news.try_iter().collect::<String>(), "last\n");
        let ended = Directory::existing_at(&home.path().join("runs/r1")).expect("it is there");
        assert!(LogFiles::of("b").follow(&ended, &mut |_| {}, || {}).is_err(), "it never wrote, and never will");
    }
}
