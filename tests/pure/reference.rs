//! What is made from the schema table stands in the repository as it is made: `UPDATE=1` writes it anew.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use pipe::schema;

#[test]
fn the_reference_is_that_of_the_table() {
    let folder = root().join("specs/language");
    let made = pages();
    for (name, text) in &made {
        compare(&folder.join(name), text);
    }
    let made: BTreeSet<&str> = made.iter().map(|(name, _)| name.as_str()).collect();
    for file in fs::read_dir(&folder).expect("the reference has a folder") {
        let name = file.expect("the folder can be read").file_name();
        assert!(made.contains(name.to_string_lossy().as_ref()), "nothing makes {name:?}");
    }
}

#[test]
fn the_grammar_is_that_of_the_table() {
    compare(&root().join("grammar/pipeline.schema.kdl"), &schema::grammar());
}

#[test]
fn the_schemas_and_the_colours_are_those_of_the_table() {
    for (name, made) in [("pipeline.schema.json", schema::json_schema()), ("pipe.tmLanguage.json", schema::textmate())]
    {
        let text = serde_json::to_string_pretty(&made).expect("its keys are strings") + "\n";
        compare(&root().join("grammar").join(name), &text);
    }
}

#[test]
fn links_of_the_reference_lead_somewhere() {
    let pages = pages();
    for (name, text) in &pages {
        for target in text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target) {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            if file.starts_with("https:") {
                continue;
            }
            if let Some(beside) = file.strip_prefix("../") {
                let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs").join(beside);
                assert!(place.is_file(), "{name} links to {target}");
                continue;
            }
            let file = if file.is_empty() { name } else { file };
            let page = pages.iter().find(|(name, _)| name == file);
            let (_, page) = page.unwrap_or_else(|| panic!("{name} links to {target}"));
            let heading = |line: &str| line.starts_with('#') && line.ends_with(&format!(" `{anchor}`"));
            assert!(anchor.is_empty() || page.lines().any(heading), "{name} links to {target}");
        }
    }
}

#[test]
fn every_node_is_explained() {
    let text = schema::explain("service.healthcheck").expect("a path leads to a node");
    assert!(text.starts_with("# `healthcheck`") && text.contains("start-period"), "{text}");
    let text = schema::explain("timeout").expect("a name leads to all nodes of that name");
    assert!(text.matches("# `timeout`").count() >= 2, "{text}");
    let text = schema::explain("stage.matrix").expect("lines of the author's own are explained");
    assert!(text.contains("An axis"), "{text}");
    assert_eq!(schema::explain("service.nothing"), None);
}

/// All pages, with that of the vocabulary by example.
fn pages() -> Vec<(String, String)> {
    let mut pages = schema::reference();
    pages.push(("vocabulary.md".to_owned(), crate::vocabulary::page()));
    pages
}

fn compare(path: &Path, made: &str) {
    if env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("the folder can be made");
        fs::write(path, made).expect("the file can be written");
    }
    let committed = fs::read_to_string(path).unwrap_or_default();
    assert!(committed == made, "{} is not what the table makes: run this test with UPDATE=1", path.display());
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
