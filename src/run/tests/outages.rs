//! An engine that goes away at any moment of a run, and one whose answers do not come: the run ends, the engine is blamed and nobody
//! else, and nothing is left that is not told.

use std::time::Duration;

use super::scene::{MS, Played, Scene};
use crate::engine::ErrorKind;
use crate::engine::fake::{Fault, Operation as Call, Outage, Script};
use crate::event::{Event, Verdict};
use crate::model::Pipeline;
use crate::model::sample::{Sample, artifact, graceful, mount};

fn pipeline() -> Pipeline {
    Sample::new("demo")
        .volume("data")
        .service_with("db", &[], |db| {
            db.container.mounts = vec![mount("data", "/data")];
            db.container.stop = graceful(Duration::from_secs(5));
        })
        .stage_with("migrate", &["db"], |migrate| migrate.artifacts = vec![artifact("/out")])
        .stage("accept", &["migrate", "db"])
        .build()
}

fn scene(pipeline: &Pipeline, home: &tempfile::TempDir) -> Scene {
    let mut scene = Scene::of(pipeline)
        .on("db", Script::runs().ready_after(MS(900)).exec_takes(MS(30)).stops_in(MS(100)))
        .on("migrate", Script::exits(0).after(MS(400)).says("migrated").file("/out", "x"))
        .on("accept", Script::exits(0).after(MS(300)).says("accepted"));
    scene.options.root = home.path().to_owned();
    scene
}

fn assert_truthful(played: &Played, title: &str) {
    let verdict = played.verdict();
    assert!(matches!(verdict, Verdict::Passed | Verdict::EngineFailed), "{title}: {verdict:?}\n{}", transcript(played));
    let mut there: Vec<String> =
        played.fake.ledger().objects.iter().map(|it| format!("{} {}", it.kind.as_str(), it.id)).collect();
    let mut told = played.outcome.summary.left.clone();
    there.sort();
    told.sort();
    assert_eq!(told, there, "{title}\n{}", transcript(played));
    assert!(played.fake.dropped_creates().is_empty(), "{title}");
    if verdict == Verdict::Passed {
        assert_eq!(played.lines(), ["migrated", "accepted"], "{title}");
    }
}

