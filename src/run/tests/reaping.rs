//! What comes after a run that was killed.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::scene::{MS, Scene, chain};
use crate::engine::fake::{Fake, Fault, Operation as Call, Script};
use crate::engine::{Engine, ErrorKind, NetworkSpec, ObjectKind, VolumeSpec, labels};
use crate::event::{Event, Verdict};
use crate::run::{Removed, reap};

const LIMIT: Duration = Duration::from_secs(600);

/// A create is never broken off: one that answers long after the run was cancelled is answered, and what it made is removed.
#[tokio::test(start_paused = true)]
async fn a_create_that_answers_after_the_run_was_cancelled_is_awaited() {
    for call in [Call::CreateContainer, Call::CreateNetwork] {
        for (after_effect, signals) in [(false, 1), (true, 1), (false, 2), (true, 2)] {
            let mut scene = Scene::of(&chain());
            let fault = Fault::on(call).nth(1).delays(Duration::from_secs(20));
            scene.fake.inject(if after_effect { fault.after_effect() } else { fault });
            for _ in 0..signals {
                scene = scene.signal_at(MS(2_000));
            }
            let played = scene.play().await;
            assert_eq!(played.verdict(), Verdict::Interrupted { signal: 2 });
            assert!(played.outcome.settled && played.outcome.summary.took >= MS(20_000), "it was waited for");
            played.assert_nothing_left();
        }
    }
}

/// The third signal leaves at once. The engine makes what it was asked for all the same; the guardian removes it.
#[tokio::test(start_paused = true)]
async fn what_appears_after_the_third_signal_is_reaped() {
    let scene = Scene::of(&chain()).on("db", Script::runs().create_takes(Duration::from_secs(20)));
    let played = scene.signal_at(MS(1_000)).signal_at(MS(500)).signal_at(MS(500)).play().await;
    assert!(!played.outcome.settled && played.outcome.summary.took < MS(4_000));
    assert!(!played.fake.ledger().is_empty(), "it left something");
    assert_eq!(played.outcome.summary.unknown, ["container demo-r1-db"], "nobody waited for the answer");
    let removed = reap(&played.fake, "r1", Vec::new(), LIMIT).await;
    assert!(removed.left.is_empty() && !removed.gone.is_empty());
    assert_eq!(played.fake.ledger().to_string(), "");
}

fn of(run: &str) -> Vec<(String, String)> {
    vec![(labels::RUN.to_owned(), run.to_owned())]
}

async fn network(fake: &Fake, run: &str, name: &str) {
    let spec = NetworkSpec { name: name.to_owned(), labels: of(run), ..NetworkSpec::default() };
    fake.create_network(spec).await.expect("nothing keeps it from that");
}

async fn reaped(fake: &Fake, awaited: &[&str]) -> (Removed, Duration) {
    let begun = Instant::now();
    let awaited = awaited.iter().map(|name| ("volume".to_owned(), (*name).to_owned())).collect();
    (reap(fake, "r1", awaited, LIMIT).await, begun.elapsed())
}

#[tokio::test(start_paused = true)]
async fn only_the_run_s_own_is_reaped() {
    let fake = Fake::new();
    network(&fake, "r1", "ours").await;
    network(&fake, "r2", "theirs").await;
    let (removed, took) = reaped(&fake, &[]).await;
    assert_eq!((removed.counted().as_str(), removed.left.len()), ("1 network", 0));
    assert!(took < MS(2_000), "{took:?}");
    assert_eq!(fake.ledger().names(ObjectKind::Network), ["theirs"]);
}

/// The engine counts as empty when it was so twice: what appears in between is removed, and then it is looked at twice again.
#[tokio::test(start_paused = true)]
async fn what_appears_while_it_looks_is_reaped_too() {
    for late in (0..2_000).step_by(130) {
        let fake = Fake::new();
        let appears = async {
            sleep(MS(late)).await;
            network(&fake, "r1", "late").await;
        };
        let ((removed, took), ()) = tokio::join!(reaped(&fake, &[]), appears);
        let settled = late < 700;
        assert_eq!(fake.ledger().is_empty(), settled, "{late} ms");
        assert!(!settled || (removed.gone.len() == 1 && took >= MS(late + 700)), "{late} ms: {took:?}");
    }
}

