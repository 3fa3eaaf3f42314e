//! What `pipe check --online` tells: the engine is a fake one, in virtual time.

use std::time::Duration;

use pipe::analysis::{Analysis, analyze};
use pipe::diagnostic::{Diagnostics, Severity};
use pipe::engine::fake::{Fake, Fault, Operation};
use pipe::engine::{Engine, ErrorKind, ImageHealth, Protocol, PublishedPort};
use pipe::model::Inputs;
use pipe::preflight::{Subject, preflight};
use pipe::source::{Files, MemoryWorkspace};

/// What is told of a pipeline beside a Dockerfile that begins from `base:1`.
async fn told(engine: &Fake, text: &str) -> (Analysis, Diagnostics) {
    let workspace = MemoryWorkspace::default().with("Dockerfile", "# the base\nFROM base:1 AS one\nFROM one\n");
    let analysis = analyze(&Files::single("pipeline.kdl", text), &Inputs::new(&workspace));
    let pipeline = analysis.pipeline.as_ref().unwrap_or_else(|| panic!("{:?}", analysis.diagnostics));
    let subject = Subject { pipeline, files: &analysis.files, spec: "here" };
    let info = engine.info().await.expect("a fake answers");
    let told = preflight(&subject, engine, &info).await.expect("a fake answers");
    (analysis, told)
}

/// The code of each, with the text that it is about.
async fn codes(engine: &Fake, text: &str) -> Vec<String> {
    let (analysis, told) = told(engine, text).await;
    let line = |it: &pipe::diagnostic::Diagnostic| {
        let place = analysis.files.slice(it.span().expect("each has a place")).trim_matches('"').to_owned();
        format!("{} {place}", it.code)
    };
    told.iter().filter(|it| it.severity > Severity::Advice).map(line).collect()
}

fn stage(name: &str, image: &str) -> String {
    format!("stage {name} {{\n    {image}\n    command echo a\n}}\n")
}

fn silence(operation: Operation) -> Fault {
    Fault::on(operation)
}

#[tokio::test(start_paused = true)]
async fn an_image_is_looked_for_where_a_run_would_look() {
    let engine = Fake::new();
    engine.with_image("here:1");
    engine.in_registry("there:1");
    let text = stage("a", "image \"here:1\"") + &stage("b", "image \"there:1\"") + &stage("c", "image \"nowhere:1\"");
    assert_eq!(codes(&engine, &text).await, ["image-unavailable nowhere:1"]);
    assert_eq!(engine.count(Operation::Offered), 2, "nobody is asked for what is here");
    assert_eq!(engine.count(Operation::Pull), 0);
}

#[tokio::test(start_paused = true)]
async fn the_policy_says_who_is_asked() {
    let engine = Fake::new();
    engine.with_image("here:1");
    assert_eq!(codes(&engine, &stage("a", "image \"here:1\"\n pull always")).await, ["image-unavailable here:1"]);
    assert_eq!(codes(&engine, &stage("a", "image \"here:1\"\n pull never")).await, [""; 0]);
    engine.in_registry("there:1");
    assert_eq!(codes(&engine, &stage("a", "image \"there:1\"\n pull never")).await, ["image-unavailable there:1"]);
    let declared = "image x { pull \"nowhere:1\" }\n".to_owned() + &stage("a", "image x");
    assert_eq!(codes(&engine, &declared).await, ["image-unavailable nowhere:1"]);
}

