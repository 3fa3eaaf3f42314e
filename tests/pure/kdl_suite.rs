//! The official test cases of KDL 2: each valid one becomes the document that it should, and each other one is told of.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use kdl::{KdlDocument, KdlNode, KdlValue};
use pipe::diagnostic::Diagnostics;
use pipe::source::Files;
use pipe::syntax::{Document, Node, Value, parse};

/// Valid cases that the KDL crate refuses as a whole file: a slashdash right after a value, which the grammar of KDL allows.
const CRATE_DIFFERS: &[&str] =
    &["zero_space_before_slashdash_arg", "zero_space_before_slashdash_children", "zero_space_before_slashdash_prop"];

/// A node by its content alone, in one form: arguments in their order, properties by name and the last of each.
#[derive(Debug, PartialEq)]
struct Content {
    annotation: Option<String>,
    name: String,
    arguments: Vec<(Option<String>, String)>,
    properties: BTreeMap<String, (Option<String>, String)>,
    children: Vec<Content>,
}

#[test]
fn valid_cases_become_the_documents_that_they_should() {
    let mut wrong = Vec::new();
    for (name, text) in cases("input").into_iter().filter(|(name, _)| !name.ends_with("_fail")) {
        let (document, diagnostics) = read(&text);
        if diagnostics.has_errors() {
            wrong.push(format!("{name}: {text:?} is told of: {:?}", told(&diagnostics)));
            continue;
        }
        let found = ours(&document.nodes);
        let expected = fs::read_to_string(folder("expected_kdl").join(format!("{name}.kdl")));
        let expected = expected.unwrap_or_else(|error| panic!("{name} has no expected text: {error}"));
        let (as_expected, told_of_expected) = read(&expected);
        if told_of_expected.has_errors() || found != ours(&as_expected.nodes) {
            wrong.push(format!("{name}: {text:?} should be {expected:?} and is {found:?}"));
        }
        match KdlDocument::parse(&text) {
            Ok(whole) if theirs(whole.nodes()) == found => {
                if CRATE_DIFFERS.contains(&name.as_str()) {
                    wrong.push(format!("{name}: the crate reads it as we do"));
                }
            }
            _ if CRATE_DIFFERS.contains(&name.as_str()) => {}
            Ok(whole) => {
                wrong.push(format!("{name}: {text:?} is {:?} to the crate, {found:?} to us", theirs(whole.nodes())))
            }
            Err(error) => wrong.push(format!("{name}: the crate refuses {text:?}: {:?}", error.diagnostics)),
        }
    }
    assert!(wrong.is_empty(), "{} cases are not read as they should be:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_case_that_should_fail_is_told_of() {
    let silent: Vec<String> = cases("input")
        .into_iter()
        .filter(|(name, _)| name.ends_with("_fail"))
        .filter(|(_, text)| !read(text).1.has_errors())
        .map(|(name, text)| format!("{name}: {text:?}"))
        .collect();
    assert!(silent.is_empty(), "{} cases are not told of:\n{}", silent.len(), silent.join("\n"));
}

#[test]
fn what_is_told_of_a_case_has_a_place_in_it() {
    for (name, text) in cases("input") {
        for diagnostic in read(&text).1.iter() {
            assert!(!diagnostic.labels.is_empty(), "{name}: {diagnostic:?}");
            for label in &diagnostic.labels {
                assert!(text.get(label.span.range()).is_some(), "{name}: {diagnostic:?}");
            }
        }
    }
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kdl-suite").join(name)
}

/// Names and texts of all cases, in the order of their names; those that are no UTF-8 are another test's matter.
fn cases(name: &str) -> Vec<(String, String)> {
    let files = fs::read_dir(folder(name)).expect("the folder is part of the project");
    let mut cases: Vec<(String, String)> = files
        .map(|file| file.expect("the folder can be read").path())
        .filter_map(|path| {
            let name = path.file_stem()?.to_string_lossy().into_owned();
            Some((name, String::from_utf8(fs::read(&path).ok()?).ok()?))
        })
        .collect();
    cases.sort();
    assert!(cases.len() > 200, "only {} cases were found", cases.len());
    cases
}

fn read(text: &str) -> (Document, Diagnostics) {
    parse(Files::single("case.kdl", text).root())
}

fn told(diagnostics: &Diagnostics) -> Vec<String> {
    diagnostics.iter().map(|diagnostic| format!("{}: {}", diagnostic.code, diagnostic.message)).collect()
}

fn ours(nodes: &[Node]) -> Vec<Content> {
    let content = |node: &Node| {
        let mut arguments = Vec::new();
        let mut properties = BTreeMap::new();
        for entry in &node.entries {
            let annotation = entry.annotation.as_ref().map(|annotation| annotation.value.clone());
            let value = match &entry.value.value {
                Value::String(value) => format!("{value:?}"),
                Value::Integer(value) => value.to_string(),
                Value::Float(value) => format!("{value:?}"),
                Value::Bool(value) => format!("#{value}"),
                Value::Null => "#null".to_owned(),
            };
            match &entry.name {
                Some(name) => drop(properties.insert(name.value.clone(), (annotation, value))),
                None => arguments.push((annotation, value)),
            }
        }
        Content {
            annotation: node.annotation.as_ref().map(|annotation| annotation.value.clone()),
            name: node.name.value.clone(),
            arguments,
            properties,
            children: ours(node.children()),
        }
    };
    nodes.iter().map(content).collect()
}

fn theirs(nodes: &[KdlNode]) -> Vec<Content> {
    let content = |node: &KdlNode| {
        let mut arguments = Vec::new();
        let mut properties = BTreeMap::new();
        for entry in node.entries() {
            let annotation = entry.ty().map(|annotation| annotation.value().to_owned());
            let value = match entry.value() {
                KdlValue::String(value) => format!("{value:?}"),
                KdlValue::Integer(value) => value.to_string(),
                KdlValue::Float(value) => format!("{value:?}"),
                KdlValue::Bool(value) => format!("#{value}"),
                KdlValue::Null => "#null".to_owned(),
            };
            match entry.name() {
                Some(name) => drop(properties.insert(name.value().to_owned(), (annotation, value))),
                None => arguments.push((annotation, value)),
            }
        }
        Content {
            annotation: node.ty().map(|annotation| annotation.value().to_owned()),
            name: node.name().value().to_owned(),
            arguments,
            properties,
            children: node.children().map_or_else(Vec::new, |children| theirs(children.nodes())),
        }
    };
    nodes.iter().map(content).collect()
}
