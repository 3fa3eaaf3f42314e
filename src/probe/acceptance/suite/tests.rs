//! Suites against a server of our own; and the pieces that tests of other files make theirs of.

use std::sync::Mutex;

use indexmap::IndexMap;

use std::time::Duration;

use super::*;
use crate::model::{
    Body, Capture, Check, CheckStrength, Fact, Hole, HttpRequest, Link, Look, Operand, Part as BodyPart, Piece,
    Predicate, PredicateKind, Probe, Query, Step, Test, Text, Values,
};
use crate::probe::acceptance::actor::tests::Nobody;
use crate::probe::acceptance::halt::Halted;
use crate::probe::acceptance::site::tests::Nowhere;
use crate::probe::http::server::{self, Reply, Server};
use crate::source::{Span, Spanned};

pub const AT: fn(usize) -> Span = |place| Span::new(Default::default(), place, place + 1);

pub fn literal(text: &str) -> Text {
    Text::literal(text, Span::default())
}

pub fn hole(hole: Hole) -> Text {
    Text { pieces: vec![Piece::Hole(hole)], span: Span::default() }
}

fn request(method: &str, url: Text) -> HttpRequest {
    HttpRequest {
        method: Spanned::new(method.to_owned(), Span::default()),
        url,
        query: vec![],
        headers: vec![],
        cookies: vec![],
        body: None,
        basic_auth: None,
        bearer: None,
        follow: false,
        max_redirects: None,
        timeout: Duration::from_secs(5),
        connect_timeout: None,
        insecure: false,
        ca: None,
        compressed: false,
        version: None,
    }
}

pub fn probe(request: HttpRequest) -> Probe {
    Probe { look: Look::Http(Box::new(request)), checks: vec![], captures: vec![], span: AT(7) }
}

pub fn http(method: &str, url: Text) -> Probe {
    probe(request(method, url))
}

/// What a probe looks at, its request changed.
fn with(probe: &Probe, change: impl FnOnce(&mut HttpRequest)) -> Look {
    let Look::Http(request) = &probe.look else { panic!("{probe:?}") };
    let mut request = request.clone();
    change(&mut request);
    Look::Http(request)
}

pub fn check(strength: CheckStrength, query: Query, kind: PredicateKind) -> Check {
    Check {
        strength,
        query,
        looked_at: AT(0),
        chain: vec![Link::Predicate(Predicate { not: false, kind, span: AT(1) })],
        span: AT(0),
    }
}

pub fn status(code: f64) -> Check {
    check(CheckStrength::Expect, Query::Fact(Fact::Status), PredicateKind::Equals(Operand::Number(code)))
}

pub fn test(name: &str, probes: Vec<Probe>) -> Test {
    Test {
        name: Spanned::new(name.to_owned(), AT(3)),
        tags: vec![],
        steps: probes.into_iter().map(Step::Probe).collect(),
        rows: None,
        skip: None,
        only: false,
        retry: 0,
        timeout: None,
        span: Span::default(),
    }
}

pub fn acceptance(tests: Vec<Test>) -> Acceptance {
    Acceptance {
        name: Spanned::new("todos".into(), Span::default()),
        needs: vec![],
        target: None,
        before_all: vec![],
        after_all: vec![],
        setup: vec![],
        teardown: vec![],
        tests,
        bats: vec![],
        foreign: None,
        parallel: 1,
        timeout: None,
        span: Span::default(),
    }
}

pub async fn run(acceptance: &Acceptance, server: &Server, values: &Values) -> (Result<usize, NoTests>, Vec<TestCase>) {
    run_until(acceptance, server, values, &|| None, |_| {}).await
}

/// The same, until it is broken off, as soon as the first request has come.
pub async fn run_halted(acceptance: &Acceptance, server: &Server, halted: Halted) -> Vec<TestCase> {
    let (word, heard) = tokio::sync::oneshot::channel();
    let halt = Halt::when(async { heard.await.expect("it comes") });
    let says_it = async {
        while server.requests().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        word.send(halted).expect("it is heard");
    };
    let told = Mutex::new(Vec::new());
    let values = Values::default();
    let base = || Some(Url::parse(&server.url("")).expect("a URL"));
    let site = Nowhere { server: Some(server) };
    let suite = Suite { halt, ..of(acceptance, &base, &values, &|| None, &site).await };
    let ran = run_suite(suite, |case| told.lock().expect("no panic").push(case));
    let (ran, ()) = tokio::join!(ran, says_it);
    ran.expect("it has tests");
    told.into_inner().expect("no panic")
}

