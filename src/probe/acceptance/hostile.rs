//! A service that means harm, or is broken: each way costs bounded memory and time and one test, which says what it met. The test after
//! it passes.

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::suite::tests::{acceptance, check, failures, http, literal, run, status, test};
use crate::event::{CaseStatus, TestCase};
use crate::model::{CheckStrength, Fact, Look, Operand, PredicateKind, Probe, Query, Values};
use crate::probe::http::server::{self, Reply, Seen};
use crate::probe::http::{BODY_LIMIT, BROTLI_BOMB};

/// How many bytes of what never ends are sent at a time.
const PART: usize = 1 << 16;

/// What the buffers of the system may take besides what was read, at most.
const BUFFERS: usize = 16 << 20;

const OK: &str = "HTTP/1.1 200 OK\r\n";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/// What a service does, what is asked of its answer, and what the failure says there was.
struct Harm {
    name: &'static str,
    reply: fn() -> Reply,
    asked: Query,
    said: &'static str,
}

/// Harm that comes before there is an answer, whatever is asked of it.
fn harm(name: &'static str, reply: fn() -> Reply, said: &'static str) -> Harm {
    Harm { name, reply, asked: Query::Fact(Fact::Status), said }
}

fn asked(name: &'static str, asked: Query, reply: fn() -> Reply, said: &'static str) -> Harm {
    Harm { name, reply, asked, said }
}

fn json(path: &str) -> Query {
    Query::Json(literal(path))
}

fn xml(path: &str) -> Query {
    Query::Xml(literal(path))
}

fn raw(text: &str) -> Reply {
    Reply::raw(text)
}

fn text(kind: &str, body: String) -> Reply {
    of_type(kind, body.as_bytes())
}

