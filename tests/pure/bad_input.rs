//! Whatever is wrong with the file or the command line, `pipe` says what, where, and how to mend it; it never panics.

use std::path::Path;
use std::process::{Command, Output};

fn pipe(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pipe"))
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .output()
        .expect("the binary of this package can be run")
}

/// What `pipe check` says of a file with these bytes: the exit code and everything it wrote.
fn check(bytes: &[u8]) -> (i32, String) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("pipeline.kdl"), bytes).expect("a file in it");
    said(&pipe(directory.path(), &["check", "--format", "concise"]))
}

fn said(output: &Output) -> (i32, String) {
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!text.contains("panicked"), "{text}");
    (output.status.code().expect("it ended by itself"), text)
}

#[track_caller]
fn finds(bytes: &[u8], expected: i32, codes: &[&str]) {
    let (code, text) = check(bytes);
    for slug in codes {
        assert!(text.contains(&format!("[{slug}]")), "no `{slug}` in:\n{text}");
    }
    assert_eq!(code, expected, "{text}");
}

const STAGE: &str = "stage a {\n    image \"busybox:1.35\"\n    command echo a\n}\n";

#[test]
fn a_missing_file_is_named() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let (code, text) = said(&pipe(directory.path(), &["check", "nowhere.kdl"]));
    assert!(text.contains("no-pipeline-file") && text.contains("nowhere.kdl"), "{text}");
    assert_eq!(code, 2);
    let (code, text) = said(&pipe(directory.path(), &["run"]));
    assert!(text.contains("no-pipeline-file"), "{text}");
    assert_eq!(code, 2);
}

#[test]
fn a_directory_without_a_pipeline_is_told() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for command in ["check", "plan"] {
        let (code, text) = said(&pipe(directory.path(), &[command, "./"]));
        assert!(text.contains("no-pipeline-file") && text.contains("`./`"), "{text}");
        assert_eq!(code, 2);
    }
}

#[test]
fn an_empty_file_says_what_is_missing() {
    let (code, text) = check(b"");
    assert!(text.contains("[empty-pipeline]"), "{text}");
    assert_eq!(code, 1);
}

#[test]
fn a_binary_file_is_told_from_a_text() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("pipeline.kdl"), [0x7f, b'E', b'L', b'F', 0xff, 0xfe, 0, 1])
        .expect("a file in it");
    let (code, text) = said(&pipe(directory.path(), &["check"]));
    assert!(text.contains("not-utf8"), "{text}");
    assert_ne!(code, 0);
}

#[test]
fn an_enormous_file_is_refused_before_it_is_read_whole() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let file = std::fs::File::create(directory.path().join("pipeline.kdl")).expect("a file in it");
    file.set_len(1 << 40).expect("a sparse file");
    let (code, text) = said(&pipe(directory.path(), &["check"]));
    assert!(text.contains("unreadable-file") && text.contains("4 MiB"), "{text}");
    assert_eq!(code, 3);
}

#[test]
fn deep_nesting_is_refused() {
    let (code, text) = check("a {".repeat(100_000).as_bytes());
    assert_eq!(code, 1, "{}", &text[..text.len().min(2000)]);
}