async fn of<'a>(
    acceptance: &'a Acceptance,
    base: &'a (dyn Fn() -> Option<Url> + Sync),
    values: &'a Values,
    enough: &'a (dyn Fn() -> Option<usize> + Sync),
    site: &'a Nowhere<'a>,
) -> Suite<'a> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"));
    Suite {
        acceptance,
        base,
        scope: values,
        directory,
        references: References::read(acceptance, directory, false).await,
        connections: Connections::default(),
        mask: &|text| text.replace("hunter2", "***"),
        site,
        actor: &Nobody,
        enough,
        part: Part::Whole,
        known: HashMap::new(),
        halt: Halt::when(std::future::pending()),
    }
}

/// The same, as long as there is not `enough`; `heard` gets each case as it ends.
pub async fn run_until(
    acceptance: &Acceptance,
    server: &Server,
    values: &Values,
    enough: &(dyn Fn() -> Option<usize> + Sync),
    heard: impl Fn(&TestCase) + Send + Sync,
) -> (Result<usize, NoTests>, Vec<TestCase>) {
    let told = Mutex::new(Vec::new());
    let base = || Some(Url::parse(&server.url("")).expect("a URL"));
    let site = Nowhere { server: Some(server) };
    let suite = of(acceptance, &base, values, enough, &site).await;
    let tell = |case: TestCase| {
        heard(&case);
        told.lock().expect("no panic").push(case);
    };
    let result = run_suite(suite, tell).await.map(|ran| ran.failed);
    (result, told.into_inner().expect("no panic"))
}

pub fn failures(case: &TestCase) -> &[CheckFailure] {
    match &case.status {
        CaseStatus::Checks(failures) => failures,
        _ => &[],
    }
}

/// A list of todos in memory.
async fn todos() -> Server {
    let items = Mutex::new(Vec::<String>::new());
    server::start(move |request| {
        let mut items = items.lock().expect("no panic");
        match (request.method(), request.path()) {
            ("DELETE", "/todos") => {
                items.clear();
                Reply::raw("HTTP/1.1 204 No Content\r\n\r\n")
            }
            ("GET", "/todos") => Reply::text(200, &format!("[{}]", items.join(","))),
            ("POST", "/todos") => {
                items.push(String::from_utf8_lossy(&request.body).into_owned());
                let location = format!("http://{}/todos/{}", request.header("host").expect("a host"), items.len());
                Reply::with(201, &[("Location", &location)], "")
            }
            (_, path) => {
                let index = path.rsplit('/').next().and_then(|index| index.parse::<usize>().ok());
                match index.and_then(|index| items.get(index - 1)) {
                    Some(item) => Reply::text(200, item),
                    None => Reply::text(404, "no such todo"),
                }
            }
        }
    })
    .await
}