fn of_type(kind: &str, body: &[u8]) -> Reply {
    let head = format!("{OK}Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n", body.len());
    Reply::raw([head.as_bytes(), body].concat())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

fn encoded(encoding: &str, body: &[u8]) -> Reply {
    let head = format!("{OK}Content-Encoding: {encoding}\r\nContent-Length: {}\r\n\r\n", body.len());
    Reply::raw([head.as_bytes(), body].concat())
}

/// Runs a test for each harm, and one behind each that asks for nothing special; what each harm came to.
async fn suffered(harms: Vec<Harm>) -> Vec<(Harm, TestCase)> {
    let replies: Vec<(String, fn() -> Reply)> =
        harms.iter().map(|harm| (format!("/{}", harm.name), harm.reply)).collect();
    let server = server::start(move |seen: &Seen| {
        let place = seen.path();
        let harm = replies.iter().find(|(path, _)| place == path || place.starts_with(&format!("{path}/")));
        harm.map_or_else(|| Reply::text(200, "well"), |(_, reply)| reply())
    })
    .await;
    let tests = harms.iter().flat_map(|harm| [test(harm.name, vec![probe(harm)]), test("after", vec![well()])]);
    let suite = acceptance(tests.collect());
    let (result, cases) = run(&suite, &server, &Values::default()).await;
    let passed = |case: &TestCase| matches!(case.status, CaseStatus::Passed);
    let spared: Vec<&str> =
        cases.iter().filter(|case| case.name != "after" && passed(case)).map(|case| case.name.as_str()).collect();
    assert!(spared.is_empty(), "no harm is seen: {spared:?}");
    assert_eq!(result, Ok(harms.len()), "{cases:#?}");
    assert!(server.sent() < harms.len() * BODY_LIMIT + BUFFERS, "{} bytes were taken", server.sent());
    let (met, after): (Vec<_>, Vec<_>) = cases.into_iter().partition(|case| case.name != "after");
    assert!(after.iter().all(passed), "{after:#?}");
    harms.into_iter().zip(met).collect()
}

fn probe(harm: &Harm) -> Probe {
    let mut probe = http("GET", literal(&format!("/{}", harm.name)));
    if let Look::Http(request) = &mut probe.look {
        (request.follow, request.compressed) = (true, true);
        // Far more than any of it takes, but for what never ends.
        let silent = ["informational", "drips", "silent"].contains(&harm.name);
        request.timeout = if silent { Duration::from_millis(500) } else { Duration::from_secs(60) };
    }
    let wanted = PredicateKind::Equals(Operand::Text(literal("what no service says")));
    probe.checks = match harm.asked {
        Query::Fact(Fact::Status) => vec![status(200.0)],
        ref query => vec![check(CheckStrength::Expect, query.clone(), wanted)],
    };
    probe
}

fn well() -> Probe {
    let mut probe = http("GET", literal("/well"));
    let wanted = PredicateKind::Equals(Operand::Text(literal("well")));
    // No cookie of another test goes with it, and no byte of its answer comes.
    probe.checks = vec![status(200.0), check(CheckStrength::Expect, Query::Fact(Fact::Body), wanted)];
    probe
}

async fn each_is_told(harms: Vec<Harm>) {
    for (harm, case) in suffered(harms).await {
        let [failure] = failures(&case) else { panic!("{}: {case:#?}", harm.name) };
        let told = format!("{}; {}", failure.actual, failure.difference.as_deref().unwrap_or_default());
        assert!(told.contains(harm.said), "{}: {told}", harm.name);
        let evidence = failure.exchange.as_ref().expect("there was a request");
        let response = evidence.response.as_deref().unwrap_or_default();
        assert!(told.len() < 1_000 && response.len() < 32 * 1024, "{}: {told}\n{response}", harm.name);
    }
}

#[tokio::test]
async fn what_never_ends_is_cut() {
    let large = "is larger than 16 MiB";
    let broken = "is not HTTP";
    each_is_told(vec![
        harm("gigabyte", || raw(&format!("{OK}Content-Length: {}\r\n\r\n", 1 << 30)).for_ever([0; PART]), large),
        harm("stream", || raw(&format!("{OK}\r\n")).for_ever([b'x'; PART]), large),
        harm("chunks", || raw(CHUNKED).for_ever(format!("{PART:x}\r\n{}\r\n", "x".repeat(PART))), large),
        harm("headers", || raw(OK).for_ever("X-A: a\r\n".repeat(1000)), broken),
        harm("header", || raw(&format!("{OK}X-A: ")).for_ever([b'a'; PART]), broken),
        harm("reason", || raw("HTTP/1.1 200 ").for_ever([b'a'; PART]), broken),
        harm("noise", || raw("SSH-2.0-OpenSSH_9.2\r\n").for_ever([b'a'; PART]), broken),
        harm("extension", || raw(&format!("{CHUNKED}1;")).for_ever([b'a'; PART]), "cannot be read"),
        harm("trailers", || raw(&format!("{CHUNKED}0\r\n")).for_ever("X-A: a\r\n".repeat(1000)), "cannot be read"),
        harm("informational", || raw("").for_ever("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(100)), "within 500ms"),
        harm("silent", || raw(""), "within 500ms"),
        harm(
            "drips",
            || (0..100).fold(raw(OK), |reply, _| reply.then(Duration::from_millis(20), "X-A: a\r\n")),
            "within 500ms",
        ),
        harm("loop", || Reply::with(302, &[("Location", "/loop")], ""), "more than 10 redirects; a loop"),
        harm("maze", || Reply::with(302, &[("Location", "maze/x")], ""), "more than 10 redirects; the last one to"),
    ])
    .await;
}

#[tokio::test]
async fn what_is_not_whole_is_no_answer() {
    let early = "closed the connection before its answer was whole";
    let broken = "cannot be read";
    each_is_told(vec![
        harm("nothing", || raw("").and_close(), early),
        harm("half-a-head", || raw("HTTP/1.1 200 OK\r\nContent-Le").and_close(), early),
        harm("short", || raw(&format!("{OK}Content-Length: 10\r\n\r\nabc")).and_close(), early),
        harm("half-a-chunk", || raw(&format!("{CHUNKED}10\r\nabc")).and_close(), early),
        harm("no-last-chunk", || raw(&format!("{CHUNKED}3\r\nabc\r\n")).and_close(), early),
        harm("no-size", || raw(&format!("{CHUNKED}zz\r\nabc\r\n0\r\n\r\n")).and_close(), broken),
        harm("large-size", || raw(&format!("{CHUNKED}fffffffffffffffff\r\nabc")).and_close(), broken),
        harm("wrong-size", || raw(&format!("{CHUNKED}2\r\nabc\r\n0\r\n\r\n")).and_close(), broken),
        harm("two-lengths", || raw(&format!("{OK}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab")), "is not HTTP"),
        harm("no-length", || raw(&format!("{OK}Content-Length: -1\r\n\r\nab")), "is not HTTP"),
        harm("status", || raw("HTTP/1.1 2000 OK\r\n\r\n").and_close(), "is not HTTP"),
    ])
    .await;
}

#[tokio::test]
async fn what_is_compressed_is_not_blown_up() {
    let blown = "is larger than 16 MiB once it is decompressed";
    each_is_told(vec![
        harm("gzip", || encoded("gzip", &gzip(&vec![0; BODY_LIMIT + 1])), blown),
        harm("gzip-in-gzip", || encoded("gzip, gzip", &gzip(&gzip(&vec![0; BODY_LIMIT + 1]))), blown),
        harm("brotli", || encoded("br", BROTLI_BOMB), blown),
        harm(
            "many",
            || encoded(&"gzip, ".repeat(1000), &(0..9).fold(b"a".to_vec(), |body, _| gzip(&body))),
            "more than 8",
        ),
        harm("cut", || encoded("gzip", &gzip(b"hello")[..12]), "is no gzip"),
        harm("none", || encoded("br", b"hello"), "is no br"),
        harm("unknown", || encoded("zstd", b"hello"), "in the encoding `zstd`"),
    ])
    .await;
}

#[tokio::test]
async fn what_cannot_be_looked_into_says_why() {
    each_is_told(vec![
        asked("not-utf-8", Query::Fact(Fact::Body), || of_type("text/plain", b"caf\xe9"), "bytes that are not UTF-8"),
        asked("deep", json("$[0]"), || text("application/json", "[".repeat(10_000)), "recursion limit"),
        asked(
            "wide",
            json("$.id"),
            || text("application/json", format!("[{}1]", "1,".repeat(1 << 20))),
            "more than 1000000 values",
        ),
        asked("open", json("$.id"), || text("application/json", "[1,".to_owned()), "is not JSON"),
        asked("again", json("$..a"), || text("application/json", again()), "selects more than 1000000 values"),
        asked(
            "lines",
            Query::Fact(Fact::Lines),
            || text("text/plain", "\n".repeat(2 << 20)),
            "more than 1000000 parts",
        ),
        asked("deep-xml", xml("//a"), || text("text/xml", "<a>".repeat(20_000)), "nested more than 10000 deep"),
        asked(
            "wide-xml",
            xml("//b"),
            || text("text/xml", format!("<a>{}</a>", "<b/>".repeat(1 << 20))),
            "more than 1000000 nodes",
        ),
        asked("entities", xml("//a"), || text("text/xml", ENTITIES.to_owned()), "the entity `&c;` is not known"),
        asked("formatting", xml("//p"), || text("text/html", formatting()), "more than 1000000 nodes"),
        asked(
            "texts",
            xml("//div"),
            || text("text/html", format!("{}{}", "<div>".repeat(4_000), "x".repeat(1 << 20))),
            "selects more than 64 MiB",
        ),
        asked(
            "compared",
            xml("//div[.='a']"),
            || text("text/html", format!("{}{}", "<div>".repeat(4_000), "x".repeat(1 << 20))),
            "reads more than 256 MiB",
        ),
    ])
    .await;
}

/// Entities that would be a gigabyte.
const ENTITIES: &str =
    "<!DOCTYPE a [<!ENTITY x \"xxxxxxxxxx\"><!ENTITY b \"&x;&x;&x;&x;\"><!ENTITY c \"&b;&b;&b;&b;\">]><a>&c;</a>";

/// A value that stands in a hundred others of its name.
fn again() -> String {
    format!("{}[{}1]{}", "{\"a\":".repeat(100), "1,".repeat(50_000), "}".repeat(100))
}

/// Formatting that is never closed, and opens again in each paragraph.
fn formatting() -> String {
    let open: String = (0..5_000).map(|number| format!("<b id={number}>")).collect();
    format!("<p>{open}{}", "<p>x".repeat(100_000))
}

#[tokio::test]
async fn cookies_and_headers_in_masses_stay_with_their_test() {
    let server = server::start(|seen: &Seen| match seen.path() {
        "/cookies" => {
            let cookie = |number| format!("Set-Cookie: c{number}={}; Path=/\r\n", "x".repeat(3_000));
            let cookies: String = (0..90).map(cookie).collect();
            Reply::raw(format!("{OK}Content-Length: 0\r\n{cookies}\r\n"))
        }
        _ => Reply::text(200, seen.header("cookie").unwrap_or("none")),
    })
    .await;
    let mut greedy: Vec<Probe> = (0..4).map(|_| http("GET", literal("/cookies"))).collect();
    greedy.push(http("GET", literal("/")));
    let mut clean = http("GET", literal("/"));
    let none = PredicateKind::Equals(Operand::Text(literal("none")));
    clean.checks = vec![check(CheckStrength::Expect, Query::Fact(Fact::Body), none)];
    let suite = acceptance(vec![test("greedy", greedy), test("clean", vec![clean])]);
    let (result, cases) = run(&suite, &server, &Values::default()).await;
    assert_eq!(result, Ok(0), "{cases:#?}");
    let requests = server.requests();
    let most = requests.iter().map(|seen| seen.head.len()).max().unwrap_or_default();
    assert!(most > 90 * 3_000 && most < 300 * 4_096, "{most} bytes of head were sent");
}
