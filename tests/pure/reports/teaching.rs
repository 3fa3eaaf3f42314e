//! What a test that failed looks like on a screen of eighty columns: one of each kind, as a whole.

use std::time::Duration;

use pipe::analysis::analyze;
use pipe::diagnostic::render::{self, Style};
use pipe::event::{
    CaseStatus, Cause, CheckFailure, Deed, Excerpt, Exchange, Mishap, ServiceLog, TestCase, Tries, When,
};
use pipe::model::Inputs;
use pipe::plan::{Goal, plan};
use pipe::report::explain_case;
use pipe::source::{Files, MemoryWorkspace, Span};

const TEXT: &str = r#"service app { image "busybox:1.35"; command httpd -f -p "8000"; port 8000; healthcheck tcp=8000 }
acceptance todos {
    target app port=8000
    test "it works" {
        http GET "/" { expect status 200 }
    }
}
"#;

/// The place of these words.
fn at(words: &str) -> Span {
    let start = TEXT.find(words).expect("they are there");
    Files::single("pipeline.kdl", TEXT).root().span(start, start + words.len())
}

/// What is shown below the drawing of the place, without its margin.
fn told(case: TestCase) -> String {
    let files = Files::single("pipeline.kdl", TEXT);
    let analysis = analyze(&files, &Inputs::new(&MemoryWorkspace::default()));
    let plan = plan(&analysis.pipeline.expect("it is valid"), &Goal::default());
    let suite = plan.nodes.iter().find(|node| node.name == "todos").expect("it is planned");
    let told = explain_case(&plan, suite.id, &case).into_iter().collect();
    let drawn = render::full(&told, &files, &Style { width: 80, ..Style::default() });
    assert!(drawn.contains("\n 5 │         http GET \"/\" { expect status 200 }\n"), "{drawn}");
    let (_, below) = drawn.split_once("   ╰────\n").expect("it is drawn");
    below.lines().map(|line| line.strip_prefix("  ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

fn failure(subject: &str, expected: &str, actual: &str) -> CheckFailure {
    CheckFailure::new(at("status 200"), subject.into(), expected.into(), actual.into())
}

fn case(failures: Vec<CheckFailure>) -> TestCase {
    TestCase { span: Some(at("\"it works\"")), ..TestCase::new(None, "it works".into(), CaseStatus::Checks(failures)) }
}

fn exchange(request: &str, response: &str) -> Option<Exchange> {
    Some(Exchange { request: request.into(), response: Some(response.into()) })
}

#[test]
fn an_answer_over_http_has_its_cause_its_request_and_what_services_wrote() {
    let request = "curl -i -H 'Content-Type: application/json' --data-raw '{\"title\": \"a b\"}' http://127.0.0.1:1/";
    let failed = CheckFailure {
        actual_file: Some("/runs/r1/logs/todos.1.actual".into()),
        difference: Some("$.items[1].order is 2; wanted 3\n$.count is not there; wanted 2".into()),
        exchange: exchange(request, "HTTP/1.1 502 Bad Gateway\nserver: x\n\n<h1>oops</h1>"),
        answer_file: Some("/runs/r1/logs/todos.2.answer".into()),
        tries: vec![Tries { first: 1, last: 3, at: Duration::ZERO, outcome: "status: 502".into() }],
        causes: vec![
            Cause {
                service: "app".into(),
                mishap: Mishap::Ended { code: 137, oom_killed: true },
                when: When::Before(Duration::from_millis(400)),
                step: "request",
            },
            Cause {
                service: "db".into(),
                mishap: Mishap::StartedAgain { code: 1, oom_killed: false },
                when: When::During(Duration::from_millis(12)),
                step: "request",
            },
        ],
        ..failure("body", &format!("equals \"{}\"", "x".repeat(70)), "\"short\"")
    };
    let logs = vec![
        ServiceLog {
            service: "app".into(),
            before: 1,
            lines: vec!["GET / 502".into()],
            files: vec!["/runs/r1/logs/app.stdout".into()],
        },
        ServiceLog { service: "db".into(), before: 0, lines: Vec::new(), files: Vec::new() },
    ];
    let expected = "\
cause: `app` was OOM-killed 0.4 s before this request
cause: `db` ended with exit code 1, 12 ms after this request began, and is
       started again
expected: equals
          \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
          xxx\"
actual:   \"short\"
all of it: /runs/r1/logs/todos.1.actual
difference:
  $.items[1].order is 2; wanted 3
  $.count is not there; wanted 2
3 tries:
  #1-3 from 0.00s: status: 502
$ curl -i -H 'Content-Type: application/json' --data-raw '{\"title\": \"a b\"}' \\
    http://127.0.0.1:1/
  HTTP/1.1 502 Bad Gateway
  server: x

  <h1>oops</h1>
all of it: /runs/r1/logs/todos.2.answer
`app` wrote while this test ran:
  … 1 line before
  GET / 502
all of it: /runs/r1/logs/app.stdout
`db` wrote nothing while this test ran";
    assert_eq!(told(TestCase { logs, ..case(vec![failed]) }), expected);
}

#[test]
fn a_text_is_compared_line_by_line() {
    let difference = "- wanted, + there\n     1  a\n-    2  b\n+    2  c";
    let failed =
        CheckFailure { difference: Some(difference.into()), ..failure("body", r#"equals "a\nb\n""#, r#""a\nc\n""#) };
    let expected = "\
expected: equals \"a\\nb\\n\"
actual:   \"a\\nc\\n\"
difference:
  - wanted, + there
       1  a
  -    2  b
  +    2  c";
    assert_eq!(told(case(vec![failed])), expected);
}

#[test]
fn a_statement_has_its_rows_as_a_table() {
    let request = "printf %s 'SELECT id, title FROM todo' | docker exec -i -e MYSQL_PWD shop-db mariadb --xml";
    let failed = CheckFailure {
        exchange: exchange(request, "1 row\nid | title\n---+-------------\n1  | Wash the cat"),
        ..failure(r#"cell 0 "title""#, r#"equals "Wash the car""#, r#""Wash the cat""#)
    };
    let expected = "\
expected: equals \"Wash the car\"
actual:   \"Wash the cat\"
$ printf %s 'SELECT id, title FROM todo' | docker exec -i -e MYSQL_PWD \\
    shop-db mariadb --xml
  1 row
  id | title
  ---+-------------
  1  | Wash the cat";
    assert_eq!(told(case(vec![failed])), expected);
}

#[test]
fn a_step_that_disturbs_says_what_it_did_and_how_long_that_took() {
    let took = "exit code 137 after 512.0ms; its grace ran out, and it was killed";
    let stopped = CheckFailure {
        exchange: exchange("stop app grace=\"500ms\"", took),
        ..failure("killed", "equals false", "true")
    };
    let later = CheckFailure {
        causes: vec![Cause {
            service: "app".into(),
            mishap: Mishap::ByTest(Deed::Killed("SIGHUP".into())),
            when: When::Before(Duration::from_secs(2)),
            step: "command",
        }],
        ..failure("exit", "equals 0", "1")
    };
    let shown = told(case(vec![stopped, later]));
    let expected = "\
expected: equals false
actual:   true
$ stop app grace=\"500ms\"
  exit code 137 after 512.0ms; its grace ran out, and it was killed
";
    assert!(shown.starts_with(expected), "{shown}");
    assert!(shown.contains("\ncause: `app` was sent SIGHUP by this test 2.0 s before this command\n"), "{shown}");
}

#[test]
fn what_was_asked_once_is_shown_once() {
    let asked = |subject: &str| CheckFailure {
        exchange: exchange("curl -i http://h/", "HTTP/1.1 500"),
        ..failure(subject, "equals 200", "500")
    };
    let shown = told(case(vec![asked("status"), asked("body")]));
    assert_eq!((shown.matches("$ curl").count(), shown.matches("expected: ").count()), (1, 2), "{shown}");
    assert!(shown.ends_with("$ curl -i http://h/\n  HTTP/1.1 500"), "{shown}");
}

#[test]
fn a_case_of_bats_has_its_words_and_its_line() {
    let words = "(in test file /pipe-bats/case.bats, line 2)\n  `[ 54 -eq 42 ]' failed";
    let lines = ["@test \"the answer\" {", "    [ 54 -eq 42 ]", "}"].map(str::to_owned).to_vec();
    let excerpt = Excerpt { file: "case.bats".into(), line: 2, first: 1, lines };
    let case = TestCase {
        excerpt: Some(Box::new(excerpt)),
        span: Some(at("http GET")),
        ..TestCase::new(Some("todos/case.bats".into()), "the answer".into(), CaseStatus::Failed(words.into()))
    };
    let expected = "\
it says:
  (in test file /pipe-bats/case.bats, line 2)
    `[ 54 -eq 42 ]' failed
case.bats:2
     1 | @test \"the answer\" {
 >   2 |     [ 54 -eq 42 ]
     3 | }";
    assert_eq!(told(case), expected);
}