/// Texts that were made to hurt, each with the code that it is told of: nothing aborts, in no format, and what is told is finite.
#[test]
fn texts_that_were_made_to_hurt_are_told_of() {
    let line = |begin: &str, fill: &str, end: &str| {
        let room = (4 << 20) - begin.len() - end.len();
        [begin, &fill.repeat(room / fill.len()), end].concat()
    };
    let many = |text: &str| text.repeat(100_000);
    let stage = |word: &str| format!("stage a {{\n    image \"busybox:1.35\"\n    command echo {word}\n}}\n");
    let cases: [(&str, Vec<u8>, &str); 28] = [
        ("a comment of 4 MiB", line("// ", "x", "").into(), "empty-pipeline"),
        ("a string of 4 MiB", line("a \"", "x", "\"").into(), "text-limit"),
        ("a raw string of 4 MiB", line("a #\"", "\"", "\"#").into(), "text-limit"),
        ("a word of 4 MiB", line("", "x", "").into(), "unknown-node"),
        ("4 MiB of nodes on a line", line("", "a;", "").into(), "text-limit"),
        ("4 MiB of hashes", line("", "#", "").into(), "hash-comment"),
        ("4 MiB of line ends", line("", "\r\n", "").into(), "empty-pipeline"),
        ("more than 4 MiB", line("", "a\n", "xxxxxxxx").repeat(2).into(), "unreadable-file"),
        ("100,000 opening braces", many("{").into(), "unknown-node"),
        ("100,000 blocks", many("a {").into(), "text-limit"),
        ("100,000 closing braces", many("}").into(), "stray-brace"),
        ("100,000 brackets", many("[").into(), "list-syntax"),
        ("100,000 types", many("(").into(), "unclosed-type"),
        ("100,000 slashdashed blocks", many("/-{").into(), "text-limit"),
        ("100,000 slashdashes", many("/-").into(), "bad-slashdash"),
        ("100,000 slashdashed nodes", many("/-a {").into(), "text-limit"),
        ("100,000 comments in one another", many("/*").into(), "unclosed-comment"),
        ("NUL", b"a\0b\n\0".to_vec(), "disallowed-character"),
        ("NUL in a string", stage("\"a\0b\"").into(), "disallowed-character"),
        ("64 KiB of NUL", vec![0; 64 << 10], "disallowed-character"),
        ("an escape that is half a character", stage("\"\\u{D800}\"").into(), "bad-escape"),
        ("the other half", stage("\"\\u{dfff}\"").into(), "bad-escape"),
        ("both halves", stage("\"\\u{D83D}\\u{DE00}\"").into(), "bad-escape"),
        ("half a character in bytes", b"a \"\xed\xa0\x80\"".to_vec(), "not-utf8"),
        ("text that turns around", stage("\"\u{202e}cba\"").into(), "disallowed-character"),
        ("a comment that turns around", format!("// \u{2066}x\u{2069}\n{STAGE}").into(), "disallowed-character"),
        ("nothing", Vec::new(), "empty-pipeline"),
        ("a byte order mark alone", b"\xef\xbb\xbf".to_vec(), "empty-pipeline"),
    ];
    let mut wrong = Vec::new();
    for (name, bytes, code) in cases {
        let directory = tempfile::tempdir().expect("a temporary directory");
        std::fs::write(directory.path().join("pipeline.kdl"), &bytes).expect("a file in it");
        let reports = ["concise", "json", "sarif"].map(|format| format!("--report={format}={format}"));
        let [concise, json, sarif] = reports.each_ref().map(String::as_str);
        let (status, full) = said(&pipe(directory.path(), &["check", concise, json, sarif]));
        let report = |name: &str| std::fs::read_to_string(directory.path().join(name)).expect("it is written");
        for (format, text) in
            ["concise", "json", "sarif"].map(|name| (name, report(name))).into_iter().chain([("full", full)])
        {
            if !matches!(status, 1 | 3) || !text.contains(code) {
                wrong.push(format!("{name}, {format}: {status}, no `{code}` in:\n{text:.500}"));
            }
            if text.len() > 1 << 20 {
                wrong.push(format!("{name}, {format}: {} bytes are told:\n{text:.500}", text.len()));
            }
        }
        // What cannot be read whole is not formatted.
        let (status, text) = said(&pipe(directory.path(), &["fmt", "--check"]));
        if !(0..=3).contains(&status) {
            wrong.push(format!("{name}, fmt: {status} {text:.500}"));
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_mistake_is_told_at_once() {
    let text =
        "stage a {\n    imag \"busybox:1.35\"\n    timeout 10\n    needs b\n}\nservise db { image \"busybox:1.35\" }\n";
    finds(text.as_bytes(), 1, &["unknown-node", "unknown-reference"]);
    let (_, told) = check(text.as_bytes());
    assert!(told.lines().filter(|line| line.contains("error[")).count() >= 4, "{told}");
}

#[test]
fn a_cycle_is_drawn_edge_by_edge() {
    let text = "stage a {\n    image \"busybox:1.35\"\n    needs c\n}\nstage b {\n    image \"busybox:1.35\"\n    needs a\n}\nstage c {\n    image \"busybox:1.35\"\n    needs b\n}\n";
    finds(text.as_bytes(), 1, &["dependency-cycle"]);
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("pipeline.kdl"), text).expect("a file in it");
    let (_, full) = said(&pipe(directory.path(), &["check"]));
    for line in ["needs c", "needs a", "needs b"] {
        assert!(full.contains(line), "{line} is not shown:\n{full}");
    }
}

#[test]
fn wrong_durations_are_told_with_the_right_form() {
    finds(b"stage a {\n    image \"busybox:1.35\"\n    timeout \"10 parsecs\"\n}\n", 1, &["bad-duration"]);
}

#[test]
fn a_context_that_is_not_there_is_told() {
    let text = format!("image x {{ build nowhere }}\nstage b {{ image x }}\n{STAGE}");
    finds(text.as_bytes(), 1, &["missing-context"]);
}

#[test]
fn a_dockerfile_without_the_target_is_told() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("Dockerfile"), "FROM busybox:1.35 AS release\n").expect("a file in it");
    std::fs::write(directory.path().join("pipeline.kdl"), "image x { build . target=releese }\nstage b { image x }\n")
        .expect("a file in it");
    let (code, text) = said(&pipe(directory.path(), &["check"]));
    assert!(text.contains("unknown-build-target") && text.contains("release"), "{text}");
    assert_eq!(code, 1);
}

