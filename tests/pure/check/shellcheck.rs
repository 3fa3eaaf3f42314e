use super::Bench;

const UNQUOTED: &str = "param dir default=out\nstage a {\n    image \"busybox:1.35\"\n    sh \"\"\"\n        tar -cf {{dir}} .\n        ls $1\n        \"\"\"\n}\n";

#[test]
fn without_the_tool_it_is_told_and_pipes_own_findings_are_shown() {
    let bench =
        Bench::new([("pipeline.kdl", format!("volume data\n{UNQUOTED}").as_str())]).variable("PATH", "/nowhere");
    let said = bench.check(&["--shellcheck", "--format", "concise"]);
    assert_eq!(said.code, 3, "{said:?}");
    assert!(said.err.contains("shellcheck-unavailable"), "{said:?}");
    assert!(said.out.contains("unused-volume"), "{said:?}");
    assert_eq!(bench.check(&["--format", "concise"]).code, 0, "nobody asked for it");
}

#[test]
fn what_it_finds_is_drawn_where_it_stands() {
    let is_there = std::process::Command::new("shellcheck").arg("--version").output().is_ok();
    if !is_there && std::env::var_os("PIPE_TEST_DOCKER").is_none() {
        eprintln!("skipped: shellcheck is not installed, and nobody says that it should be");
        return;
    }
    let bench = Bench::new([("pipeline.kdl", UNQUOTED)]);
    let said = bench.check(&["--shellcheck", "--pedantic", "--format", "concise"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains("pipeline.kdl:6:12: advice[shellcheck]: SC2086: "), "{said:?}");
    assert!(!said.out.contains("pipeline.kdl:5:17: advice[shellcheck]"), "a hole is a word like any other: {said:?}");
    let allowed = bench.check(&["--shellcheck", "--pedantic", "--allow", "shellcheck", "--format", "concise"]);
    assert!(!allowed.out.contains("[shellcheck]"), "{allowed:?}");
    let bench = Bench::new([("a.kdl", super::CLEAN), ("b.kdl", UNQUOTED)]);
    let arguments = ["--shellcheck", "--pedantic", "--allow", "hole-in-script", "a.kdl", "b.kdl"];
    assert!(
        bench.check(&arguments).out.contains("in 1 of 2 pipelines"),
        "what it finds counts as found in its pipeline"
    );
}