#[tokio::test]
async fn a_workflow_of_requests_passes_and_starts_clean_each_time() {
    let server = todos().await;
    let mut create = http("POST", literal("/todos"));
    create.look = with(&create, |request| request.body = Some(Body::Json(literal(r#"{"title": "Wash the car"}"#))));
    create.checks = vec![status(201.0)];
    create.captures = vec![Capture {
        name: Spanned::new("item".to_owned(), Span::default()),
        query: Query::Header(literal("Location")),
        filters: vec![],
        secret: false,
        span: Span::default(),
    }];
    let mut look = http("GET", hole(Hole::Capture("item".to_owned())));
    let title = PredicateKind::Equals(Operand::Text(literal("Wash the car")));
    look.checks = vec![check(CheckStrength::Expect, Query::Json(literal("$.title")), title)];
    let mut empty = http("GET", literal("/todos"));
    empty.checks = vec![check(CheckStrength::Expect, Query::Json(literal("$")), PredicateKind::Count(0))];
    let mut suite = acceptance(vec![test("create", vec![create, look]), test("empty", vec![empty])]);
    suite.setup = vec![Step::Probe(http("DELETE", literal("/todos")))];

    let (result, cases) = run(&suite, &server, &Values::default()).await;
    assert_eq!(result, Ok(0), "{cases:#?}");
    assert_eq!(cases.iter().map(|case| case.name.as_str()).collect::<Vec<_>>(), ["create", "empty"]);
    assert_eq!((cases[0].group.as_deref(), cases[0].span), (Some("todos"), Some(AT(3))));
    assert_eq!(server.requests()[1].header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn a_failure_has_its_request_and_answer_with_secrets_hidden() {
    let server = server::start(|_| Reply::text(200, "hunter2 is the word")).await;
    let mut probe = http("GET", literal("/"));
    probe.look = with(&probe, |request| request.bearer = Some(literal("hunter2")));
    probe.checks = vec![check(CheckStrength::Expect, Query::Fact(Fact::Body), PredicateKind::Matches(literal("^no")))];
    let (result, cases) = run(&acceptance(vec![test("t", vec![probe])]), &server, &Values::default()).await;
    assert_eq!(result, Ok(1));
    let [failure] = failures(&cases[0]) else { panic!("{cases:?}") };
    assert_eq!(failure.actual, r#""*** is the word""#);
    let exchange = failure.exchange.as_ref().expect("there was an answer");
    assert_eq!(exchange.request, format!("curl -i -H 'Authorization: Bearer ***' {}", server.url("/")));
    let response = exchange.response.as_deref().expect("there was an answer");
    assert!(response.starts_with("HTTP/1.1 200 OK\n") && response.ends_with("*** is the word"), "{response}");
    assert_eq!(server.requests()[0].header("authorization"), Some("Bearer hunter2"));
}

#[tokio::test]
async fn a_failure_has_what_the_service_wrote_since_its_test_began() {
    let server = server::start(|_| Reply::text(200, "")).await;
    let mut wrong = http("GET", literal("/second"));
    wrong.checks = vec![status(500.0)];
    let suite = acceptance(vec![
        test("passes", vec![http("GET", literal("/first"))]),
        test("fails", vec![http("PUT", literal("/before")), wrong]),
    ]);
    let (_, cases) = run(&suite, &server, &Values::default()).await;
    assert_eq!(cases[0].logs, []);
    let [log] = cases[1].logs.as_slice() else { panic!("{cases:?}") };
    assert_eq!(
        (log.service.as_str(), log.lines.as_slice()),
        ("web", ["PUT /before", "GET /second"].map(str::to_owned).as_slice())
    );
}

#[tokio::test]
async fn expect_collects_and_require_stops() {
    let server = todos().await;
    let strict = |strength| {
        let mut probe = http("GET", literal("/todos"));
        let wrong = || PredicateKind::Equals(Operand::Number(500.0));
        probe.checks = vec![
            check(strength, Query::Fact(Fact::Status), wrong()),
            check(CheckStrength::Expect, Query::Fact(Fact::Status), wrong()),
        ];
        probe
    };
    let suite = acceptance(vec![
        test("expect", vec![strict(CheckStrength::Expect), strict(CheckStrength::Expect)]),
        test("require", vec![strict(CheckStrength::Require), strict(CheckStrength::Expect)]),
    ]);
    let (result, cases) = run(&suite, &server, &Values::default()).await;
    assert_eq!(result, Ok(2));
    assert_eq!((failures(&cases[0]).len(), failures(&cases[1]).len()), (4, 1));
}

#[tokio::test]
async fn the_teardown_runs_whatever_happened() {
    let server = todos().await;
    let mut suite = acceptance(vec![test("t", vec![http("GET", hole(Hole::Param("gone".into())))])]);
    suite.teardown = vec![Step::Probe(http("DELETE", literal("/todos")))];
    let (result, cases) = run(&suite, &server, &Values::default()).await;
    assert_eq!(result, Ok(1));
    assert_eq!(failures(&cases[0])[0].actual, "`{{gone}}` has no value");
    assert_eq!(server.requests().last().map(|seen| seen.method().to_owned()).as_deref(), Some("DELETE"));
}

#[tokio::test]
async fn a_probe_that_expects_nothing_fails_at_an_error() {
    let server = todos().await;
    let mut suite = acceptance(vec![test("t", vec![http("GET", literal("/todos"))])]);
    suite.setup = vec![Step::Probe(http("GET", literal("/todos/99")))];
    let (_, cases) = run(&suite, &server, &Values::default()).await;
    let [failure] = failures(&cases[0]) else { panic!("{cases:?}") };
    assert_eq!((failure.actual.as_str(), failure.span), ("404", AT(7)));
}

#[tokio::test]
async fn nobody_there_and_nothing_to_capture_stop_a_test() {
    let address = server::nobody().await;
    let server = todos().await;
    let mut lost = http("GET", literal("/todos"));
    lost.captures = vec![Capture {
        name: Spanned::new("id".to_owned(), Span::default()),
        query: Query::Header(literal("Location")),
        filters: vec![],
        secret: false,
        span: AT(9),
    }];
    let suite = acceptance(vec![
        test("nobody", vec![http("GET", literal(&format!("http://{address}/"))), http("GET", literal("/todos"))]),
        test("capture", vec![lost, http("GET", hole(Hole::Capture("id".to_owned())))]),
        test("ftp", vec![http("GET", literal("ftp://127.0.0.1/"))]),
    ]);
    let (result, cases) = run(&suite, &server, &Values::default()).await;
    assert_eq!(result, Ok(3));
    assert_eq!(failures(&cases[0])[0].actual, format!("nobody listens at `{address}`"));
    assert_eq!((failures(&cases[1]).len(), failures(&cases[1])[0].span), (1, AT(9)));
    assert_eq!(failures(&cases[2])[0].actual, "`ftp://127.0.0.1/`: `ftp` is not spoken, only http and https");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn bodies_and_parameters_go_out_as_asked() {
    let server = server::start(|_| Reply::text(200, "")).await;
    let mut form = request("POST", literal("/form"));
    let fields = [("a".to_owned(), literal("1 2")), ("b".to_owned(), literal("é"))];
    form.body = Some(Body::Form(IndexMap::from(fields)));
    let mut file = request("PUT", literal("/file"));
    file.body = Some(Body::File(Spanned::new("LICENSE-MIT".into(), Span::default())));
    let mut query = request("GET", literal("/query"));
    query.query = vec![("q".to_owned(), hole(Hole::Param("word".into())))];
    query.basic_auth = Some((literal("me"), literal("pass")));
    let mut absent = request("PUT", literal("/absent"));
    absent.body = Some(Body::File(Spanned::new("no/such/file".into(), Span::default())));
    let mut values = Values::default();
    values.set("word".into(), "x&y");
    let suite = acceptance(vec![test("t", [form, file, query, absent].map(probe).into())]);
    let (_, cases) = run(&suite, &server, &values).await;
    assert_eq!(failures(&cases[0]).len(), 1);
    assert!(failures(&cases[0])[0].actual.starts_with("the file `no/such/file` cannot be read"));
    let seen = server.requests();
    assert_eq!(seen[0].body, b"a=1+2&b=%C3%A9");
    assert_eq!(seen[0].header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(seen[1].body, include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/LICENSE-MIT")));
    assert_eq!(seen[2].path(), "/query?q=x%26y");
    assert_eq!(seen[2].header("authorization"), Some("Basic bWU6cGFzcw=="));
}

#[tokio::test]
async fn parts_of_a_body_go_out_and_a_compressed_answer_is_looked_into() {
    // `{"a": 1}`, compressed by gzip.
    let answer = server::start(|_| {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut gzip, br#"{"a": 1}"#).expect("it takes all");
        let body = gzip.finish().expect("it ends");
        let head = format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", body.len());
        Reply::raw([head.into_bytes(), body].concat())
    })
    .await;
    let mut sent = request("POST", literal("/upload"));
    sent.compressed = true;
    sent.body = Some(Body::Multipart(vec![
        BodyPart::Field { name: "title".to_owned(), value: literal("a b") },
        BodyPart::File {
            name: literal("licence"),
            path: Spanned::new("LICENSE-MIT".into(), Span::default()),
            content_type: Some(literal("text/plain")),
            filename: None,
        },
    ]));
    let mut sent = probe(sent);
    let one = PredicateKind::Equals(Operand::Number(1.0));
    sent.checks = vec![check(CheckStrength::Expect, Query::Json(literal("$.a")), one)];
    let (result, cases) = run(&acceptance(vec![test("t", vec![sent])]), &answer, &Values::default()).await;
    assert!(failures(&cases[0]).is_empty(), "{cases:#?}");
    assert!(result.is_ok());
    let seen = &answer.requests()[0];
    assert!(seen.header("accept-encoding").is_some_and(|encodings| encodings.contains("gzip")));
    assert!(seen.header("content-type").is_some_and(|kind| kind.starts_with("multipart/form-data; boundary=")));
    let body = String::from_utf8_lossy(&seen.body);
    assert!(body.contains("name=\"title\"\r\n\r\na b\r\n"), "{body}");
    assert!(body.contains("filename=\"LICENSE-MIT\"\r\nContent-Type: text/plain\r\n\r\n"), "{body}");
}

#[tokio::test]
async fn a_suite_without_tests_passes_nothing() {
    let server = todos().await;
    let (result, cases) = run(&acceptance(vec![]), &server, &Values::default()).await;
    assert_eq!((result, cases.len()), (Err(NoTests), 0));
}

#[tokio::test]
async fn a_suite_can_be_run_on_any_thread() {
    fn on_any_thread<F: Future + Send>(future: F) -> F {
        future
    }
    let suite = acceptance(vec![]);
    let values = Values::default();
    let suite = Suite {
        acceptance: &suite,
        base: &|| None,
        scope: &values,
        directory: Path::new(""),
        references: References::default(),
        connections: Connections::default(),
        mask: &str::to_owned,
        site: &Nowhere::default(),
        actor: &Nobody,
        enough: &|| None,
        part: Part::Whole,
        known: HashMap::new(),
        halt: Halt::when(std::future::pending()),
    };
    assert_eq!(on_any_thread(run_suite(suite, |_| {})).await, Err(NoTests));
}
