use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::diagnostic::codes::names::{UNKNOWN_REFERENCE, UNKNOWN_VARIABLE};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{EntryKind, Files, Workspace};
use crate::syntax::{self, Value};

/// The most files that are looked into.
const MOST_FILES: usize = 20;

/// Says of unknown names where a file that is not included declares them. Files are looked for only where a name is unknown: beside
/// the pipeline, and one directory below.
pub(super) fn with_elsewhere(told: Diagnostics, files: &Files, workspace: &dyn Workspace) -> Diagnostics {
    if !told.iter().any(is_unknown) {
        return told;
    }
    let declared = declared(files, workspace);
    let look_up = |diagnostic: Diagnostic| {
        let name = diagnostic.span().map(|span| files.slice(span).trim_matches(['"', '{', '}', ' ']).to_owned());
        match name.and_then(|name| declared.get(&name)).filter(|_| is_unknown(&diagnostic)) {
            Some((word, place)) => {
                let place = place.display();
                let note = format!("`{place}` declares a {word} of that name, and nothing includes it");
                diagnostic.help(format!("write `include \"{place}\"`")).note(note)
            }
            None => diagnostic,
        }
    };
    told.into_iter().map(look_up).collect()
}

fn is_unknown(diagnostic: &Diagnostic) -> bool {
    [UNKNOWN_REFERENCE, UNKNOWN_VARIABLE].contains(&diagnostic.code) && diagnostic.fixes.is_empty()
}

/// What files that are not part of the pipeline declare: by its name, the word of its kind and the file.
fn declared(files: &Files, workspace: &dyn Workspace) -> HashMap<String, (String, PathBuf)> {
    let mut found = HashMap::new();
    for place in strangers(files, workspace) {
        let Ok(bytes) = workspace.read(&place) else { continue };
        let (text, fault) = syntax::decode_utf8(bytes);
        if fault.is_some() {
            continue;
        }
        let (document, _) = syntax::parse(Files::single(&place, &text).root());
        // A file with a header is a pipeline of its own.
        if document.nodes.iter().any(|node| node.name.value == "pipeline") {
            continue;
        }
        for node in document.nodes {
            let name = node.arguments().next().map(|entry| entry.value.value.clone());
            if let Some(Value::String(name)) = name {
                found.entry(name).or_insert((node.name.value, place.clone()));
            }
        }
    }
    found
}

/// The files in KDL beside the pipeline and one directory below that are no part of it.
fn strangers(files: &Files, workspace: &dyn Workspace) -> Vec<PathBuf> {
    let is_kdl = |name: &String| name.ends_with(".kdl");
    let names = workspace.names(Path::new(""));
    let beside = names.iter().filter(|name| is_kdl(name)).map(PathBuf::from);
    let directories = names.iter().filter(|name| !name.starts_with('.') && !is_kdl(name)).take(100);
    let below = directories.flat_map(|directory| {
        let inner = workspace.names(Path::new(directory)).into_iter().filter(is_kdl);
        inner.map(|name| Path::new(directory).join(name)).collect::<Vec<_>>()
    });
    beside
        .chain(below)
        .filter(|place| files.find(place).is_none() && workspace.kind(place) == Some(EntryKind::File))
        .take(MOST_FILES)
        .collect()
}
