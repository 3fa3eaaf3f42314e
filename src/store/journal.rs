use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::Directory;

/// The file of a run's directory that its journal is.
const FILE: &str = "journal.jsonl";

/// What a run notes while it works, one JSON object a line: what it is about to make before it makes it, what became of that, and its end.
/// Labels on the objects are the truth; the journal says what they cannot: what was begun and not answered, and whether the run came to
/// an end of its own.
///
/// Nothing waits for it and nothing fails for it: where a line cannot be written, the journal falls silent.
#[derive(Debug)]
pub struct Journal {
    file: Mutex<Option<File>>,
}

/// A line of a journal. Stable since 0.1; who reads leaves out what it does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "kebab-case")]
pub enum Entry {
    /// The run begins.
    Begun(Begun),
    /// Something is about to be made.
    Creating {
        /// `container`, `network` or `volume`.
        kind: String,
        /// Its name on the engine.
        name: String,
    },
    /// It was made.
    Created {
        /// What.
        kind: String,
        /// Its name on the engine.
        name: String,
        /// Its id.
        id: String,
    },
    /// The engine said that it was not made.
    NotCreated {
        /// What.
        kind: String,
        /// The name that it would have had.
        name: String,
    },
    /// Something was removed.
    Removed {
        /// What.
        kind: String,
        /// Its id.
        id: String,
    },
    /// The run has ended.
    Ended {
        /// What it came to.
        verdict: String,
        /// Objects left on purpose.
        kept: usize,
        /// Objects left against its will.
        left: usize,
    },
    /// The run died, and somebody else cleaned up: its guardian, or a later run.
    Reaped {
        /// Objects removed.
        removed: usize,
        /// Objects that could not be removed.
        left: usize,
    },
}

/// How a run begins.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// The version of the journal's form.
    pub version: u32,
    /// The run's id.
    pub run: String,
    /// The pipeline's name.
    pub pipeline: String,
    /// The pipeline's file, absolute.
    pub file: String,
    /// When, in seconds since 1970.
    pub created: i64,
    /// The engine's address.
    pub engine: String,
    /// What it leaves on purpose: `nothing`, `services` (where it passes), `failure` (where it fails) or `everything`.
    pub leaves: String,
}

impl Begun {
    /// The form of journal that this version writes.
    pub const VERSION: u32 = 1;
    /// All is taken back.
    pub const NOTHING: &str = "nothing";
    /// Services stay where the run passes.
    pub const SERVICES: &str = "services";
    /// All stays where the run fails.
    pub const FAILURE: &str = "failure";
    /// All stays.
    pub const EVERYTHING: &str = "everything";
}

impl Journal {
    /// The journal of a run that begins.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(super) fn begin(directory: &Directory, begun: &Begun) -> io::Result<Self> {
        let mut file = directory.create_file(FILE)?;
        file.write_all(&line(&Entry::Begun(begun.clone())))?;
        Ok(Journal { file: Mutex::new(Some(file)) })
    }

    /// The journal of a run whose process has died, to be carried on.
    pub(super) fn carry_on(directory: &Directory) -> Self {
        // The last line may have been cut off.
        let carried_on = directory.append_to_file(FILE).and_then(|mut file| file.write_all(b"\n").map(|()| file));
        Journal { file: Mutex::new(carried_on.ok()) }
    }

    /// Notes what happens.
    pub fn note(&self, entry: &Entry) {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = file.as_mut()
            && open.write_all(&line(entry)).is_err()
        {
            *file = None;
        }
    }
}

fn line(entry: &Entry) -> Vec<u8> {
    let mut line = serde_json::to_vec(entry).expect("texts and numbers alone");
    line.push(b'\n');
    line
}

/// What a journal says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Story {
    /// How the run began; `None` where that was not even written.
    pub begun: Option<Begun>,
    /// What was begun to be made and never answered, as kind and name: it may be there, or come to be.
    pub pending: BTreeSet<(String, String)>,
    /// The run came to an end of its own, and left so many objects on purpose.
    pub kept: Option<usize>,
    /// Lines that could not be understood.
    pub unread: usize,
}

