use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::store::{Directory, LogFiles, RunDirectory};

/// How many bytes of evidence are kept of a run.
const MOST: u64 = 64 << 20;
/// How many characters of a name are the name of its file.
const NAME: usize = 80;

/// Texts that are too long to be shown with what failed: each in a file of its own, beside the logs of the run.
#[derive(Debug, Default)]
pub(in crate::run) struct Evidence {
    directory: Option<Directory>,
    used: AtomicU64,
    files: AtomicU64,
}

impl Evidence {
    /// Below the directory of the run.
    pub(in crate::run) fn of(run: Option<&RunDirectory>) -> Self {
        let directory = run.and_then(|run| LogFiles::directory(run.directory()).ok());
        Evidence { directory, ..Evidence::default() }
    }

    /// Keeps a text; where it lies. Nowhere, where there is no place or no room for it.
    pub(in crate::run) fn keep(&self, name: &str, text: &str) -> Option<PathBuf> {
        let directory = self.directory.as_ref()?;
        let size = text.len() as u64;
        if self.used.fetch_add(size, Ordering::Relaxed) + size > MOST {
            return None;
        }
        let number = self.files.fetch_add(1, Ordering::Relaxed) + 1;
        let file = file_name(name, number);
        let mut made = directory.create_file(&file).ok()?;
        made.write_all(text.as_bytes()).ok()?;
        Some(directory.path().join(file))
    }
}

/// `todos.an-item-can-be-created.3.answer` of `todos.an item can be created.answer`.
fn file_name(name: &str, number: u64) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let (name, kind) = name.rsplit_once('.').unwrap_or((name, "text"));
    let name: String = name.chars().map(|c| if fits(c) { c } else { '-' }).take(NAME).collect();
    format!("{name}.{number}.{kind}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Begun;

    #[test]
    fn a_text_lies_in_a_file_that_is_called_after_what_failed() {
        let home = tempfile::tempdir().expect("a place");
        let begun = Begun { run: "r1".to_owned(), ..Begun::default() };
        let run = RunDirectory::create(&[home.path().to_owned()], &begun).expect("it can be made");
        let evidence = Evidence::of(Some(&run));
        let first = evidence.keep("todos.is it / there?.answer", "text").expect("there is room");
        assert_eq!(first, run.path().join("logs/todos.is-it---there-.1.answer"));
        assert_eq!(std::fs::read_to_string(first).expect("it is there"), "text");
        let second = evidence.keep("todos.is it / there?.answer", "more").expect("there is room");
        assert!(second.ends_with("todos.is-it---there-.2.answer"));
        assert_eq!(evidence.keep("a.actual", &"x".repeat(MOST as usize)), None, "there is an end to it");
        assert_eq!(Evidence::default().keep("a.actual", "x"), None);
    }
}
