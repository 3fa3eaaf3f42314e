use super::{BROKEN, Bench, CLEAN, WARNED};

#[test]
fn without_an_engine_it_is_told_once_and_pipes_own_findings_are_shown() {
    let bench = Bench::new([("a.kdl", WARNED), ("b.kdl", CLEAN)]).variable("DOCKER_HOST", "unix:///no/such/socket");
    let said = bench.check(&["--online", "--format", "concise", "a.kdl", "b.kdl"]);
    assert_eq!(said.code, 3, "{said:?}");
    assert_eq!(said.err.matches("engine-unreachable").count(), 1, "{said:?}");
    assert!(said.out.contains("unused-volume"), "{said:?}");
    let said = bench.check(&["--format", "concise", "a.kdl", "b.kdl"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "nobody asked for it");
}

#[test]
fn what_is_no_engine_is_told_too() {
    let bench = Bench::new([("pipeline.kdl", CLEAN)]);
    bench.write("file", b"");
    let host = format!("unix://{}", bench.path().join("file").display());
    let said = bench.variable("DOCKER_HOST", &host).check(&["--online"]);
    assert_eq!(said.code, 3, "{said:?}");
    assert!(said.err.contains("it is no socket"), "{said:?}");
}

#[test]
fn errors_of_the_text_come_first() {
    let bench = Bench::new([("pipeline.kdl", BROKEN)]).variable("DOCKER_HOST", "unix:///no/such/socket");
    let said = bench.check(&["--online", "--format", "concise"]);
    assert_eq!(said.code, 3, "the engine is asked for, and there is none: {said:?}");
    assert!(said.out.contains("unknown-reference"), "{said:?}");
}
