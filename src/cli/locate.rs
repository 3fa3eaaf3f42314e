use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, codes::command};

/// The name that is looked for.
pub const FILE: &str = "pipeline.kdl";

/// The pipeline of this directory or of the nearest one above it.
pub fn discover(from: &Path) -> Option<PathBuf> {
    from.ancestors().map(|directory| directory.join(FILE)).find(|path| path.is_file())
}

/// There is none.
pub fn not_found(from: &Path) -> Diagnostic {
    Diagnostic::new(command::NO_PIPELINE_FILE, format!("there is no `{FILE}` in `{}` or above it", from.display()))
        .help(format!("name the file, or create `{FILE}`"))
}

/// Tells the file from the targets in `[FILE] TARGET…`. Where there is a pipeline here or above, a plain word is a target, whatever
/// lies in the directory: a target `test` stays one when somebody makes a directory of that name. Where there is none, a word
/// can only be the way to one.
pub fn file_and_words(words: &[String]) -> (Option<PathBuf>, &[String]) {
    let here = || std::env::current_dir().is_ok_and(|here| discover(&here).is_some());
    told_apart(words, here)
}

fn told_apart(words: &[String], is_pipeline_here: impl FnOnce() -> bool) -> (Option<PathBuf>, &[String]) {
    match words.split_first() {
        Some((first, rest)) if looks_like_file(first) || (leads_to_file(first) && !is_pipeline_here()) => {
            (Some(PathBuf::from(first)), rest)
        }
        _ => (None, words),
    }
}

fn looks_like_file(word: &str) -> bool {
    word == "-" || word.ends_with(".kdl") || word.contains('/')
}

fn leads_to_file(word: &str) -> bool {
    let path = Path::new(word);
    path.is_file() || path.join(FILE).is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_word_that_is_no_file_is_a_target() {
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let list = words(&["a/pipeline.kdl", "unit"]);
        assert_eq!(told_apart(&list, || true), (Some(PathBuf::from("a/pipeline.kdl")), &list[1..]));
        let list = words(&["unit", "todos"]);
        assert_eq!(told_apart(&list, || false), (None, &list[..]));
        // This very file is there: where there are targets, it must not be taken for one.
        let list = words(&["Cargo.toml"]);
        assert_eq!(told_apart(&list, || true), (None, &list[..]));
        assert_eq!(told_apart(&list, || false), (Some(PathBuf::from("Cargo.toml")), &list[1..]));
    }
}