impl Story {
    /// Reads a journal as far as it can be read: one that was cut off anywhere, or is of another version, says what it can.
    pub fn of(bytes: &[u8]) -> Self {
        let mut story = Story::default();
        for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            match serde_json::from_slice(line) {
                Ok(entry) => story.hear(entry),
                Err(_) => story.unread += 1,
            }
        }
        story
    }

    /// The journal in a run's directory; an empty story where there is none.
    pub(super) fn read(directory: &Directory) -> Self {
        // No run has as much to say; what stands there is not taken into memory without end.
        const MOST: u64 = 64 << 20;
        let mut bytes = Vec::new();
        if let Ok(file) = directory.open_file(FILE) {
            // What can be read counts.
            let _ = io::Read::read_to_end(&mut io::Read::take(file, MOST), &mut bytes);
        }
        Story::of(&bytes)
    }

    fn hear(&mut self, entry: Entry) {
        match entry {
            Entry::Begun(begun) => self.begun = Some(begun),
            Entry::Creating { kind, name } => drop(self.pending.insert((kind, name))),
            Entry::Created { kind, name, .. } | Entry::NotCreated { kind, name } => {
                self.pending.remove(&(kind, name));
            }
            Entry::Ended { kept, .. } => self.kept = Some(kept),
            Entry::Removed { .. } | Entry::Reaped { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries() -> Vec<Entry> {
        let (kind, name) = (|| "container".to_owned(), |name: &str| name.to_owned());
        let begun = Begun { version: 1, run: "r1".into(), pipeline: "wäsche".into(), ..Begun::default() };
        vec![
            Entry::Begun(begun),
            Entry::Creating { kind: kind(), name: name("a") },
            Entry::Creating { kind: kind(), name: name("b\n\"") },
            Entry::Created { kind: kind(), name: name("a"), id: "1".into() },
            Entry::NotCreated { kind: kind(), name: name("b\n\"") },
            Entry::Creating { kind: kind(), name: name("c") },
            Entry::Removed { kind: kind(), id: "1".into() },
            Entry::Ended { verdict: "passed".into(), kept: 2, left: 0 },
        ]
    }

    fn told(entries: &[Entry]) -> Story {
        let mut story = Story::default();
        entries.iter().cloned().for_each(|entry| story.hear(entry));
        story
    }

    #[test]
    fn a_journal_cut_off_at_any_byte_says_all_that_stands_before() {
        let entries = entries();
        let bytes: Vec<u8> = entries.iter().flat_map(line).collect();
        for end in 0..=bytes.len() {
            let story = Story::of(&bytes[..end]);
            let breaks = bytes[..end].iter().filter(|byte| **byte == b'\n').count();
            // Right before its newline a line is whole already.
            let whole = breaks + usize::from(bytes.get(end) == Some(&b'\n'));
            assert_eq!(Story { unread: 0, ..story.clone() }, told(&entries[..whole]), "cut at {end}");
            assert!(story.unread <= 1, "cut at {end}");
        }
    }

    #[test]
    fn a_journal_is_carried_on_behind_a_line_that_was_cut_off() {
        let place = tempfile::tempdir().expect("a place");
        let directory = Directory::at(&place.path().join("r1")).expect("it can be made");
        let journal = Journal::begin(&directory, &Begun::default()).expect("it can be written");
        journal.note(&Entry::Creating { kind: "volume".into(), name: "v".into() });
        drop(journal);
        directory
            .append_to_file(FILE)
            .expect("it is there")
            .write_all(b"{\"entry\":\"crea")
            .expect("it can be written");
        Journal::carry_on(&directory).note(&Entry::Ended { verdict: "passed".into(), kept: 0, left: 0 });
        let story = Story::read(&directory);
        assert_eq!((story.pending.len(), story.kept, story.unread), (1, Some(0), 1));
    }

    #[test]
    fn what_another_version_wrote_is_left_out() {
        let text = "{\"entry\":\"dreamt\",\"of\":1}\n{\"entry\":\"creating\",\"kind\":\"volume\",\"name\":\"v\",\"more\":true}\n\u{0}";
        let story = Story::of(text.as_bytes());
        assert_eq!((story.pending.len(), story.unread), (1, 2));
    }

    proptest::proptest! {
        #[test]
        fn whatever_stands_there_is_read(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400)) {
            let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count();
            proptest::prop_assert!(Story::of(&bytes).unread <= lines);
        }
    }

    #[test]
    fn a_full_disk_keeps_nobody_from_anything() {
        let Ok(full) = File::options().write(true).open("/dev/full") else { return };
        let journal = Journal { file: Mutex::new(Some(full)) };
        journal.note(&Entry::Removed { kind: "volume".into(), id: "v".into() });
        assert!(journal.file.lock().expect("nobody panicked").is_none(), "it is not tried again");
        journal.note(&Entry::Removed { kind: "volume".into(), id: "w".into() });
    }
}
