use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::place::shown;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Files;

/// What tells each diagnostic from the others and stays the same when lines are put in above it: its code, its file, the text of
/// its line, and which one of that kind it is.
pub(super) fn fingerprints(diagnostics: &Diagnostics, files: &Files) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut fingerprint = |diagnostic: &Diagnostic| {
        let (path, line) = match diagnostic.span() {
            Some(span) => {
                let file = files.get(span.file);
                let line = file.line_range(file.line_of(span.start as usize));
                (shown(file), file.text()[line].trim())
            }
            None => (String::new(), diagnostic.message.as_str()),
        };
        let digest = Sha256::digest(format!("{}\n{path}\n{line}", diagnostic.code));
        let own = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect::<String>();
        let nth = seen.entry(own.clone()).or_default();
        *nth += 1;
        if *nth == 1 { own } else { format!("{own}-{nth}") }
    };
    diagnostics.iter().map(&mut fingerprint).collect()
}
