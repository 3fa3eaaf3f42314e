//! What an `http` test costs over the request itself: 1,000 tests with five expectations each against a service on this machine,
//! and the same requests by the bare client of hyper. The two take turns within one run; medians count.
//!
//! ```text
//! cargo bench --bench http
//! cargo bench --bench http -- --rounds 9
//! ```

mod nowhere;
mod service;

use std::path::Path;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use nowhere::Nowhere;
use pipe::analysis::analyze;
use pipe::model::{Acceptance, Inputs, Runnable, Values};
use pipe::probe::http::{Connections, Url};
use pipe::probe::{Halt, Part, References, Suite, run_suite};
use pipe::source::{Files, MemoryWorkspace};
use tokio::net::TcpStream;

const TESTS: usize = 1000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --all-targets` starts benchmarks too, and means no measurement.
    if !arguments.iter().any(|argument| argument == "--bench") {
        eprintln!("http measures; start it by `cargo bench --bench http`");
        return;
    }
    let rounds = arguments.iter().skip_while(|argument| *argument != "--rounds").nth(1);
    let rounds = rounds.map_or(5, |rounds| rounds.parse().expect("`--rounds` takes a number"));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let port = service::start();
    let (one_by_one, beside) = (acceptance(1), acceptance(8));
    let mut took: [Vec<Duration>; 3] = Default::default();
    for round in 0..=rounds {
        let turn = [
            timed(|| runtime.block_on(bare(port))),
            timed(|| runtime.block_on(tests(&one_by_one, port))),
            timed(|| runtime.block_on(tests(&beside, port))),
        ];
        // The first turn warms, and does not count.
        if round > 0 {
            turn.into_iter().zip(&mut took).for_each(|(turn, took)| took.push(turn));
        }
    }
    let [bare, one_by_one, beside] = took.map(median);
    let each = |whole: Duration| whole.as_secs_f64() * 1000.0 / TESTS as f64;
    println!("{TESTS} requests by the bare client    {bare:>10.2?}  {:.3} ms each", each(bare));
    println!("{TESTS} tests, one after the other     {one_by_one:>10.2?}  {:.3} ms each", each(one_by_one));
    println!("{TESTS} tests, `parallel 8`            {beside:>10.2?}  {:.3} ms each", each(beside));
    let overhead = each(one_by_one) - each(bare);
    println!("overhead of a test                  {overhead:.3} ms; must be less than 1 ms");
    assert!(overhead < 1.0, "a test costs {overhead:.3} ms more than its request");
}

fn timed(work: impl FnOnce()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
}

fn median(mut took: Vec<Duration>) -> Duration {
    took.sort();
    took[took.len() / 2]
}

/// The suite, as `pipe check` makes it of a file.
fn acceptance(parallel: usize) -> Acceptance {
    let test = |number: usize| {
        format!(
            "    test \"todo {number}\" {{\n        http GET \"/todos/{number}\" {{\n            expect status 200\n            \
             expect header Content-Type contains=json\n            expect json \"$.id\" {number}\n            \
             expect json \"$.tags\" count=2\n            expect body matches=\"Wash (the|a) car\"\n        }}\n    }}\n"
        )
    };
    let service = "service app {\n    image \"busybox:1.35\"\n    port 8000\n    healthcheck tcp=8000\n}\n";
    let tests: String = (1..=TESTS).map(test).collect();
    let text = format!("{service}acceptance todos {{\n    target app port=8000\n    parallel {parallel}\n{tests}}}\n");
    let analysis = analyze(&Files::single("pipeline.kdl", &text), &Inputs::new(&MemoryWorkspace::default()));
    let pipeline = analysis.pipeline.expect("the file is valid");
    let acceptance = pipeline.runnables().values().find_map(|runnable| match runnable {
        Runnable::Acceptance(acceptance) => Some(acceptance.clone()),
        _ => None,
    });
    acceptance.expect("it has an acceptance")
}

async fn tests(acceptance: &Acceptance, port: u16) {
    let base = Url::parse(&format!("http://127.0.0.1:{port}")).expect("a URL");
    let suite = Suite {
        acceptance,
        base: &|| Some(base.clone()),
        scope: &Values::default(),
        directory: Path::new("."),
        references: References::default(),
        connections: Connections::default(),
        mask: &str::to_owned,
        site: &Nowhere,
        actor: &Nowhere,
        enough: &|| None,
        witness: None,
        part: Part::Whole,
        known: Default::default(),
        halt: Halt::when(std::future::pending()),
    };
    assert_eq!(run_suite(suite, |_| {}).await.map(|ran| ran.failed), Ok(0), "every test passes");
}

async fn bare(port: u16) {
    let stream = TcpStream::connect(("127.0.0.1", port)).await.expect("the service listens");
    stream.set_nodelay(true).expect("it is a socket");
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("a connection");
    tokio::spawn(connection);
    for number in 1..=TESTS {
        let request =
            hyper::Request::get(format!("/todos/{number}")).header("Host", "app").body(Full::<Bytes>::default());
        let response = sender.send_request(request.expect("a request")).await.expect("an answer");
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        assert!(!body.is_empty());
    }
}
