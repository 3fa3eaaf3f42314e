//! `pipe fmt` writes one form, and only where it may.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use pipe::diagnostic::{blocks, codes};
use pipe::schema::PAGES;
use pipe::source::{Files, Spanned};
use pipe::syntax::{Node, format, parse};

const LOOSE: &str = "stage a{\n  image   \"busybox:1.35\" // the smallest\n  command echo a\n\n\n}\n";
const FORM: &str = "stage a {\n    image \"busybox:1.35\" // the smallest\n    command echo a\n}\n";

fn pipe(directory: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_pipe"))
        .arg("fmt")
        .args(arguments)
        .current_dir(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary of this package can be run");
    // It need not read what it was not asked to.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    child.wait_with_output().expect("it ends")
}

/// Exit code, standard output, standard error.
fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().expect("it ended by itself"), text(&output.stdout), text(&output.stderr))
}

fn with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for (path, text) in files {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("a file");
    }
    directory
}

fn read(directory: &tempfile::TempDir, path: &str) -> String {
    fs::read_to_string(directory.path().join(path)).expect("it is there")
}

#[test]
fn files_are_written_where_that_changes_them() {
    let directory = with(&[("pipeline.kdl", LOOSE), ("b/pipeline.kdl", FORM), ("c.kdl", LOOSE)]);
    let before = fs::metadata(directory.path().join("b/pipeline.kdl")).and_then(|it| it.modified()).expect("a time");
    let (code, out, err) = said(&pipe(directory.path(), &["pipeline.kdl", "b", "c.kdl"], ""));
    assert_eq!((code, out.as_str(), err.as_str()), (0, "", "formatted pipeline.kdl\nformatted c.kdl\n"));
    assert_eq!([read(&directory, "pipeline.kdl"), read(&directory, "c.kdl")], [FORM, FORM]);
    let after = fs::metadata(directory.path().join("b/pipeline.kdl")).and_then(|it| it.modified()).expect("a time");
    assert_eq!(before, after, "what is in form is not written");
    assert_eq!(said(&pipe(directory.path(), &["pipeline.kdl", "c.kdl"], "")), (0, String::new(), String::new()));
}

#[test]
fn the_nearest_pipeline_is_found() {
    let directory = with(&[("pipeline.kdl", LOOSE), ("deep/er/x", "")]);
    let (code, ..) = said(&pipe(&directory.path().join("deep/er"), &[], ""));
    assert_eq!((code, read(&directory, "pipeline.kdl").as_str()), (0, FORM));
    let empty = with(&[]);
    let (code, _, err) = said(&pipe(empty.path(), &[], ""));
    assert!(code == 2 && err.contains("no-pipeline-file"), "{err}");
}

#[test]
fn standard_input_becomes_standard_output() {
    let directory = with(&[]);
    assert_eq!(said(&pipe(directory.path(), &["-"], LOOSE)), (0, FORM.to_owned(), String::new()));
    let (code, out, err) = said(&pipe(directory.path(), &["-", "--stdin-filename", "x/y.kdl"], "a {"));
    assert!(code == 2 && out.is_empty() && err.contains("x/y.kdl:1:3") && err.contains("unclosed-brace"), "{err}");
}

#[test]
fn check_lists_and_diff_shows_without_writing() {
    let directory = with(&[("a.kdl", LOOSE), ("b.kdl", FORM)]);
    assert_eq!(said(&pipe(directory.path(), &["--check", "a.kdl", "b.kdl"], "")), (1, "a.kdl\n".into(), String::new()));
    assert_eq!(said(&pipe(directory.path(), &["--check", "b.kdl"], "")).0, 0);
    let (code, out, _) = said(&pipe(directory.path(), &["--diff", "a.kdl", "b.kdl"], ""));
    assert_eq!(code, 1);
    assert!(out.starts_with("--- a.kdl\n+++ a.kdl\n@@ -1,6 +1,4 @@\n-stage a{\n"), "{out}");
    assert_eq!(read(&directory, "a.kdl"), LOOSE);
}

#[test]
fn what_has_mistakes_stays_and_the_rest_is_formatted() {
    let broken = "stage a {\n  command echo 10s\n}\n";
    let directory = with(&[("a.kdl", broken), ("b.kdl", LOOSE)]);
    let (code, _, err) = said(&pipe(directory.path(), &["a.kdl", "b.kdl", "nowhere.kdl"], ""));
    assert_eq!(code, 2);
    assert!(err.contains("unquoted-value") && err.contains("a.kdl: not formatted, 1 error"), "{err}");
    assert!(err.contains("formatted b.kdl") && err.contains("no file `nowhere.kdl`"), "{err}");
    assert_eq!((read(&directory, "a.kdl").as_str(), read(&directory, "b.kdl").as_str()), (broken, FORM));
    fs::write(directory.path().join("c.kdl"), b"a \xFF\n").expect("a file");
    let (code, _, err) = said(&pipe(directory.path(), &["c.kdl"], ""));
    assert!(code == 2 && err.contains("not-utf8"), "{err}");
}