#[tokio::test(start_paused = true)]
async fn the_base_of_a_build_is_told_in_its_dockerfile() {
    let engine = Fake::new();
    let text = "image app { build . }\n".to_owned() + &stage("a", "image app");
    let (analysis, told) = told(&engine, &text).await;
    let all: Vec<_> = told.iter().collect();
    assert_eq!(all.len(), 1);
    let span = all[0].span().expect("a place");
    assert_eq!(analysis.files.get(span.file).path().display().to_string(), "Dockerfile");
    assert_eq!(analysis.files.slice(span), "base:1");
    engine.with_image("base:1");
    assert_eq!(codes(&engine, &text).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_the_pipeline_makes_itself_is_not_looked_for() {
    let text = "image app {\n    build .\n    tag \"pipe.test/app:1\"\n}\n".to_owned()
        + &stage("a", "image \"pipe.test/app:1\"\n needs b")
        + &stage("b", "image app");
    let engine = Fake::new();
    engine.with_image("base:1");
    assert_eq!(codes(&engine, &text).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn an_image_that_many_want_is_told_once() {
    let engine = Fake::new();
    let text: String = (0..50).map(|at| stage(&format!("s{at}"), "image \"nowhere:1\"")).collect();
    let (_, told) = told(&engine, &text).await;
    let all: Vec<_> = told.iter().collect();
    assert_eq!(all.len(), 1);
    assert!(all[0].notes.iter().any(|note| note.contains("49 more places")), "{:?}", all[0].notes);
    assert_eq!(engine.count(Operation::Offered), 1);
}

#[tokio::test(start_paused = true)]
async fn registries_that_say_nothing_hold_nobody_for_long() {
    let engine = Fake::new();
    engine.inject(silence(Operation::Offered));
    let text: String = (0..100).map(|at| stage(&format!("s{at}"), &format!("image \"r{at}:1\""))).collect();
    let began = tokio::time::Instant::now();
    assert_eq!(codes(&engine, &text).await.len(), 100);
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_registry_that_wants_to_know_who_asks_is_told_with_the_command() {
    let engine = Fake::new();
    engine.inject(Fault::on(Operation::Offered).fails(ErrorKind::AuthRequired, "no basic auth credentials"));
    let (_, told) = told(&engine, &stage("a", "image \"r.test:5000/x:1\"")).await;
    let help: Vec<_> = told.iter().filter_map(|it| it.help.clone()).collect();
    assert_eq!(help, ["run `docker login r.test:5000`, then try again"]);
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_goes_away_is_an_error_and_no_finding() {
    let engine = Fake::new();
    engine.inject(Fault::on(Operation::Image).fails(ErrorKind::Unreachable(vec![]), "gone"));
    let workspace = MemoryWorkspace::default();
    let analysis = analyze(&Files::single("p", &stage("a", "image \"x:1\"")), &Inputs::new(&workspace));
    let pipeline = analysis.pipeline.as_ref().expect("it is valid");
    let subject = Subject { pipeline, files: &analysis.files, spec: "here" };
    let info = engine.info().await.expect("a fake answers");
    assert!(preflight(&subject, &engine, &info).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn platforms_are_compared() {
    let engine = Fake::new();
    engine.in_registry_for("both:1", &["linux/amd64", "linux/arm64/v8"]);
    engine.in_registry_for("others:1", &["linux/arm64/v8", "linux/s390x"]);
    engine.in_registry_for("one:1", &["linux/arm64"]);
    engine.in_registry_for("old:1", &["linux/386"]);
    engine.in_registry_for("unsaid:1", &[]);
    let with = |image: &str, more: &str| stage("a", &format!("image \"{image}\"\n    {more}"));
    for (text, wanted) in [
        (with("both:1", ""), None),
        (with("both:1", "platform \"linux/arm64\""), None),
        (with("both:1", "platform \"linux/s390x\""), Some("platform-unavailable both:1")),
        (with("others:1", ""), Some("platform-unavailable others:1")),
        (with("one:1", ""), Some("platform-mismatch one:1")),
        (with("one:1", "platform \"linux/arm64\""), None),
        (with("old:1", ""), None),
        (with("unsaid:1", "platform \"linux/arm64\""), None),
    ] {
        let wanted: Vec<&str> = wanted.into_iter().collect();
        assert_eq!(codes(&engine, &text).await, wanted, "{text}");
    }
    engine.with_image_facts("local:1", |facts| facts.platform = "linux/arm64".to_owned());
    assert_eq!(codes(&engine, &with("local:1", "")).await, ["platform-mismatch local:1"]);
}

#[tokio::test(start_paused = true)]
async fn what_a_tag_is_now_can_be_written_down() {
    let engine = Fake::new();
    engine.in_registry("there:1");
    engine.with_image_facts("r.test:5000/here:1", |facts| {
        facts.digests = vec!["other@sha256:00".to_owned(), "r.test:5000/here@sha256:11".to_owned()];
    });
    engine.with_image("made:1");
    let pinned = format!("there:1@sha256:{}", "a".repeat(64));
    engine.in_registry(&pinned);
    let text = [r#""r.test:5000/here:1""#, r#""made:1""#, &format!("\"{pinned}\"")]
        .iter()
        .enumerate()
        .map(|(at, image)| stage(&format!("s{at}"), &format!("image {image}")))
        .collect::<String>()
        + &stage("t", "image \"there:1\"");
    let (_, told) = told(&engine, &text).await;
    let fixes: Vec<_> = told.iter().flat_map(|it| &it.fixes).flat_map(|fix| &fix.edits).map(|it| &it.text).collect();
    assert_eq!(fixes.len(), 2, "{told:?}");
    assert_eq!(fixes[0], "\"r.test:5000/here:1@sha256:11\"");
    assert!(fixes[1].starts_with("\"there:1@sha256:"));
    assert!(told.iter().all(|it| it.severity == Severity::Advice), "{told:?}");
}

const WEB: &str = "service web {\n    image \"web:1\"\n    port 80 host=8080\n    healthcheck image\n    keep\n}\n";

fn held(host: u16) -> PublishedPort {
    PublishedPort { container: 80, protocol: Protocol::Tcp, bind: [0, 0, 0, 0].into(), host }
}

#[tokio::test(start_paused = true)]
async fn ports_externals_and_checks_are_looked_for() {
    let engine = Fake::new();
    engine.with_image("web:1");
    let text = "volume data external name=shop-data\nnetwork shop external name=shop\n".to_owned()
        + WEB
        + &stage("a", "image \"web:1\"\n    mount data \"/data\"\n    network shop\n    needs web");
    engine.with_port_published("somebody", held(8080));
    let all = codes(&engine, &text).await;
    assert_eq!(
        all,
        ["missing-external data", "missing-external shop", "port-taken 8080", "unchecked-image healthcheck image"]
    );
    let engine = Fake::new();
    engine.with_image_facts("web:1", |facts| {
        facts.health = Some(ImageHealth { test: vec!["CMD".into(), "true".into()], ..ImageHealth::default() });
    });
    engine.with_volume("shop-data");
    engine.with_network("shop");
    engine.with_port_published("somebody", held(8081));
    assert_eq!(codes(&engine, &text).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn the_machine_and_its_engine_are_held_to_what_is_asked() {
    let engine = Fake::new();
    engine.with_image("base:1");
    engine.with_image("x:1");
    engine.with_cpus(2);
    let asks = |cpus: &str| stage("a", &format!("image \"x:1\"\n    resources cpus={cpus}"));
    assert_eq!(codes(&engine, &asks("2.5")).await, ["not-enough-cpus 2.5"]);
    assert_eq!(codes(&engine, &asks("2.0")).await, [""; 0]);
    let text = "image app { build . }\n".to_owned()
        + &stage("a", "image app\n    gpus all")
        + &stage("b", "image \"x:1\"\n    platform \"linux/amd64\"");
    assert_eq!(codes(&engine, &text).await, [""; 0]);
    engine.with_api_version("1.39");
    assert_eq!(codes(&engine, &text).await, ["engine-too-old a", "engine-too-old linux/amd64"]);
    engine.with_api_version("1.38");
    assert_eq!(codes(&engine, &text).await.len(), 3);
}