fn transcript(played: &Played) -> String {
    let calls: String = played.fake.calls().iter().map(|call| format!("{call}\n")).collect();
    let steps = played.plan.steps.iter().zip(&played.outcome.steps);
    steps.fold(calls, |text, (step, outcome)| format!("{text}{} {}: {outcome:?}\n", step.id, step.operation))
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_goes_away_at_any_moment_is_blamed_alone() {
    let pipeline = pipeline();
    let home = tempfile::tempdir().expect("a place");
    let calm = scene(&pipeline, &home).play().await;
    assert_eq!(calm.verdict(), Verdict::Passed);
    let ends = calm.fake.calls().iter().filter_map(|call| call.end).max().unwrap_or_default();
    let (mut passed, mut blamed) = (0, 0);
    let mut at = Duration::ZERO;
    while at <= ends {
        for (lasts, kills) in [(MS(700), false), (MS(700), true), (MS(60_000), false), (MS(60_000), true)] {
            let scene = scene(&pipeline, &home);
            let outage = Outage::after(at).for_(lasts);
            scene.fake.goes_away(if kills { outage.with_all_that_runs() } else { outage });
            let played = scene.play().await;
            let title = format!("away at {at:?} for {lasts:?}, kills: {kills}");
            assert_truthful(&played, &title);
            if lasts < Duration::from_secs(30) {
                assert_eq!(played.fake.ledger().to_string(), "", "{title}\n{}", transcript(&played));
                // What outlives the engine goes on as if nothing had been.
                assert!(kills || played.verdict() == Verdict::Passed, "{title}\n{}", transcript(&played));
            }
            match played.verdict() {
                Verdict::Passed => passed += 1,
                _ => blamed += 1,
            }
        }
        at += MS(25);
    }
    assert!(passed > 50 && blamed > 50, "{passed} passed, {blamed} blamed the engine");
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_goes_away_is_told_of() {
    let pipeline = pipeline();
    let home = tempfile::tempdir().expect("a place");
    let scene = scene(&pipeline, &home);
    scene.fake.goes_away(Outage::after(MS(1_000)).for_(MS(3_000)));
    let played = scene.play().await;
    let told: Vec<&str> = played
        .events
        .iter()
        .filter_map(|event| match &event.event {
            Event::Warning { node: None, message } => Some(message.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(
        told,
        [
            "lost connection to Docker; it is waited for, 30s long",
            "Docker answers again after 3.0 s; all that ran is looked at anew"
        ]
    );
    assert_eq!(played.verdict(), Verdict::Passed);
}

/// Each answer of the engine fails to come in turn, be it that what was asked for is done or not.
#[tokio::test(start_paused = true)]
async fn whichever_answer_does_not_come_the_engine_is_blamed_alone() {
    let pipeline = pipeline();
    let home = tempfile::tempdir().expect("a place");
    let calm = scene(&pipeline, &home).play().await;
    let mut counts: std::collections::HashMap<Call, usize> = std::collections::HashMap::new();
    let mut tried = 0;
    for call in calm.fake.calls() {
        let nth = counts.entry(call.operation).or_default();
        *nth += 1;
        for kind in [ErrorKind::TimedOut, ErrorKind::Broken, ErrorKind::Lost, ErrorKind::Garbled] {
            for after_effect in [false, true] {
                let scene = scene(&pipeline, &home);
                let fault = Fault::on(call.operation).nth(*nth).fails(kind.clone(), "no answer");
                scene.fake.inject(if after_effect { fault.after_effect() } else { fault });
                let played = scene.play().await;
                assert_truthful(
                    &played,
                    &format!("{} {nth}: {kind:?}, after its effect: {after_effect}", call.operation),
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "{tried}");
}

/// What was asked for may have been made though nobody answers, and nobody says what is there: that is told, and the guardian stays.
#[tokio::test(start_paused = true)]
async fn what_nobody_answers_for_is_told_as_not_known() {
    let pipeline = pipeline();
    let home = tempfile::tempdir().expect("a place");
    for call in [Call::CreateContainer, Call::CreateNetwork, Call::CreateVolume] {
        for kind in [ErrorKind::TimedOut, ErrorKind::Lost, ErrorKind::Broken, ErrorKind::Protocol] {
            for after_effect in [false, true] {
                for lists in [false, true] {
                    let title = format!("{call}: {kind:?}, after its effect: {after_effect}, lists: {lists}");
                    let scene = scene(&pipeline, &home);
                    let fault = Fault::on(call).nth(1).fails(kind.clone(), "no answer");
                    scene.fake.inject(if after_effect { fault.after_effect() } else { fault });
                    if !lists {
                        scene.fake.inject(Fault::on(Call::List).fails(ErrorKind::Lost, "nobody answers"));
                    }
                    let played = scene.play().await;
                    let summary = &played.outcome.summary;
                    assert_eq!(played.verdict(), Verdict::EngineFailed, "{title}");
                    let there: Vec<String> = played
                        .fake
                        .ledger()
                        .objects
                        .iter()
                        .map(|it| format!("{} {}", it.kind.as_str(), it.name))
                        .collect();
                    if lists {
                        assert_eq!((&summary.unknown, &summary.left, &there), (&vec![], &vec![], &vec![]), "{title}");
                        continue;
                    }
                    assert_eq!(summary.unknown.len(), 1, "{title}: {summary:?}");
                    assert!(there.iter().all(|it| summary.unknown.contains(it)), "{title}: {there:?}, {summary:?}");
                    assert_eq!(there.len(), usize::from(after_effect), "{title}");
                }
            }
        }
    }
}