#[test]
fn two_pipeline_nodes_are_told() {
    finds(format!("pipeline a\npipeline b\n{STAGE}").as_bytes(), 1, &["duplicate-node"]);
}

#[test]
fn a_bind_source_that_is_missing_is_told() {
    finds(b"stage a {\n    image \"busybox:1.35\"\n    mount \"./nowhere\" \"/x\"\n}\n", 1, &["missing-bind-source"]);
}

#[test]
fn an_unset_param_is_told_with_both_ways_to_set_it() {
    let text =
        b"param version env=VERSION\nstage a {\n    image \"busybox:1.35\"\n    command echo \"{{version}}\"\n}\n";
    finds(text, 1, &["unset-param"]);
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("pipeline.kdl"), text).expect("a file in it");
    let (code, _) = said(&pipe(directory.path(), &["check", "--set", "version=1"]));
    assert_eq!(code, 0);
}

#[test]
fn an_engine_that_is_not_there_is_told_with_what_was_tried() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("pipeline.kdl"), STAGE).expect("a file in it");
    let output = Command::new(env!("CARGO_BIN_EXE_pipe"))
        .arg("run")
        .current_dir(directory.path())
        .env("DOCKER_HOST", "unix:///nowhere/docker.sock")
        .output()
        .expect("the binary of this package can be run");
    let (code, text) = said(&output);
    assert!(text.contains("engine-unreachable") && text.contains("/nowhere/docker.sock"), "{text}");
    assert!(text.contains("unset DOCKER_HOST"), "{text}");
    assert_eq!(code, 3);
}

#[test]
fn an_unknown_target_has_near_misses() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("pipeline.kdl"), STAGE.replace("stage a", "stage unit"))
        .expect("a file in it");
    let (code, text) = said(&pipe(directory.path(), &["plan", "pipeline.kdl", "unti"]));
    assert!(text.contains("unknown-target") && text.contains("`unit`"), "{text}");
    assert_eq!(code, 2);
}

#[test]
fn the_version_is_json_and_nothing_else() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let text = format!("param app-version env=APP_VERSION {{ command git rev-parse --short HEAD }}\n{STAGE}");
    std::fs::write(directory.path().join("pipeline.kdl"), text).expect("a file in it");
    let output = pipe(directory.path(), &["version", "--set", "app-version=5cd83c0"]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "{\"Version\":\"5cd83c0\"}\n");
    assert!(output.status.success());
    // No repository here: the message names the variable that mends it.
    let (code, text) = said(&pipe(directory.path(), &["version"]));
    assert!(text.contains("param-command-failed") && text.contains("APP_VERSION"), "{text}");
    assert_eq!(code, 2);
}

