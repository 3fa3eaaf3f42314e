//! Services: when they count as ready, whose fault their end is, and when they end.

use super::scene::{MS, Scene, chain};
use crate::engine::fake::{Operation as Call, Script};
use crate::event::{Event, Failure, Stamped, StepOutcome, Verdict};
use crate::model::sample::{Sample, port};
use crate::model::{Restart, RestartPolicy};
use crate::plan::Keep;

#[tokio::test(start_paused = true)]
async fn a_service_that_ends_while_awaited_fails_at_once_with_its_last_lines() {
    let script = Script::exits(3).after(MS(700)).complains("no space").ready_after(MS(60_000));
    let played = Scene::of(&chain()).on("db", script).play().await;
    let Failure::ServiceExited { code: 3, was_ready: false, log, attempts, .. } = played.failure("db", "await") else {
        panic!("{:?}", played.outcome.steps)
    };
    assert_eq!(log, &["no space"]);
    assert!(!attempts.is_empty());
    assert!(played.outcome.summary.took < MS(2_000), "{:?}", played.outcome.summary.took);
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_service_that_dies_under_a_stage_is_the_first_cause() {
    let played = Scene::of(&chain())
        .on("db", Script::exits(137).after(MS(2_000)).out_of_memory())
        .on("migrate", Script::exits(0).after(MS(60_000)))
        .play()
        .await;
    assert_eq!(played.verdict(), Verdict::Failed);
    let failure = played.failure("db", "await");
    assert!(
        matches!(failure, Failure::ServiceExited { code: 137, oom_killed: true, was_ready: true, .. }),
        "{failure:?}"
    );
    assert!(matches!(played.outcome_of("migrate", "run"), StepOutcome::Cancelled));
    assert!(matches!(played.outcome_of("accept", "run"), StepOutcome::Skipped { .. }));
    assert!(played.outcome.summary.took < MS(4_000), "{:?}", played.outcome.summary.took);
    played.assert_nothing_left();
}

/// The stage fails because the service is gone: whichever is noticed first, the service is named.
#[tokio::test(start_paused = true)]
async fn a_stage_that_fails_for_a_dead_service_comes_after_its_cause() {
    let played = Scene::of(&chain())
        .on("db", Script::exits(1).after(MS(2_000)))
        .on("migrate", Script::exits(1).after(MS(2_000)))
        .play()
        .await;
    let failed = |event: &Stamped| match &event.event {
        Event::StepSettled { step, outcome: StepOutcome::Failed(_), .. } => {
            Some(played.plan.node(played.plan.step(*step).node).name.clone())
        }
        _ => None,
    };
    let failed: Vec<String> = played.events.iter().filter_map(failed).collect();
    assert_eq!(failed.first().map(String::as_str), Some("db"), "{failed:?}");
}

#[tokio::test(start_paused = true)]
async fn a_service_that_never_gets_ready_fails_when_its_budget_is_used_up() {
    let played = Scene::of(&chain()).on("db", Script::runs().ready_after(MS(600_000))).play().await;
    let Failure::NotReady { waited, attempts, .. } = played.failure("db", "await") else { panic!() };
    assert!(*waited <= MS(20_000) && *waited > MS(19_000), "{waited:?}");
    assert_eq!(attempts.len(), 5);
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_missing_tool_of_a_check_is_told_soon() {
    let missing = Script::runs().answers("true", [(127, "sh: mariadb-show: not found")]);
    let played = Scene::of(&chain()).on("db", missing).play().await;
    assert!(matches!(played.failure("db", "await"), Failure::ProbeToolMissing { .. }));
    assert!(played.outcome.summary.took < MS(10_000));
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_service_ends_as_soon_as_nobody_needs_it() {
    let pipeline = Sample::new("demo").service("db", &[]).stage("migrate", &["db"]).stage("long", &["migrate"]).build();
    let played = Scene::of(&pipeline).on("long", Script::exits(0).after(MS(30_000))).play().await;
    let calls = played.fake.calls();
    let at = |operation: Call, object: &str| {
        let call = calls.iter().find(|call| call.operation == operation && call.object == object);
        call.unwrap_or_else(|| panic!("no {operation} {object}\n{}", played.fake.transcript())).begin
    };
    assert!(at(Call::RemoveContainer, "db") < at(Call::RemoveContainer, "long") - MS(20_000));
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_taken_port_is_found_before_anything_is_made() {
    let pipeline = Sample::new("demo")
        .service_with("app", &[], |app| {
            app.ports = vec![port(8_000, Some(8_000))];
        })
        .stage("accept", &["app"])
        .build();
    let scene = Scene::of(&pipeline);
    let other = Sample::new("other").service_with("web", &[], |web| web.ports = vec![port(80, Some(8_000))]).build();
    let mut holder = Scene::keeping(&other, Keep::Everything);
    holder.fake = scene.fake.clone();
    holder.play().await;
    let before = scene.fake.count(Call::CreateContainer);
    let played = scene.play().await;
    let Failure::PortTaken { port: 8_000, holder: Some(holder), span: Some(_) } = played.failure("app", "start") else {
        panic!("{:?}", played.outcome.steps)
    };
    assert!(holder.contains("web"), "{holder}");
    assert_eq!(played.fake.count(Call::CreateContainer), before);
    assert_eq!(played.outcome.summary.created, 0);
}

#[tokio::test(start_paused = true)]
async fn a_service_is_started_again_as_often_as_its_author_wants() {
    let restart = Restart { policy: RestartPolicy::OnFailure, max: 2, backoff: MS(1_000) };
    let pipeline =
        Sample::new("p").service_with("db", &[], |service| service.restart = Some(restart)).stage("work", &["db"]);
    let played =
        Scene::of(&pipeline.build()).on("db", Script::exits(3).after(MS(100)).ready_after(MS(60_000))).play().await;
    let told = |word: &str| {
        let says = |event: &&Stamped| matches!(&event.event, Event::Warning { message, .. } if message.contains(word));
        played.events.iter().filter(says).count()
    };
    assert_eq!((told("(1 of 2)"), told("(2 of 2)"), told("of 2)")), (1, 1, 2));
    let failure = played.failure("db", "await");
    assert!(matches!(failure, Failure::ServiceExited { code: 3, .. }), "{failure:?}");
    // Three lives and the pauses between them.
    assert!(played.outcome.summary.took >= MS(3_300), "{:?}", played.outcome.summary.took);
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_service_that_is_no_more_needed_is_not_started_again() {
    let restart = Restart { policy: RestartPolicy::Always, max: 9, backoff: MS(0) };
    let pipeline =
        Sample::new("p").service_with("db", &[], |service| service.restart = Some(restart)).stage("work", &["db"]);
    let played = Scene::of(&pipeline.build()).on("db", Script::runs()).play().await;
    assert_eq!(played.verdict(), Verdict::Passed);
    assert!(!played.events.iter().any(|event| matches!(event.event, Event::Warning { .. })));
    played.assert_nothing_left();
}
