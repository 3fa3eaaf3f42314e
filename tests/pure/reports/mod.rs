//! What a run leaves in files: one recording, told in every format.

mod browser;
mod critical_path;
mod recording;
mod teaching;

use std::process::Command;

use pipe::event::Verdict;
use pipe::probe::tap;
use pipe::report::ReportFormat;
use recording::{Recording, SECRET};
use serde_json::Value;

#[test]
fn the_same_recording_makes_the_same_bytes() {
    for format in ReportFormat::ALL {
        let once = Recording::of(Verdict::Failed).told(format);
        assert!(!once.is_empty());
        assert_eq!(once, Recording::of(Verdict::Failed).told(format), "{}", format.name());
    }
}

#[test]
fn what_is_written_of_the_pipeline_itself_hides_secrets() {
    for format in [ReportFormat::Html, ReportFormat::Markdown, ReportFormat::Trace] {
        let text = Recording::of(Verdict::Failed).told(format);
        assert!(!text.contains(SECRET), "{}:\n{text}", format.name());
    }
}

#[test]
fn tap_is_read_back_test_by_test() {
    let text = Recording::of(Verdict::Failed).told(ReportFormat::Tap);
    for line in [
        "TAP version 14",
        "1..4",
        "# Subtest: todos",
        "    1..4",
        "    ok 1 - passes",
        "    # flaky: passed at try 2",
        r"    ok 3 - not today # SKIP no \# time",
        r"    not ok 4 - <script>alert(1)</script> \# not | a directive `hunter2`",
        "not ok 1 - todos",
        "ok 2 - app: await",
        "not ok 3 - lint: run # TODO its failure is allowed",
        "not ok 4 - broken: run",
        "  ---",
        "    code: stage-failed",
        "  ...",
    ] {
        assert!(text.lines().any(|it| it.trim_start() == line.trim_start()), "no `{line}` in\n{text}");
    }
    assert!(!text.contains("Bail out!") && !text.contains('\u{1b}'), "{text}");
    let mut reader = tap::Tap::new(None);
    let mut cases: Vec<_> = text.lines().flat_map(|line| reader.line(line)).collect();
    let (rest, verdict) = reader.finish();
    cases.extend(rest);
    assert_eq!(cases.iter().filter(|case| case.status.is_failure()).count(), 2, "{cases:#?}");
    assert!(!verdict.passed());
    let interrupted = Recording::of(Verdict::Interrupted { signal: 2 }).told(ReportFormat::Tap);
    assert!(interrupted.ends_with("Bail out! interrupted by signal 2\n"), "{interrupted}");
}

#[test]
fn a_page_is_whole_in_itself() {
    let text = Recording::of(Verdict::Failed).told(ReportFormat::Html);
    for asked in ["<script", "<link", "<img", "src=", "url(", "@import", "<iframe", "http://", "https://"] {
        assert!(!text.contains(asked), "`{asked}` in the page");
    }
    assert!(text.contains("default-src 'none'"));
    for shown in [
        "<title>shop: failed in 4.00s",
        "<section id=\"failures\">",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "expected: equals 200",
        "no such &lt;table&gt;",
        "<span class=\"flaky\">flaky</span> flaky",
        "first try",
        "<span class=\"stderr\">listening, password *** &amp; &lt;b&gt;</span>",
        "<section id=\"graph\">",
        "<g class=\"failed\"><title>stage broken: failed</title>",
        "<g class=\"allowed\"><title>stage lint: allowed</title>",
        "<section id=\"timeline\">",
        "title=\"await succeeded, 0.70s from 0.20s\"",
        "<code>/out/lint.txt</code>",
    ] {
        assert!(text.contains(shown), "no `{shown}` in\n{text}");
    }
    balanced(&text);
}