#[test]
fn a_directory_stands_for_the_pipeline_in_it() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::create_dir(directory.path().join("shop")).expect("a directory in it");
    std::fs::write(directory.path().join("shop/pipeline.kdl"), STAGE).expect("a file in that");
    let (code, text) = said(&pipe(directory.path(), &["check", "shop"]));
    assert_eq!((code, text.as_str()), (0, "shop/pipeline.kdl: no findings\n"), "a clean file is named");
    let (code, text) = said(&pipe(directory.path(), &["plan", "shop", "a"]));
    assert!(text.contains("a  run echo a  (wanted)"), "{text}");
    assert_eq!(code, 0);
}

#[test]
fn a_report_that_cannot_be_written_is_told_before_anything_is_run() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("pipeline.kdl"), STAGE).expect("a file in it");
    let output = Command::new(env!("CARGO_BIN_EXE_pipe"))
        .args(["run", "--report", "junit=pipeline.kdl/deep/report.xml"])
        .current_dir(directory.path())
        .env("DOCKER_HOST", "unix:///nowhere/docker.sock")
        .output()
        .expect("the binary of this package can be run");
    let (code, text) = said(&output);
    assert!(text.contains("report-unwritable") && text.contains("pipeline.kdl/deep/report.xml"), "{text}");
    assert!(!text.contains("engine-unreachable"), "{text}");
    assert_eq!(code, 3);
}

#[test]
fn two_reports_in_one_file_are_refused() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("pipeline.kdl"), STAGE).expect("a file in it");
    let (code, text) = said(&pipe(directory.path(), &["run", "--report", "junit=r.xml", "--report", "junit=./r.xml"]));
    assert!(text.contains("two reports would be written to `./r.xml`"), "{text}");
    assert_eq!(code, 2);
    assert!(!directory.path().join("r.xml").exists());
}

#[test]
fn words_of_compose_lead_to_their_page() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for (word, page) in [("depends_on", "pipe explain needs"), ("helthcheck", "pipe explain healthcheck")] {
        let (code, text) = said(&pipe(directory.path(), &["explain", word]));
        assert!(text.contains("unknown-topic") && text.contains(page), "{text}");
        assert_eq!(code, 2);
    }
    let (code, text) = said(&pipe(directory.path(), &["explain"]));
    for topic in ["healthcheck", "acceptance", "stage-failed", "yaml-text"] {
        assert!(text.split_whitespace().any(|word| word == topic), "{topic}: {text}");
    }
    assert_eq!(code, 0);
}

#[test]
fn numbers_and_words_of_options_are_told() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for (option, told) in [
        ("--jobs=0", "write a number from 1 on"),
        ("--jobs=many", "write a number from 1 on"),
        ("--progress=fancy", "auto, plain, json, quiet"),
        ("--report=xml=x", "a report is `FORMAT=FILE`, with one of junit, tap, json, html, markdown, gitlab, trace"),
        ("--report=tap", "say where to: `tap=FILE`"),
        ("--report=tap=", "say where to: `tap=FILE`"),
    ] {
        let (code, text) = said(&pipe(directory.path(), &["run", option]));
        assert!(text.contains(told), "{option}: {text}");
        assert_eq!(code, 2, "{option}");
    }
}

#[test]
fn a_plan_says_how_it_is_read() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("pipeline.kdl"), STAGE).expect("a file in it");
    let (code, text) = said(&pipe(directory.path(), &["plan"]));
    assert!(text.starts_with("// #step [steps that come before]"), "{text}");
    assert_eq!(code, 0);
}

#[test]
fn the_help_of_every_command_shows_where_the_file_stands() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for command in ["check", "plan", "run", "up", "down", "ps", "logs", "port", "clean", "version", "push"] {
        let (code, text) = said(&pipe(directory.path(), &[command, "--help"]));
        assert!(text.contains(" [FILE]"), "{command}: {text}");
        assert_eq!(code, 0, "{command}");
    }
    let (_, text) = said(&pipe(directory.path(), &["--help"]));
    assert!(text.contains("Exit codes:") && text.contains("pipe explain service"), "{text}");
}
