use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};

use serde::Serialize;

use super::fingerprint::fingerprints;
use super::place::{Place, weighed};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix, Severity, codes};
use crate::source::{Files, Span};

/// Where the schema of the format lies.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What relative paths are relative to: by custom the root of the checkout.
const ROOT: &str = "%SRCROOT%";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<Outcome>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Text,
    help: Help,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
struct Help {
    text: &'static str,
    markdown: &'static str,
}

/// A result in the words of the format.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    code_flows: Vec<CodeFlow>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Mending>,
}

/// A path that a viewer walks along.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CodeFlow {
    thread_flows: [ThreadFlow; 1],
}

#[derive(Serialize)]
struct ThreadFlow {
    locations: Vec<ThreadFlowLocation>,
}

#[derive(Serialize)]
struct ThreadFlowLocation {
    location: Location,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

/// A fix in the words of the format.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Mending {
    description: Text,
    artifact_changes: Vec<ArtifactChange>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Text,
}

/// A log of SARIF 2.1.0, as code scanning services and editors read it.
pub fn sarif(diagnostics: &Diagnostics, files: &Files) -> String {
    let slugs: BTreeSet<&'static str> = diagnostics.iter().map(|diagnostic| diagnostic.code.slug()).collect();
    let index: BTreeMap<&'static str, usize> = slugs.into_iter().zip(0..).collect();
    let mut codes: BTreeMap<&'static str, Code> = BTreeMap::new();
    for diagnostic in diagnostics.iter() {
        codes.insert(diagnostic.code.slug(), diagnostic.code);
    }
    let results = diagnostics.iter().zip(fingerprints(diagnostics, files)).map(|(diagnostic, fingerprint)| {
        let rule_index = index[diagnostic.code.slug()];
        outcome(diagnostic, rule_index, fingerprint, files)
    });
    let run = Run {
        column_kind: "utf16CodeUnits",
        results: results.collect(),
        tool: Tool {
            driver: Driver {
                name: "pipe",
                semantic_version: env!("CARGO_PKG_VERSION"),
                rules: codes.into_values().map(rule).collect(),
            },
        },
    };
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run] };
    serde_json::to_string_pretty(&log).expect("the wire types have string keys") + "\n"
}

fn rule(code: Code) -> Rule {
    let page = code.page();
    let reason = page.split("\n\n").nth(1).unwrap_or(page);
    Rule {
        id: code.slug(),
        short_description: Text { text: reason.split_whitespace().collect::<Vec<_>>().join(" ") },
        help: Help { text: page, markdown: page },
        default_configuration: Configuration { level: level(code.severity()) },
    }
}

fn outcome(diagnostic: &Diagnostic, rule_index: usize, fingerprint: String, files: &Files) -> Outcome {
    let mut text = diagnostic.message.clone();
    for more in diagnostic.notes.iter().chain(&diagnostic.help) {
        text.push('\n');
        text.push_str(more);
    }
    let mut labels = diagnostic.labels.iter();
    let primary = labels.next().map(|label| location(label.span, None, &label.text, files));
    let related = labels.zip(1..).map(|(label, id)| location(label.span, Some(id), &label.text, files));
    Outcome {
        rule_id: diagnostic.code.slug(),
        rule_index,
        level: level(diagnostic.severity),
        message: Text { text },
        locations: primary.into_iter().collect(),
        related_locations: related.collect(),
        code_flows: code_flow(diagnostic, files).into_iter().collect(),
        partial_fingerprints: BTreeMap::from([("primaryLocationLineHash", fingerprint)]),
        fixes: diagnostic.fixes.iter().map(|fix| mending(fix, files)).collect(),
    }
}

/// The path that a cycle is.
fn code_flow(diagnostic: &Diagnostic, files: &Files) -> Option<CodeFlow> {
    let steps = diagnostic.labels.iter();
    let steps = steps.map(|label| ThreadFlowLocation { location: location(label.span, None, &label.text, files) });
    codes::is_path(diagnostic.code).then(|| CodeFlow { thread_flows: [ThreadFlow { locations: steps.collect() }] })
}

fn location(span: Span, id: Option<usize>, text: &str, files: &Files) -> Location {
    let place = Place::of(span, files);
    Location {
        id,
        physical_location: PhysicalLocation { artifact_location: artifact(span, files), region: region(&place) },
        message: (!text.is_empty()).then(|| Text { text: text.to_owned() }),
    }
}

fn mending(fix: &Fix, files: &Files) -> Mending {
    let mut by_file: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for edit in &fix.edits {
        by_file.entry(edit.span.file).or_default().push(edit);
    }
    let changes = by_file.into_values().map(|edits| ArtifactChange {
        artifact_location: artifact(edits[0].span, files),
        replacements: edits
            .iter()
            .map(|edit| Replacement {
                deleted_region: region(&Place::of(edit.span, files)),
                inserted_content: Text { text: edit.text.clone() },
            })
            .collect(),
    });
    Mending { description: Text { text: fix.title.clone() }, artifact_changes: changes.collect() }
}

/// Relative paths stay relative, so that the log means the same on every machine.
fn artifact(span: Span, files: &Files) -> ArtifactLocation {
    let path = files.get(span.file).path();
    let uri = uri(path);
    if path.is_absolute() {
        return ArtifactLocation { uri: format!("file://{uri}"), uri_base_id: None };
    }
    ArtifactLocation { uri, uri_base_id: Some(ROOT) }
}

/// The path of a URI, what a path may hold and a URI may not escaped.
fn uri(path: &Path) -> String {
    let parts = path.components().filter(|part| !matches!(part, Component::CurDir)).map(|part| match part {
        Component::RootDir => String::new(),
        part => part.as_os_str().as_encoded_bytes().iter().map(|byte| escaped(*byte)).collect(),
    });
    parts.collect::<Vec<_>>().join("/")
}

fn escaped(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'@' | b'+' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    }
}

fn region(place: &Place) -> Region {
    Region {
        start_line: place.start.line,
        start_column: place.start.column_utf16,
        end_line: place.end.line,
        end_column: place.end.column_utf16,
    }
}

fn level(severity: Severity) -> &'static str {
    weighed(severity, "error", "warning", "note")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_uri() {
        assert_eq!(uri(Path::new("./a b/é#1.kdl")), "a%20b/%C3%A9%231.kdl");
        assert_eq!(uri(Path::new("/x/y.kdl")), "/x/y.kdl");
        assert_eq!(uri(Path::new("../y.kdl")), "../y.kdl");
    }
}
