use serde::Serialize;

use super::fingerprint::fingerprints;
use super::place::{Place, weighed};
use crate::diagnostic::Diagnostics;
use crate::source::Files;

#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// A code quality report of GitLab, which shows in a merge request what has come and gone: by fingerprints that stay when lines move.
pub fn gitlab(diagnostics: &Diagnostics, files: &Files) -> String {
    let issues: Vec<Issue<'_>> = diagnostics
        .iter()
        .zip(fingerprints(diagnostics, files))
        .map(|(diagnostic, fingerprint)| {
            let place = Place::primary_or_first(diagnostic, files);
            Issue {
                description: &diagnostic.message,
                check_name: diagnostic.code.slug(),
                fingerprint,
                severity: weighed(diagnostic.severity, "major", "minor", "info"),
                location: Location { path: place.file, lines: Lines { begin: place.start.line, end: place.end.line } },
            }
        })
        .collect();
    serde_json::to_string_pretty(&issues).expect("the wire types have string keys") + "\n"
}
