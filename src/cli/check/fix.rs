use std::collections::BTreeMap;
use std::path::PathBuf;

use super::settings::Settings;
use super::subject::Subject;
use crate::analysis::Analysis;
use crate::diagnostic::mend;

/// How often what is mended is looked at anew. Fixes uncover what others can mend, seldom more than once.
const ROUNDS: usize = 10;

/// A pipeline once safe fixes are applied.
pub struct Mended {
    /// What is left.
    pub analysis: Analysis,
    /// What is other than before, by file as it is shown.
    pub changes: BTreeMap<PathBuf, Change>,
    /// What was mended, a line each.
    pub fixed: Vec<String>,
}

/// A file that is other than before.
pub struct Change {
    /// Where it lies; `None` for standard input.
    pub path: Option<PathBuf>,
    /// Its text as it was read.
    pub before: String,
    /// Its text now.
    pub after: String,
}

/// Applies safe fixes in rounds, until none is left or they only turn in circles. Writes nothing.
pub fn mended(subject: &mut Subject, settings: &Settings<'_>) -> Mended {
    let mut text = subject.text.clone();
    let mut analysis = subject.analysis(&text, settings);
    let mut changes: BTreeMap<PathBuf, Change> = BTreeMap::new();
    let mut fixed = Vec::new();
    for _ in 0..ROUNDS {
        let mending = mend(&analysis.diagnostics, &analysis.files);
        let mut is_other = false;
        for (id, after) in mending.texts {
            let file = analysis.files.get(id);
            is_other |= **file.text() != *after;
            let is_root = id == analysis.files.root().id();
            if is_root {
                text.clone_from(&after);
            } else {
                subject.desk.draft(file.place(), &after);
            }
            changes.entry(file.path().to_owned()).and_modify(|change| change.after.clone_from(&after)).or_insert_with(
                || Change { path: subject.path_of(file, is_root), before: file.text().to_string(), after },
            );
        }
        if !is_other {
            break;
        }
        for (diagnostic, fix) in mending.applied {
            let place = diagnostic.span().map_or(String::new(), |span| {
                let file = analysis.files.get(span.file);
                let at = file.position(span.start as usize);
                format!("{}:{}:{}: ", file.path().display(), at.line, at.column)
            });
            fixed.push(format!("{place}fixed[{}]: {}", diagnostic.code, fix.title));
        }
        analysis = subject.analysis(&text, settings);
    }
    changes.retain(|_, change| change.before != change.after);
    Mended { analysis, changes, fixed }
}
