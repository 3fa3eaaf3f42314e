//! `pipe explain` has a page of everything, and shows it where it is asked to.

use std::path::Path;
use std::process::{Command, Output};

use pipe::diagnostic::codes;
use pipe::schema;

use crate::surroundings::without_wishes;

fn explain(arguments: &[&str], pager: Option<&Path>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pipe"));
    without_wishes(&mut command).arg("explain").args(arguments);
    match pager {
        Some(pager) => command.env("PAGER", format!("tee {}", pager.display())),
        None => &mut command,
    };
    command.output().expect("the binary of this package can be run")
}

fn text(arguments: &[&str]) -> String {
    let output = explain(arguments, None);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn every_code_and_every_node_is_listed() {
    let listed = text(&["--list"]);
    for code in codes::all() {
        let line = listed.lines().find(|line| line.starts_with(&format!("`{code}` ")));
        let line = line.unwrap_or_else(|| panic!("`{code}` is not listed"));
        assert!(["error", "warning", "advice"].iter().any(|weight| line.contains(weight)), "{line}");
    }
    for (path, _) in schema::paths() {
        assert!(listed.contains(&format!("`{path}`")), "`{path}` is not listed");
    }
    let codes_alone = text(&["--list", "codes"]);
    assert!(codes_alone.contains("`bare-keyword`") && !codes_alone.contains("`service.healthcheck`"));
    let fix = |code: &str| {
        let line = codes_alone.lines().find(|line| line.starts_with(&format!("`{code}`"))).expect("it is listed");
        line.contains(" safe ")
    };
    assert!(fix("bare-keyword") && !fix("stage-failed"));
}

#[test]
fn json_holds_all_that_is_known() {
    let of = |arguments: &[&str]| -> serde_json::Value { serde_json::from_str(&text(arguments)).expect("it is JSON") };
    let value = of(&["service.healthcheck", "--format", "json"]);
    assert_eq!((&value["v"], &value["nodes"][0]["name"]), (&1.into(), &"healthcheck".into()));
    let properties = value["nodes"][0]["properties"].as_array().expect("a list");
    let interval = properties.iter().find(|property| property["name"] == "interval").expect("it is there");
    assert_eq!(interval["type"], "duration");
    assert!(value["nodes"][0]["example"].as_str().is_some_and(|example| example.starts_with("healthcheck ")));
    let value = of(&["bare-keyword", "--format", "json"]);
    assert_eq!((&value["codes"][0]["class"], &value["codes"][0]["fix"]), (&"text".into(), &"safe".into()));
    let count = |value: &serde_json::Value, key: &str| value[key].as_array().map_or(0, Vec::len);
    let value = of(&["--list", "--format", "json"]);
    assert_eq!(count(&value, "codes"), codes::all().count());
    assert_eq!(count(&value, "nodes"), schema::paths().len());
}

#[test]
fn markdown_is_the_page_as_it_is_written() {
    let code = codes::find("key-colon").expect("a code");
    assert_eq!(text(&["key-colon", "--format", "markdown"]).trim_end(), code.page().trim_end());
    let page = text(&["service.healthcheck", "--format", "markdown"]);
    assert!(page.starts_with("# `healthcheck`") && page.contains("| `interval` |"), "{page}");
}

#[test]
fn pages_fit_a_screen() {
    for topic in ["service", "acceptance", "expect", "healthcheck", "key-colon", "command-needs-shell"] {
        let page = text(&[topic]);
        let wide = page.lines().find(|line| line.chars().count() > 100 && !line.starts_with("    "));
        assert_eq!(wide, None, "{topic}");
    }
}

#[test]
fn a_node_leads_to_what_may_be_wrong_with_it() {
    let page = text(&["service.healthcheck"]);
    assert!(page.contains("`bad-health-path`") && page.contains("For example:"), "{page}");
    let page = text(&["image"]);
    assert!(page.contains("`template.image`"), "the other places of that name: {page}");
}

#[test]
fn nothing_is_paged_where_nobody_looks() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let seen = directory.path().join("paged");
    let output = explain(&["service"], Some(&seen));
    assert!(output.status.success() && !output.stdout.is_empty());
    assert!(!seen.exists());
}

/// `script` gives the command a terminal. Where it is not installed, there is nothing to be seen.
#[test]
fn a_terminal_gets_the_page_through_its_pager() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let seen = directory.path().join("paged");
    let on_terminal = |pager: &str| {
        without_wishes(&mut Command::new("script"))
            .args(["-qec", concat!(env!("CARGO_BIN_EXE_pipe"), " explain service.healthcheck"), "/dev/null"])
            .env("PAGER", pager)
            .output()
    };
    let Ok(output) = on_terminal(&format!("tee {}", seen.display())) else { return };
    let paged = std::fs::read_to_string(&seen).expect("the pager was called");
    assert!(paged.contains("healthcheck") && paged.contains("\u{1b}["), "{paged}");
    assert!(output.status.success());
    let output = on_terminal("no-such-pager-anywhere").expect("it was there a moment ago");
    assert!(String::from_utf8_lossy(&output.stdout).contains("start-period"), "a page without a pager");
}
