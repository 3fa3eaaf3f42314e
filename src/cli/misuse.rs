use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use clap::error::ErrorKind;

use super::ExitStatus;

/// Two reports in one file would be none.
pub fn distinct_reports<'a>(paths: impl Iterator<Item = &'a Path>) -> Result<(), ExitStatus> {
    let mut seen = BTreeSet::new();
    for path in paths {
        if !seen.insert(path.components().filter(|part| *part != Component::CurDir).collect::<PathBuf>()) {
            return Err(misuse(&format!(
                "two reports would be written to `{}`: give each its own file",
                path.display()
            )));
        }
    }
    Ok(())
}

/// Says what is wrong with the command line, as the parser of arguments does.
pub fn misuse(what: &str) -> ExitStatus {
    let error = clap::Error::raw(ErrorKind::ArgumentConflict, format!("{what}\n"));
    // Nobody reads: there is nobody to tell that to either.
    let _ = error.print();
    ExitStatus::Usage
}
