//! What fails a check, what is shown of it, and who may say so.

use super::{BROKEN, Bench, CLEAN, WARNED};

#[test]
fn warnings_fail_a_check_only_where_they_are_denied() {
    let bench = Bench::new([("pipeline.kdl", WARNED)]);
    assert_eq!(bench.check(&[]).code, 0);
    for denied in [&["--deny", "warnings"][..], &["--deny-warnings"], &["--deny", "empty-block,unused-volume"]] {
        let said = bench.check(denied);
        assert!(said.out.contains("error[unused-volume]"), "{}", said.out);
        assert_eq!(said.code, 1, "{denied:?}");
    }
    let said = bench.check(&["--deny", "unused-volume"]);
    assert!(said.out.contains("an error because of `--deny unused-volume`"), "{}", said.out);
    assert_eq!(bench.check(&["--deny", "unused-image"]).code, 0);
    assert_eq!(bench.check(&["--deny", "warnings", "--warn", "unused-volume"]).code, 0);
}

#[test]
fn what_is_allowed_is_not_told() {
    let bench = Bench::new([("pipeline.kdl", WARNED)]);
    let said = bench.check(&["--allow", "unused-volume", "--deny", "warnings"]);
    assert_eq!((said.code, said.out.as_str()), (0, "pipeline.kdl: no findings\n"));
}

#[test]
fn advice_is_told_where_it_is_asked_for() {
    let text = format!("secret key default=hunter2\n{}", CLEAN.replace("command", "env KEY (secret)key\n    command"));
    let bench = Bench::new([("pipeline.kdl", text.as_str())]);
    assert_eq!(bench.check(&[]).out, "pipeline.kdl: no findings\n");
    let said = bench.check(&["--pedantic"]);
    assert!(said.out.contains("advice[secret-default]"), "{}", said.out);
    assert_eq!(said.code, 0);
    let said = bench.check(&["--warn", "secret-default"]);
    assert!(said.out.contains("warning[secret-default]"), "{}", said.out);
    assert_eq!(bench.check(&["--deny", "secret-default"]).code, 1);
}

#[test]
fn a_code_that_is_not_known_is_told_with_the_one_that_is_near() {
    let bench = Bench::new([("pipeline.kdl", BROKEN)]);
    let said = bench.check(&["--allow", "unused-volum", "--deny", "warning"]);
    assert!(said.err.contains("error[unknown-code]") && said.err.contains("`--allow unused-volume`"), "{}", said.err);
    assert!(said.err.contains("`--deny warnings`"), "both at once: {}", said.err);
    assert_eq!((said.code, said.out.as_str()), (2, ""));
}

#[test]
fn errors_cannot_be_wished_away() {
    let bench = Bench::new([("pipeline.kdl", BROKEN)]);
    for option in ["--allow", "--warn"] {
        let said = bench.check(&[option, "unquoted-value"]);
        assert!(said.err.contains("`unquoted-value` is an error, and stays one"), "{}", said.err);
        assert_eq!(said.code, 2);
    }
    let said = bench.check(&["--allow", "unused-volume", "--deny", "unused-volume"]);
    assert!(said.err.contains("named by two of"), "{}", said.err);
    assert_eq!(said.code, 2);
}

#[test]
fn statistics_count_instead_of_showing() {
    let text = format!("volume b\n{WARNED}volume c\n").replace("echo a", "echo a\n    needs nobody");
    let bench = Bench::new([("pipeline.kdl", text.as_str()), ("b.kdl", WARNED)]);
    let said = bench.check(&["--statistics", "pipeline.kdl", "b.kdl"]);
    assert_eq!(said.out, "1  error    unknown-reference\n1  warning  unused-volume\n");
    assert_eq!(said.code, 1);
}
