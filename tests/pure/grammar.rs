//! What stands in `grammar/` fits what the program reads and writes.

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use pipe::diagnostic::{blocks, codes};
use pipe::schema::PAGES;
use pipe::source::Files;
use pipe::syntax::{Entry, Node, Value as Kdl, parse};
use serde_json::{Value, json};

fn grammar(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar").join(name);
    serde_json::from_str(&fs::read_to_string(path).expect("it is there")).expect("it is JSON")
}

fn validator(name: &str) -> Validator {
    let schema = grammar(name);
    jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
    jsonschema::draft202012::new(&schema).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The JSON form of a document that the schema is about; `None` where it has mistakes.
fn json_form(text: &str) -> Option<Value> {
    let files = Files::single("pipeline.kdl", text);
    let (document, diagnostics) = parse(files.root());
    (!diagnostics.has_errors()).then(|| document.nodes.iter().map(node).collect())
}

fn node(it: &Node) -> Value {
    let mut out = json!({ "name": it.name.value });
    if let Some(annotation) = &it.annotation {
        out["type"] = annotation.value.as_str().into();
    }
    let arguments: Vec<Value> = it.arguments().map(value).collect();
    if !arguments.is_empty() {
        out["arguments"] = arguments.into();
    }
    let properties: serde_json::Map<String, Value> =
        it.properties().map(|(name, entry)| (name.value.clone(), value(entry))).collect();
    if !properties.is_empty() {
        out["properties"] = properties.into();
    }
    if it.children.is_some() {
        out["children"] = it.children().iter().map(node).collect();
    }
    out
}

fn value(entry: &Entry) -> Value {
    let plain: Value = match &entry.value.value {
        Kdl::String(text) => text.as_str().into(),
        Kdl::Integer(number) => i64::try_from(*number).map_or_else(|_| (*number as f64).into(), Value::from),
        Kdl::Float(number) => (*number).into(),
        Kdl::Bool(it) => (*it).into(),
        Kdl::Null => Value::Null,
    };
    match &entry.annotation {
        Some(annotation) => json!({ "type": annotation.value, "value": plain }),
        None => plain,
    }
}

/// Every pipeline of the examples, the reference and the pages of codes that is clean.
fn clean_pipelines() -> Vec<(String, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut open = vec![root.join("specs/examples")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder of examples") {
            let path = entry.expect("an example").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "kdl") {
                found.push((path.display().to_string(), fs::read_to_string(&path).expect("an example")));
            }
        }
    }
    found.extend(PAGES.iter().map(|page| (page.slug.to_owned(), page.example.to_owned())));
    for code in codes::all() {
        let good = blocks(code.page()).into_iter().filter(|block| block.is("good"));
        found.extend(good.map(|block| (format!("{code}.md"), block.text)));
    }
    found
}

#[test]
fn clean_pipelines_fit_the_schema() {
    let validator = validator("pipeline.schema.json");
    let wrong: Vec<String> = clean_pipelines()
        .into_iter()
        .filter_map(|(name, text)| {
            let form = json_form(&text)?;
            let error = validator.iter_errors(&form).next()?;
            Some(format!("{name}: {} at {}", error, error.instance_path()))
        })
        .collect();
    assert!(wrong.is_empty(), "{} pipelines do not fit:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_the_table_refuses_does_not_fit_the_schema() {
    let validator = validator("pipeline.schema.json");
    for code in [
        codes::shape::UNKNOWN_NODE,
        codes::shape::MISPLACED_NODE,
        codes::shape::DUPLICATE_NODE,
        codes::shape::UNKNOWN_PROPERTY,
        codes::shape::MISSING_PROPERTY,
        codes::shape::MISSING_ARGUMENT,
        codes::shape::TOO_MANY_ARGUMENTS,
        codes::shape::WRONG_TYPE,
        codes::shape::OUT_OF_RANGE,
    ] {
        for block in blocks(code.page()).into_iter().filter(|block| block.is("bad")) {
            let form = json_form(&block.text).expect("its text has no mistakes");
            assert!(!validator.is_valid(&form), "{code}: {form:#}");
        }
    }
}

#[test]
fn the_colours_are_expressions_that_name_what_there_is() {
    let colours = grammar("pipe.tmLanguage.json").to_string();
    for word in ["service", "healthcheck", "interval", "not-contains", "#hole"] {
        assert!(colours.contains(word), "{word}");
    }
}