#[test]
fn kdl_1_becomes_kdl_2() {
    let directory = with(&[(
        "pipeline.kdl",
        "image app {\n  build \".\" pull=true no-cache=false\n}\nstage a { image app; sh r\"echo \\n\" }\n",
    )]);
    assert_eq!(said(&pipe(directory.path(), &[], "")).0, 0);
    assert_eq!(
        read(&directory, "pipeline.kdl"),
        "image app {\n    build \".\" pull=#true no-cache=#false\n}\nstage a { image app; sh #\"echo \\n\"# }\n"
    );
}

/// What we show others is in form. `UPDATE=1` formats the examples and the README.
#[test]
fn what_we_show_is_in_form() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = Vec::new();
    for path in examples(&root.join("specs/examples")) {
        let text = fs::read_to_string(&path).expect("an example");
        match in_form(&text) {
            // An example of a mistake in the text.
            None => {}
            Some(form) if form == text => {}
            Some(form) if update => fs::write(&path, form).expect("it can be written"),
            Some(_) => wrong.push(path.display().to_string()),
        }
    }
    let readme = root.join("README.md");
    let mut text = fs::read_to_string(&readme).expect("it is there");
    for block in blocks(&text.clone()).iter().filter(|block| block.info.first() == Some(&"kdl")) {
        match in_form(&block.text) {
            Some(form) if form != block.text && update => text = text.replace(&block.text, &form),
            Some(form) if form != block.text => wrong.push(format!("README.md:{}", block.line)),
            _ => {}
        }
    }
    if update {
        fs::write(readme, text).expect("it can be written");
    }
    let pages = PAGES.iter().filter(|page| in_form(page.example).is_some_and(|form| form != page.example));
    wrong.extend(pages.map(|page| format!("the page `{}` of src/schema/pages.rs", page.slug)));
    assert!(wrong.is_empty(), "`pipe fmt` would change {}", wrong.join(", "));
}

/// Every block of every page of a code: formatted once it is formatted for good, and what is clean stays so.
#[test]
fn pages_of_codes_are_formatted_for_good() {
    for code in codes::all() {
        for block in blocks(code.page()).iter().filter(|block| block.info.first() == Some(&"kdl")) {
            let Some(form) = in_form(&block.text) else {
                assert!(!block.is("good"), "{code}.md:{}", block.line);
                continue;
            };
            assert_eq!(in_form(&form).as_deref(), Some(form.as_str()), "{code}.md:{}", block.line);
        }
    }
}

/// The official cases of KDL 2: what is valid keeps its content, and once is for good.
#[test]
fn the_official_cases_keep_what_they_say() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/kdl-suite/input");
    let mut seen = 0;
    for path in examples(&folder).into_iter().filter(|path| !path.to_string_lossy().ends_with("_fail.kdl")) {
        let text = fs::read_to_string(&path).expect("a valid case is text");
        let form = in_form(&text).unwrap_or_else(|| panic!("{} is valid", path.display()));
        assert_eq!(in_form(&form).as_deref(), Some(form.as_str()), "{}", path.display());
        let told = |text: &str| {
            let files = Files::single("pipeline.kdl", text);
            let (document, _) = parse(files.root());
            document.nodes.iter().map(content).collect::<Vec<_>>()
        };
        assert_eq!(told(&text), told(&form), "{}", path.display());
        seen += 1;
    }
    assert!(seen > 150, "{seen} cases");
}

/// All that a node says, without its places.
fn content(node: &Node) -> String {
    let annotated =
        |it: &Option<Spanned<String>>| it.as_ref().map(|it| format!("({:?})", it.value)).unwrap_or_default();
    let entries = node.entries.iter().map(|entry| {
        let name = entry.name.as_ref().map(|name| format!("{:?}=", name.value)).unwrap_or_default();
        format!(" {name}{}{:?}", annotated(&entry.annotation), entry.value.value)
    });
    let children = node.children.as_ref().map(|nodes| nodes.iter().map(content).collect::<Vec<_>>());
    format!("{}{:?}{}{children:?}", annotated(&node.annotation), node.name.value, entries.collect::<String>())
}

fn in_form(text: &str) -> Option<String> {
    format(Files::single("pipeline.kdl", text).root()).0
}

fn examples(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder of examples") {
            let path = entry.expect("an example").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "kdl") {
                found.push(path);
            }
        }
    }
    found
}
