use serde_json::{Value, json};

use super::DOCUMENT;
use super::lookup::all;

/// A grammar for editors that colour by TextMate's rules: KDL 2, with the nodes and properties of the table.
pub fn textmate() -> Value {
    let there = || all().into_iter().skip(1);
    let top: Vec<&str> = DOCUMENT.nodes().map(|node| node.name).collect();
    let nodes = there().map(|node| node.name).filter(|name| !top.contains(name));
    let properties = there().flat_map(|node| node.properties).flat_map(|property| {
        let not = property.negatable.then(|| format!("not-{}", property.name));
        [Some(property.name.to_owned()), not].into_iter().flatten()
    });
    // What begins a node: the start of a line or block, after `;`, or after a slashdash.
    let begins = "(?:(?<=^|[{;])\\s*|(?<=/-)\\s*)";
    let ends = "(?=[\\s{};]|$)";
    json!({
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "comment": "Made from the table in src/schema by `UPDATE=1 cargo test --test pure reference`.",
        "name": "pipe",
        "scopeName": "source.pipe",
        "fileTypes": ["pipeline.kdl"],
        "patterns": [
            { "include": "#comment" },
            { "include": "#string" },
            { "name": "keyword.control.pipe", "match": format!("{begins}({}){ends}", alternatives(top.iter().copied())) },
            { "name": "entity.name.tag.pipe", "match": format!("{begins}({}){ends}", alternatives(nodes)) },
            {
                "match": format!("({})(=)", alternatives(properties)),
                "captures": { "1": { "name": "entity.other.attribute-name.pipe" }, "2": { "name": "punctuation.separator.key-value.pipe" } },
            },
            { "include": "#constant" },
            { "include": "#annotation" },
            { "name": "punctuation.section.block.pipe", "match": "[{}]" },
        ],
        "repository": {
            "comment": {
                "patterns": [
                    { "name": "comment.line.double-slash.pipe", "match": "//.*$" },
                    { "name": "comment.block.pipe", "begin": "/\\*", "end": "\\*/", "patterns": [{ "include": "#comment" }] },
                    { "name": "keyword.other.slashdash.pipe", "match": "/-" },
                    { "name": "constant.character.escape.continuation.pipe", "match": "\\\\(?=\\s*(//.*)?$)" },
                ],
            },
            "string": {
                "patterns": [
                    {
                        "name": "string.quoted.other.raw.block.pipe",
                        "begin": "(#+)\"\"\"$", "end": "\"\"\"\\1",
                        "patterns": [{ "include": "#hole" }],
                    },
                    { "name": "string.quoted.other.raw.pipe", "begin": "(#+)\"", "end": "\"\\1|$", "patterns": [{ "include": "#hole" }] },
                    {
                        "name": "string.quoted.triple.pipe",
                        "begin": "\"\"\"$", "end": "\"\"\"",
                        "patterns": [{ "include": "#escape" }, { "include": "#hole" }],
                    },
                    {
                        "name": "string.quoted.double.pipe",
                        "begin": "\"", "end": "\"",
                        "patterns": [{ "include": "#escape" }, { "include": "#hole" }],
                    },
                ],
            },
            "escape": {
                "patterns": [
                    { "name": "constant.character.escape.pipe", "match": "\\\\([nrtsbf\"\\\\]|u\\{[0-9A-Fa-f]{1,6}\\}|\\s+)" },
                    { "name": "invalid.illegal.escape.pipe", "match": "\\\\." },
                ],
            },
            "hole": {
                "patterns": [
                    { "name": "constant.character.escape.pipe", "match": "\\{\\{\\{\\{" },
                    {
                        "name": "meta.interpolation.pipe",
                        "begin": "\\{\\{", "end": "\\}\\}",
                        "beginCaptures": { "0": { "name": "punctuation.section.interpolation.begin.pipe" } },
                        "endCaptures": { "0": { "name": "punctuation.section.interpolation.end.pipe" } },
                        "patterns": [{ "name": "variable.other.pipe", "match": "[A-Za-z_][A-Za-z0-9_-]*" }],
                    },
                ],
            },
            "constant": {
                "patterns": [
                    { "name": "constant.language.pipe", "match": "#(true|false|null|inf|-inf|nan)\\b" },
                    { "name": "invalid.illegal.keyword.pipe", "match": "(?<=[\\s=])(true|false|null)(?=[\\s{};]|$)" },
                    { "name": "constant.numeric.pipe", "match": "(?<=[\\s=)])[+-]?(0x[0-9A-Fa-f_]+|0o[0-7_]+|0b[01_]+|[0-9][0-9_]*(\\.[0-9][0-9_]*)?([eE][+-]?[0-9_]+)?)(?=[\\s{};]|$)" },
                ],
            },
            "annotation": { "name": "storage.type.annotation.pipe", "match": "\\(\\s*[^()\\s]+\\s*\\)" },
        },
    })
}

/// Words as alternatives of a regular expression, longer ones first, each once.
fn alternatives<S: Into<String>>(words: impl IntoIterator<Item = S>) -> String {
    let mut words: Vec<String> = words.into_iter().map(Into::into).collect();
    words.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    words.dedup();
    words.join("|")
}