/// Every element that is opened is closed, in order.
fn balanced(page: &str) {
    let mut open = Vec::new();
    for tag in page.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        if tag.starts_with('!') || tag.ends_with('/') || name == "meta" {
            continue;
        }
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "</{name}>");
        } else {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn a_summary_in_markdown_is_no_markup_of_somebody_else() {
    let text = Recording::of(Verdict::Failed).told(ReportFormat::Markdown);
    for shown in [
        "## shop: failed in 4.00s",
        "- run r1",
        "<summary>error: “&lt;script&gt;alert(1)&lt;/script&gt; \\# not \\| a",
        "```text\n",
        "| todos | 2 | 1 | 1 | 1 |",
        "### What took longest",
        "| service | await app | 0.70s |",
        "- a \\[link\\](x) and &lt;i&gt;",
    ] {
        assert!(text.contains(shown), "no `{shown}` in\n{text}");
    }
}

#[test]
fn failures_stand_beside_their_lines_in_gitlab() {
    let text = Recording::of(Verdict::Failed).told(ReportFormat::Gitlab);
    let issues: Vec<Value> = serde_json::from_str(&text).expect("it is JSON");
    let names: Vec<&str> = issues.iter().filter_map(|issue| issue["check_name"].as_str()).collect();
    assert!(names.contains(&"stage-failed") && names.contains(&"expectation-failed"), "{text}");
    assert!(issues.iter().all(|issue| issue["location"]["path"] == "pipeline.kdl"), "{text}");
}

#[test]
fn a_trace_has_a_track_a_node_and_a_slice_a_step() {
    let text = Recording::of(Verdict::Failed).told(ReportFormat::Trace);
    let trace: Value = serde_json::from_str(&text).expect("it is JSON");
    let events = trace["traceEvents"].as_array().expect("a list");
    let slice = events.iter().find(|event| event["name"] == "await").expect("the wait is one");
    assert_eq!((&slice["ph"], &slice["ts"], &slice["dur"]), (&"X".into(), &200_000.into(), &700_000.into()));
    let track = events.iter().find(|event| event["ph"] == "M" && event["tid"] == slice["tid"]).expect("it has a name");
    assert_eq!(track["args"]["name"], "app");
}

#[test]
fn lines_of_json_are_those_of_the_screen() {
    let text = Recording::of(Verdict::Failed).told(ReportFormat::Json);
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    assert_eq!(lines.first().expect("a line")["event"], "run-started");
    assert_eq!(lines.last().expect("a line")["event"], "run-finished");
}

#[test]
fn junit_has_the_figures_of_its_cases_and_fits_its_schema() {
    let text = Recording::of(Verdict::Failed).told(ReportFormat::Junit);
    let head = text.lines().find(|line| line.starts_with("<testsuites")).expect("it has suites");
    assert!(head.contains("tests=\"7\"") && head.contains("failures=\"3\""), "{head}");
    for property in
        [r#"name="pipe.run" value="r1""#, r#"name="pipe.shuffle" value="42""#, r#"name="pipe.flaky" value="flaky""#]
    {
        assert!(text.contains(&format!("<property {property}/>")), "no {property} in\n{text}");
    }
    assert!(text.contains("<flakyFailure") && text.contains("<skipped message=\"no # time\"/>"), "{text}");
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/junit/junit.xsd");
    let directory = tempfile::tempdir().expect("a directory");
    let fits = |text: &str| {
        let file = directory.path().join("report.xml");
        std::fs::write(&file, text).expect("a file in it");
        let output = Command::new("xmllint").args(["--noout", "--schema", schema]).arg(file).output();
        output.map(|output| (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned()))
    };
    // Where it is not installed, there is nothing to be seen; `tests/run.sh` installs it.
    let Ok((is_valid, said)) = fits(&text) else { return };
    assert!(is_valid, "{said}\n{text}");
    let (is_valid, _) = fits(&text.replace("tests=\"7\"", "tests=\"many\"")).expect("it was there a moment ago");
    assert!(!is_valid);
}
