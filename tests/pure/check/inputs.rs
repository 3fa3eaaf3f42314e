//! What is checked: files, directories, standard input, the nearest pipeline; and what happens to those that cannot be.

use std::io::Read;
use std::process::Stdio;

use super::{BROKEN, Bench, CLEAN, WARNED};

#[test]
fn the_nearest_pipeline_is_found_from_below() {
    let bench = Bench::new([("pipeline.kdl", CLEAN), ("src/deep/x", "")]);
    let mut command = bench.command(&[]);
    let output = command.current_dir(bench.path().join("src/deep")).output().expect("it can be run");
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("pipeline.kdl: no findings"), "{output:?}");
}

#[test]
fn several_pipelines_are_checked_at_once_each_under_its_name() {
    let bench = Bench::new([("a/pipeline.kdl", BROKEN), ("b.kdl", CLEAN), ("c.kdl", WARNED)]);
    let said = bench.check(&["--format", "concise", "c.kdl", "a", "b.kdl", "./c.kdl"]);
    let places: Vec<&str> = said.lines().iter().map(|line| line.split(": ").next().unwrap_or_default()).collect();
    assert_eq!(places, ["c.kdl:1:8", "a/pipeline.kdl:3:13", "a/pipeline.kdl:4:11"], "in the order named, each once");
    assert_eq!(said.code, 1);
    let said = bench.check(&["c.kdl", "a", "b.kdl"]);
    assert!(said.out.ends_with("\n2 errors, 1 warning in 2 of 3 pipelines\n"), "{}", said.out);
    let said = bench.check(&["b.kdl", "b.kdl"]);
    assert_eq!((said.code, said.out.as_str()), (0, "b.kdl: no findings\n"));
}

#[test]
fn what_cannot_be_read_keeps_nobody_else_from_being_checked() {
    let bench = Bench::new([("pipeline.kdl", BROKEN), ("empty/x", "")]);
    bench.write("latin.kdl", b"stage a {\n    image \"caf\xe9:1\"\n}\n");
    let said = bench.check(&["--format", "concise", "nowhere.kdl", "latin.kdl", "empty", "pipeline.kdl"]);
    let expected = [
        "nowhere.kdl:1:1: error[no-pipeline-file]: ",
        "latin.kdl:2:15: error[not-utf8]: ",
        "empty:1:1: error[no-pipeline-file]: ",
        "pipeline.kdl:3:13: error[unquoted-value]: ",
        "pipeline.kdl:4:11: error[unknown-reference]: ",
    ];
    assert_eq!(said.lines().len(), expected.len(), "{}", said.out);
    for (line, beginning) in said.lines().into_iter().zip(expected) {
        assert!(line.starts_with(beginning), "{line}");
    }
    assert_eq!(said.code, 2, "a file that is not there is a mistake of the command line");
    let said = bench.check(&["latin.kdl"]);
    assert!(said.out.contains("[latin.kdl:2:15]"), "the place is drawn: {}", said.out);
    assert_eq!(said.code, 1);
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_ends_in_another_code() {
    let bench = Bench::new([("pipeline.kdl", CLEAN)]);
    // A loop of links is readable to nobody, root included.
    std::os::unix::fs::symlink("loop.kdl", bench.path().join("loop.kdl")).expect("a link");
    let said = bench.check(&["loop.kdl", "pipeline.kdl"]);
    assert!(said.out.contains("error[unreadable-file]: `loop.kdl` cannot be read"), "{}", said.out);
    assert!(said.out.ends_with("1 error in 1 of 2 pipelines\n"), "{}", said.out);
    assert_eq!(said.code, 3);
}

#[test]
fn standard_input_is_shown_and_resolved_as_it_is_named() {
    let bench = Bench::new([("shop/src/x", "")]);
    let text =
        "stage a {\n    image \"busybox:1.35\"\n    mount \"./src\" \"/src\" read-only\n    command ls \"/src\"\n}\n";
    let said = bench.check_input(&["-", "--stdin-filename", "shop/pipeline.kdl"], text);
    assert_eq!((said.code, said.out.as_str()), (0, "shop/pipeline.kdl: no findings\n"), "the file itself is not there");
    let said = bench.check_input(&["--stdin-filename", "shop/pipeline.kdl", "--format", "concise"], BROKEN);
    assert!(said.out.starts_with("shop/pipeline.kdl:3:13: "), "{}", said.out);
    let said = bench.check_input(&["-"], text);
    assert_eq!(said.code, 1, "from here there is no ./src: {}", said.out);
    let said = bench.check(&["pipeline.kdl", "--stdin-filename", "x.kdl"]);
    assert!(said.err.contains("standard input"), "{}", said.err);
    assert_eq!(said.code, 2);
}

#[test]
fn what_is_too_much_is_counted_and_can_be_had() {
    let text: String = (0..200).map(|at| format!("volume v{at}\n")).collect::<String>() + CLEAN;
    let bench = Bench::new([("pipeline.kdl", text.as_str())]);
    let said = bench.check(&[]);
    assert!(said.out.contains("\nand 150 more; `--all` shows them\n\n200 warnings\n"), "{}", said.out);
    assert_eq!(said.out.matches("warning[unused-volume]").count(), 50);
    let said = bench.check(&["--all"]);
    assert_eq!(said.out.matches("warning[unused-volume]").count(), 200);
    assert!(!said.out.contains(" more;"));
}

#[test]
fn ten_thousand_errors_end_soon_and_are_told_to_be_too_many() {
    let text = "stage a {\n    image x y z\n    imag \"busybox:1.35\"\n}\n".repeat(3400);
    let bench = Bench::new([("pipeline.kdl", text.as_str())]);
    let said = bench.check(&[]);
    assert!(said.out.lines().count() < 1000, "{}", said.out.lines().count());
    assert!(said.out.contains(" more; `--all` shows them\n"), "{}", &said.out[said.out.len() - 200..]);
    assert_eq!(said.code, 1);
}

#[test]
fn a_reader_that_has_gone_is_no_error() {
    let text: String = (0..2000).map(|at| format!("volume v{at}\n")).collect::<String>() + BROKEN;
    let bench = Bench::new([("pipeline.kdl", text.as_str())]);
    let mut child =
        bench.command(&["--all"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it can be run");
    let mut first = [0; 7];
    let mut out = child.stdout.take().expect("it is piped");
    out.read_exact(&mut first).expect("it writes");
    drop(out);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(
        (output.status.code(), output.stderr.as_slice()),
        (Some(1), &b""[..]),
        "the code is that of the findings"
    );
}

#[test]
fn no_line_is_wider_than_eighty_columns_where_the_terminal_is_not() {
    let long = "word ".repeat(200);
    let text = format!("stage a {{\n    image \"busybox:1.35\"\n    command echo \"{long}\" 10s \"{long}\"\n}}\n");
    let bench = Bench::new([("pipeline.kdl", text.as_str())]).variable("COLUMNS", "80");
    let said = bench.check(&[]);
    assert!(said.out.contains("10s"), "{}", said.out);
    let widest = said.out.lines().map(|line| line.chars().count()).max().unwrap_or_default();
    assert!(widest <= 80, "{widest} columns:\n{}", said.out);
}