/// What the journal says was begun is awaited for longer, and no longer than it takes to appear.
#[tokio::test(start_paused = true)]
async fn what_was_begun_and_never_answered_is_awaited() {
    let fake = Arc::new(Fake::new());
    let appears = async {
        sleep(MS(6_000)).await;
        let spec = VolumeSpec { name: "late".to_owned(), labels: of("r1"), ..VolumeSpec::default() };
        fake.create_volume(spec).await.expect("nothing keeps it from that");
    };
    let ((removed, took), ()) = tokio::join!(reaped(&fake, &["late"]), appears);
    assert_eq!((removed.counted().as_str(), fake.ledger().is_empty()), ("1 volume", true));
    assert!((MS(6_000)..MS(9_000)).contains(&took), "{took:?}");
    let (removed, took) = reaped(&fake, &["never"]).await;
    assert!(removed.gone.is_empty() && (MS(15_000)..MS(18_000)).contains(&took), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_fails_is_asked_again_and_not_for_ever() {
    let fake = Fake::new();
    network(&fake, "r1", "ours").await;
    for nth in 1..=5 {
        fake.inject(Fault::on(Call::List).nth(nth).fails(ErrorKind::Unreachable(Vec::new()), "connection refused"));
        fake.inject(Fault::on(Call::RemoveNetwork).nth(nth).fails(ErrorKind::Protocol, "500"));
    }
    let (removed, _) = reaped(&fake, &[]).await;
    assert_eq!((removed.counted().as_str(), removed.left.len()), ("1 network", 0));
    assert!(fake.ledger().is_empty());

    network(&fake, "r1", "stubborn").await;
    fake.inject(Fault::on(Call::RemoveNetwork).fails(ErrorKind::Protocol, "500"));
    let (removed, took) = reaped(&fake, &[]).await;
    assert_eq!(removed.left.len(), 1);
    assert!((LIMIT..LIMIT + MS(10_000)).contains(&took), "{took:?}");
}

/// An engine that never answers again holds nobody for ever.
#[tokio::test(start_paused = true)]
async fn an_engine_that_is_gone_for_good_is_given_up() {
    let fake = Fake::new();
    network(&fake, "r1", "ours").await;
    fake.inject(Fault::on(Call::List).fails(ErrorKind::Lost, "nobody answers"));
    let (removed, took) = reaped(&fake, &["late"]).await;
    assert!(removed.gone.is_empty() && !fake.ledger().is_empty());
    assert!((LIMIT..LIMIT + MS(10_000)).contains(&took), "{took:?}");
}

/// What is done beside a run is told before its end, and holds it up for a moment at most.
#[tokio::test(start_paused = true)]
async fn what_is_done_beside_a_run_is_told_in_it() {
    for (takes, is_told) in [(MS(10), true), (MS(1_500), true), (Duration::from_secs(60), false)] {
        let mut scene = Scene::of(&chain());
        scene.beside = Some(("recovered run r0: removed 1 container".to_owned(), takes));
        let played = scene.play().await;
        assert_eq!(played.verdict(), Verdict::Passed);
        let position = |what: fn(&Event) -> bool| played.events.iter().position(|stamped| what(&stamped.event));
        let told = position(|event| matches!(event, Event::Warning { node: None, message } if message.contains("r0")));
        let end = position(|event| matches!(event, Event::RunFinished(_))).expect("it ends");
        assert_eq!(told.is_some_and(|told| told < end), is_told, "{takes:?}");
        assert!(played.outcome.summary.took < MS(10_000), "{:?}", played.outcome.summary.took);
        played.assert_nothing_left();
    }
}
