//! How tests follow one another: tables, skips, waits, and what runs around them.

use super::halt::Halted;
use super::suite::tests::*;
use crate::event::{CaseStatus, TestCase};
use crate::model::Row;
use crate::model::{
    Check, CheckStrength, Fact, Hole, Operand, PredicateKind, Probe, Query, Skip, Step, Values, Wait, WaitKind,
};
use crate::probe::http::server::{self, Reply};
use crate::source::Span;
use std::time::Duration;

fn wait(kind: WaitKind, limit: u64, probe: Probe) -> Step {
    let limit = Duration::from_millis(limit);
    let every = Duration::from_millis(5);
    Step::Wait(Wait { kind, limit, every, backoff: 1.0, probes: vec![probe], span: AT(5) })
}

/// A server whose n-th answer, from 0, has this status.
async fn counting(status: impl Fn(usize) -> u16 + Send + Sync + 'static) -> server::Server {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    server::start(move |_| Reply::text(status(asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst)), "")).await
}

/// An answer that takes its time.
fn late(pause: Duration) -> Reply {
    Reply::raw("").then(pause, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
}

fn expecting(checks: Vec<Check>) -> Probe {
    Probe { checks, ..http("GET", literal("/")) }
}

fn words(cases: &[TestCase]) -> Vec<String> {
    let word = |case: &TestCase| match &case.status {
        CaseStatus::Passed => "passed".to_owned(),
        CaseStatus::Skipped(why) => why.clone(),
        CaseStatus::Checks(failures) => format!("{} failed", failures.len()),
        CaseStatus::Failed(why) => why.clone(),
    };
    cases.iter().map(|case| format!("{}: {}", case.name, word(case))).collect()
}

#[tokio::test]
async fn eventually_asks_until_all_pass() {
    let server = counting(|asked| if asked < 3 { 503 } else { 200 }).await;
    let mut patient = test("patient", vec![]);
    patient.steps = vec![wait(WaitKind::Eventually, 10_000, expecting(vec![status(200.0)]))];
    let (result, cases) = run(&acceptance(vec![patient]), &server, &Values::default()).await;
    assert_eq!((result, words(&cases)), (Ok(0), vec!["patient: passed".to_owned()]));
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn eventually_tells_of_its_last_try() {
    let server = counting(|_| 503).await;
    let mut lost = test("lost", vec![]);
    lost.steps =
        vec![wait(WaitKind::Eventually, 2_000, expecting(vec![status(200.0)])), Step::Probe(http("PUT", literal("/")))];
    let (_, cases) = run(&acceptance(vec![lost]), &server, &Values::default()).await;
    let [failure] = failures(&cases[0]) else { panic!("{cases:?}") };
    assert_eq!(failure.actual, "503");
    // The last of them may be still at work when the time is up.
    let [tries, rest @ ..] = failure.tries.as_slice() else { panic!("there were tries: {failure:?}") };
    assert!(rest.iter().all(|last| last.outcome.starts_with("still at work")) && rest.len() <= 1, "{failure:?}");
    assert_eq!((tries.first, tries.outcome.as_str()), (1, "status: 503"));
    let told = failure.tries.last().map_or(0, |tries| tries.last as usize);
    assert!((server.requests().len()..=server.requests().len() + rest.len()).contains(&told), "each try is told");
    assert!(server.requests().iter().all(|seen| seen.method() == "GET"), "what follows is not tried");
}

#[tokio::test]
async fn stop_if_ends_a_wait_at_once() {
    let server = counting(|_| 500).await;
    let stop = check(CheckStrength::StopIf, Query::Fact(Fact::Status), PredicateKind::Equals(Operand::Number(500.0)));
    let mut hopeless = test("hopeless", vec![]);
    hopeless.steps = vec![wait(WaitKind::Eventually, 10_000, expecting(vec![status(200.0), stop]))];
    let (_, cases) = run(&acceptance(vec![hopeless]), &server, &Values::default()).await;
    assert_eq!(server.requests().len(), 1);
    let told: Vec<_> = failures(&cases[0]).iter().map(|failure| failure.expected.as_str()).collect();
    assert_eq!(told, ["equals 200", "not what `stop-if` says"]);
}

#[tokio::test]
async fn consistently_fails_at_the_first_failure() {
    let server = counting(|asked| if asked == 2 { 500 } else { 200 }).await;
    let mut steady = test("steady", vec![]);
    steady.steps = vec![wait(WaitKind::Consistently, 10_000, expecting(vec![status(200.0)]))];
    let (_, cases) = run(&acceptance(vec![steady]), &server, &Values::default()).await;
    assert_eq!((words(&cases), server.requests().len()), (vec!["steady: 1 failed".to_owned()], 3));
    let told: Vec<_> = failures(&cases[0])[0].tries.iter().map(|it| (it.first, it.last, it.outcome.as_str())).collect();
    assert_eq!(told, [(1, 2, "passed"), (3, 3, "status: 500")]);
}

#[tokio::test]
async fn a_test_is_run_for_each_row() {
    let server = server::start(|seen| Reply::text(if seen.path() == "/b" { 404 } else { 200 }, "")).await;
    let row = |path: &str| Row { cells: vec![("path".to_owned(), literal(path))] };
    let mut each = test("each", vec![]);
    let mut url = hole(Hole::Row("path".to_owned()));
    url.pieces.insert(0, crate::model::Piece::Literal("/".to_owned()));
    each.steps = vec![Step::Probe(http("GET", url))];
    each.rows = Some(vec![row("a"), row("b")]);
    let suite = acceptance(vec![each]);
    assert_eq!(suite.cases(), 2);
    let (result, cases) = run(&suite, &server, &Values::default()).await;
    assert_eq!(result, Ok(1));
    assert_eq!(words(&cases), ["each [path=a]: passed", "each [path=b]: 1 failed"]);
}

#[tokio::test]
async fn tests_are_left_out_with_a_reason() {
    let server = counting(|_| 200).await;
    let skipped = |name: &str, reason: Option<&str>, condition: Option<&str>| {
        let mut test = test(name, vec![http("GET", literal("/"))]);
        test.skip = Some(Skip { reason: reason.map(literal), condition: condition.map(literal) });
        test
    };
    let suite = acceptance(vec![
        skipped("a", Some("not yet"), None),
        skipped("b", None, Some("no")),
        skipped("c", None, Some("1")),
    ]);
    let (_, cases) = run(&suite, &server, &Values::default()).await;
    assert_eq!(words(&cases), ["a: not yet", "b: passed", "c: `skip` says so"]);

    let mut alone = test("alone", vec![http("GET", literal("/"))]);
    alone.only = true;
    let suite = acceptance(vec![test("other", vec![]), alone]);
    let (_, cases) = run(&suite, &server, &Values::default()).await;
    assert_eq!(words(&cases), ["other: another test says `only`", "alone: passed"]);
}

#[tokio::test]
async fn what_runs_before_all_is_known_to_all_and_fails_all() {
    let server = server::start(|_| Reply::with(200, &[("x-id", "7")], "")).await;
    let mut first = http("GET", literal("/id"));
    first.captures = vec![crate::model::Capture {
        name: crate::source::Spanned::new("id".to_owned(), Span::default()),
        query: Query::Header(literal("x-id")),
        filters: vec![],
        secret: false,
        span: AT(9),
    }];
    let mut suite = acceptance(vec![test("uses it", vec![http("GET", hole(Hole::Capture("id".to_owned())))])]);
    suite.before_all = vec![Step::Probe(first)];
    suite.after_all = vec![Step::Probe(http("DELETE", literal("/")))];
    let (result, cases) = run(&suite, &server, &Values::default()).await;
    assert_eq!((result, words(&cases)), (Ok(0), vec!["uses it: passed".to_owned()]));
    let asked: Vec<String> =
        server.requests().iter().map(|seen| format!("{} {}", seen.method(), seen.path())).collect();
    assert_eq!(asked, ["GET /id", "GET /7", "DELETE /"]);

    suite.before_all = vec![Step::Probe(expecting(vec![status(500.0)]))];
    let (result, cases) = run(&suite, &server, &Values::default()).await;
    assert_eq!(result, Ok(1));
    assert_eq!(words(&cases), ["before-all: 1 failed", "uses it: `before-all` failed"]);
    assert_eq!(server.requests().last().map(|seen| seen.method().to_owned()).as_deref(), Some("DELETE"));
}

/// A suite whose first test hangs, with something to do after it and after all; and its server.
async fn hanging() -> (crate::model::Acceptance, server::Server) {
    let server = server::start(|seen| match seen.method() {
        "GET" => late(Duration::from_secs(60)),
        _ => Reply::text(200, ""),
    });
    let mut suite = acceptance(vec![
        test("hangs", vec![http("GET", literal("/"))]),
        test("next", vec![http("POST", literal("/"))]),
    ]);
    suite.teardown = vec![Step::Probe(http("DELETE", literal("/test")))];
    suite.after_all = vec![Step::Probe(http("DELETE", literal("/all")))];
    (suite, server.await)
}

fn methods(server: &server::Server) -> Vec<String> {
    server.requests().iter().map(|seen| format!("{} {}", seen.method(), seen.path())).collect()
}

#[tokio::test]
async fn a_suite_out_of_time_fails_what_is_at_work_and_tears_it_down() {
    let (suite, server) = hanging().await;
    let limit = crate::source::Spanned::new(Duration::from_secs(3), AT(8));
    let cases = run_halted(&suite, &server, Halted::OutOfTime(limit)).await;
    assert_eq!(words(&cases), ["hangs: 1 failed", "next: the 3s of all tests were over"]);
    let [failure] = failures(&cases[0]) else { panic!("{cases:?}") };
    assert_eq!((failure.expected.as_str(), failure.span), ("an end within 3s", AT(8)));
    assert_eq!(methods(&server), ["GET /", "DELETE /test", "DELETE /all"]);
}

#[tokio::test]
async fn a_suite_that_is_broken_off_judges_nothing_and_tears_down() {
    let (suite, server) = hanging().await;
    let cases = run_halted(&suite, &server, Halted::BrokenOff).await;
    assert_eq!(words(&cases), ["hangs: it was broken off"]);
    assert_eq!(methods(&server), ["GET /", "DELETE /test", "DELETE /all"]);
}

#[tokio::test]
async fn what_is_before_all_tests_is_broken_off_too() {
    let (mut suite, server) = hanging().await;
    suite.before_all = vec![Step::Probe(http("GET", literal("/before")))];
    let cases = run_halted(&suite, &server, Halted::BrokenOff).await;
    assert_eq!(words(&cases), Vec::<String>::new());
    assert_eq!(methods(&server), ["GET /before", "DELETE /all"]);
}

#[tokio::test]
async fn a_test_out_of_time_fails_and_is_torn_down() {
    let server =
        server::start(|seen| if seen.method() == "GET" { late(Duration::from_secs(30)) } else { Reply::text(200, "") })
            .await;
    let mut slow = test("slow", vec![http("GET", literal("/"))]);
    slow.timeout = Some(crate::source::Spanned::new(Duration::from_millis(50), AT(8)));
    let mut suite = acceptance(vec![slow]);
    suite.teardown = vec![Step::Probe(http("DELETE", literal("/")))];
    let (_, cases) = run(&suite, &server, &Values::default()).await;
    let [failure] = failures(&cases[0]) else { panic!("{cases:?}") };
    assert_eq!((failure.expected.as_str(), failure.span), ("an end within 50ms", AT(8)));
    assert_eq!(server.requests().last().map(|seen| seen.method().to_owned()).as_deref(), Some("DELETE"));
}

#[tokio::test]
async fn parallel_tests_are_told_in_their_order() {
    let server =
        server::start(|seen| if seen.path() == "/0" { late(Duration::from_millis(60)) } else { Reply::text(200, "") })
            .await;
    let tests = (0..4).map(|n| test(&n.to_string(), vec![http("GET", literal(&format!("/{n}")))])).collect();
    let mut suite = acceptance(tests);
    suite.parallel = 4;
    let (_, cases) = run(&suite, &server, &Values::default()).await;
    assert_eq!(words(&cases), ["0: passed", "1: passed", "2: passed", "3: passed"]);
}

#[tokio::test]
async fn a_test_that_passes_only_when_it_is_run_again_is_flaky() {
    let server = counting(|asked| if asked < 2 { 503 } else { 200 }).await;
    let mut shaky = test("shaky", vec![expecting(vec![status(200.0)])]);
    shaky.retry = 2;
    let mut hopeless = test("hopeless", vec![expecting(vec![status(418.0)])]);
    hopeless.retry = 1;
    let mut suite = acceptance(vec![shaky, hopeless]);
    suite.teardown = vec![Step::Probe(http("DELETE", literal("/")))];
    let (result, cases) = run(&suite, &server, &Values::default()).await;
    assert_eq!((result, words(&cases)), (Ok(1), vec!["shaky: passed".to_owned(), "hopeless: 1 failed".to_owned()]));
    assert!(cases[0].is_flaky() && !cases[1].is_flaky());
    assert_eq!((cases[0].earlier.len(), cases[1].earlier.len()), (1, 1), "the teardown asked too");
    let torn_down = server.requests().iter().filter(|seen| seen.method() == "DELETE").count();
    assert_eq!(torn_down, 2 + 2, "around each try");
}

#[tokio::test]
async fn no_more_is_begun_when_enough_have_failed() {
    let server = counting(|_| 500).await;
    let tests = (0..4).map(|n| test(&n.to_string(), vec![expecting(vec![status(200.0)])])).collect();
    let suite = acceptance(tests);
    let failed = std::sync::atomic::AtomicUsize::new(0);
    let enough = || Some(2).filter(|most| failed.load(std::sync::atomic::Ordering::SeqCst) >= *most);
    let (result, cases) = run_until(&suite, &server, &Values::default(), &enough, |case| {
        failed.fetch_add(usize::from(case.status.is_failure()), std::sync::atomic::Ordering::SeqCst);
    })
    .await;
    let why = "2 tests have failed already, and no more may";
    assert_eq!((result, server.requests().len()), (Ok(2), 2));
    assert_eq!(words(&cases), ["0: 1 failed", "1: 1 failed", &format!("2: {why}"), &format!("3: {why}")]);
}

#[tokio::test]
async fn with_parallel_tests_no_more_than_are_at_work_are_begun_once_enough_have_failed() {
    let server = server::start(|seen| match seen.path() {
        "/0" => late(Duration::from_millis(300)),
        _ => Reply::text(500, ""),
    })
    .await;
    let tests = (0..20).map(|n| test(&n.to_string(), vec![http("GET", literal(&format!("/{n}")))])).collect();
    let mut suite = acceptance(tests);
    suite.parallel = 3;
    let failed = std::sync::atomic::AtomicUsize::new(0);
    let enough = || Some(1).filter(|most| failed.load(std::sync::atomic::Ordering::SeqCst) >= *most);
    let (result, cases) = run_until(&suite, &server, &Values::default(), &enough, |case| {
        failed.fetch_add(usize::from(case.status.is_failure()), std::sync::atomic::Ordering::SeqCst);
    })
    .await;
    assert_eq!((result, server.requests().len()), (Ok(2), 3), "{:?}", words(&cases));
    let why = "1 test has failed already, and no more may";
    assert_eq!(words(&cases)[..3], ["0: passed", "1: 1 failed", "2: 1 failed"]);
    assert!(words(&cases)[3..].iter().all(|case| case.ends_with(why)), "{:?}", words(&cases));
}

fn capturing(name: &str, query: Query<crate::model::Text>, probe: Probe) -> Probe {
    let capture = crate::model::Capture {
        name: crate::source::Spanned::new(name.to_owned(), Span::default()),
        query,
        filters: vec![],
        secret: false,
        span: AT(9),
    };
    Probe { captures: vec![capture], ..probe }
}

#[tokio::test]
async fn each_test_has_captures_and_cookies_of_its_own_beside_others() {
    // Whoever comes for the first time gets a number; who comes again is told which one he has.
    let given = std::sync::atomic::AtomicUsize::new(0);
    let server = server::start(move |seen| match seen.header("cookie") {
        None => {
            let number = given.fetch_add(1, std::sync::atomic::Ordering::SeqCst).to_string();
            Reply::with(200, &[("set-cookie", &format!("n={number}")), ("x-id", &number)], "")
        }
        Some(cookie) if seen.path().trim_start_matches('/') == cookie.trim_start_matches("n=") => Reply::text(200, ""),
        Some(_) => Reply::text(409, ""),
    })
    .await;
    let mut again = hole(Hole::Capture("id".to_owned()));
    again.pieces.insert(0, crate::model::Piece::Literal("/".to_owned()));
    let tests = (0..8).map(|n| test(&n.to_string(), vec![http("GET", again.clone()), http("GET", again.clone())]));
    let mut suite = acceptance(tests.collect());
    suite.setup = vec![Step::Probe(capturing("id", Query::Header(literal("x-id")), http("GET", literal("/"))))];
    suite.parallel = 4;
    let (result, cases) = run(&suite, &server, &Values::default()).await;
    assert_eq!(result, Ok(0), "{cases:#?}");
    assert_eq!(server.requests().len(), 24);
}

#[tokio::test]
async fn a_captured_value_keeps_its_type_and_a_cell_has_that_of_what_it_is_compared_with() {
    let server = server::start(|_| Reply::text(200, r#"{"id": 7, "name": "7", "done": true}"#)).await;
    let equals = |query: Query<crate::model::Text>, wanted: Hole| {
        check(CheckStrength::Expect, query, PredicateKind::Equals(Operand::Text(hole(wanted))))
    };
    let json = |path: &str| Query::Json(literal(path));
    let id = || Hole::Capture("id".to_owned());
    let cell = |column: &str| Hole::Row(column.to_owned());
    let mut typed = test("typed", vec![]);
    let first = capturing("id", json("$.id"), http("GET", literal("/")));
    let same = expecting(vec![equals(json("$.id"), id())]);
    let other = expecting(vec![equals(json("$.name"), id())]);
    let cells = expecting(vec![
        equals(Query::Fact(Fact::Status), cell("status")),
        equals(json("$.done"), cell("done")),
        equals(json("$.name"), cell("id")),
        equals(json("$.id"), cell("id")),
    ]);
    typed.steps = [first, same, other, cells].map(Step::Probe).into();
    let row = |cells: &[(&str, &str)]| Row {
        cells: cells.iter().map(|(column, cell)| ((*column).to_owned(), literal(cell))).collect(),
    };
    typed.rows = Some(vec![row(&[("status", "200"), ("done", "true"), ("id", "7")])]);
    let (_, cases) = run(&acceptance(vec![typed]), &server, &Values::default()).await;
    let told: Vec<_> = failures(&cases[0]).iter().map(|it| (it.expected.as_str(), it.actual.as_str())).collect();
    assert_eq!(told, [("equals 7", r#""7""#)], "the number is not the text");
}

#[tokio::test]
async fn no_two_rows_have_one_name() {
    let server = counting(|_| 200).await;
    let mut each = test("each", vec![http("GET", literal("/"))]);
    let row = |cell: &str| Row { cells: vec![("a".to_owned(), literal(cell))] };
    each.rows = Some(vec![row("x"), row("y"), row("x")]);
    let (_, cases) = run(&acceptance(vec![each]), &server, &Values::default()).await;
    assert_eq!(words(&cases), ["each [a=x]: passed", "each [a=y]: passed", "each [a=x] #2: passed"]);
}
