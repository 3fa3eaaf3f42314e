use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, codes::command};

/// The name that is looked for.
const FILE: &str = "pipeline.kdl";

/// The pipeline of this directory or of the nearest one above it.
pub fn discover(from: &Path) -> Option<PathBuf> {
    from.ancestors().map(|directory| directory.join(FILE)).find(|path| path.is_file())
}

/// The file that `path` names: itself, or the pipeline in it where it is a directory that has one.
pub fn in_directory(path: PathBuf) -> PathBuf {
    let inner = path.join(FILE);
    if path.is_dir() && inner.is_file() { inner } else { path }
}

/// There is none.
pub fn not_found(from: &Path) -> Diagnostic {
    Diagnostic::new(command::NO_PIPELINE_FILE, format!("there is no `{FILE}` in `{}` or above it", from.display()))
        .help(format!("name the file, or create `{FILE}`"))
}

/// Tells the file from the targets in `[FILE] TARGET…`: the first word is a file where it looks like one or is there as one.
pub fn file_and_words(words: &[String]) -> (Option<PathBuf>, &[String]) {
    match words.split_first() {
        Some((first, rest)) if looks_like_file(first) => (Some(PathBuf::from(first)), rest),
        _ => (None, words),
    }
}

fn looks_like_file(word: &str) -> bool {
    word == "-"
        || word.ends_with(".kdl")
        || word.contains('/')
        || Path::new(word).is_file()
        || Path::new(word).join(FILE).is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_word_that_is_no_file_is_a_target() {
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let list = words(&["a/pipeline.kdl", "unit"]);
        assert_eq!(file_and_words(&list), (Some(PathBuf::from("a/pipeline.kdl")), &list[1..]));
        let list = words(&["unit", "todos"]);
        assert_eq!(file_and_words(&list), (None, &list[..]));
    }
}
