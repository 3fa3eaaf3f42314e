//! Whole runs on the fake engine, in virtual time: what they come to, and that nothing is left.

use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;
use tokio::sync::mpsc;

use super::{Control, Identity, Options, Signal, run};
use crate::engine::fake::{Fake, Fault, Operation as Call, Outcome as CallOutcome, Script};
use crate::engine::{Engine, ErrorKind};
use crate::event::{Event, Failure, Outcome, Stamped, StepOutcome, Verdict};
use crate::model::Pipeline;
use crate::model::sample::{Sample, artifact, graceful, mount};
use crate::plan::{Goal, Keep, Observed, Plan, plan};

const MS: fn(u64) -> Duration = Duration::from_millis;

/// A run to be.
struct Scene {
    fake: Fake,
    plan: Arc<Plan>,
    options: Options,
    /// Signals, each at its time.
    signals: Vec<Duration>,
}

/// A run that has been.
struct Played {
    outcome: Outcome,
    events: Vec<Stamped>,
    plan: Arc<Plan>,
    fake: Fake,
}

impl Scene {
    fn of(pipeline: &Pipeline) -> Self {
        Scene::keeping(pipeline, Keep::Nothing)
    }

    fn keeping(pipeline: &Pipeline, keep: Keep) -> Self {
        let fake = Fake::new();
        fake.with_image("busybox:1.35");
        let goal = Goal { keep, ..Goal::default() };
        Scene {
            fake,
            plan: Arc::new(plan(pipeline, &goal, &Observed::default())),
            options: Options {
                identity: Identity {
                    run: "r1".to_owned(),
                    pipeline: "demo".into(),
                    spec: "0".to_owned(),
                    owner: "here".to_owned(),
                    created: 0,
                    keep: false,
                },
                jobs: None,
                secrets: IndexMap::new(),
                root: std::env::temp_dir(),
                keep_going: false,
                timeout: None,
            },
            signals: Vec::new(),
        }
    }

    fn on(self, node: &str, script: Script) -> Self {
        self.fake.on(node, script);
        self
    }

    fn signal_at(mut self, time: Duration) -> Self {
        self.signals.push(time);
        self
    }

    async fn play(self) -> Played {
        let Scene { fake, plan, options, signals } = self;
        let (sender, mut events) = mpsc::channel(16);
        let (signal, control) = Control::channel();
        let listener = tokio::spawn(async move {
            let mut heard = Vec::new();
            while let Some(event) = events.recv().await {
                heard.push(event);
            }
            heard
        });
        tokio::spawn(async move {
            for time in signals {
                tokio::time::sleep(time).await;
                let _ = signal.send(Signal::INT).await;
            }
            std::future::pending::<()>().await;
        });
        let engine: Arc<dyn Engine> = Arc::new(fake.clone());
        let ended = run(plan.clone(), engine, options, control, sender);
        let outcome = tokio::time::timeout(Duration::from_secs(3_600), ended).await.expect("the run ends");
        // What still watches services holds the sending end for a moment.
        let events = tokio::time::timeout(Duration::from_secs(60), listener).await.expect("ends").expect("no panic");
        Played { outcome, events, plan, fake }
    }
}

impl Played {
    fn verdict(&self) -> Verdict {
        self.outcome.summary.verdict
    }

    fn outcome_of(&self, node: &str, verb: &str) -> &StepOutcome {
        let matches =
            |step: &&crate::plan::Step| self.plan.node(step.node).name == node && step.operation.verb() == verb;
        let step = self.plan.steps.iter().find(matches);
        &self.outcome.steps[step.unwrap_or_else(|| panic!("no `{verb}` of `{node}`\n{}", self.plan)).id.index()]
    }

    fn failure(&self, node: &str, verb: &str) -> &Failure {
        match self.outcome_of(node, verb) {
            StepOutcome::Failed(failure) => failure,
            other => panic!("`{verb}` of `{node}` came to {other:?}"),
        }
    }

    fn assert_nothing_left(&self) {
        assert_eq!(self.fake.ledger().to_string(), "", "left on the engine");
        let summary = &self.outcome.summary;
        assert_eq!(summary.left, Vec::<String>::new());
        assert_eq!(summary.created, summary.removed, "created and removed");
        assert!(self.fake.dropped_creates().is_empty(), "{:?}", self.fake.dropped_creates());
    }

    fn lines(&self) -> Vec<String> {
        let line = |event: &Stamped| match &event.event {
            Event::Output { line, .. } => Some(String::from_utf8_lossy(line).into_owned()),
            _ => None,
        };
        self.events.iter().filter_map(line).collect()
    }
}

fn chain() -> Pipeline {
    Sample::new("demo").service("db", &[]).stage("migrate", &["db"]).stage("accept", &["migrate", "db"]).build()
}

#[tokio::test(start_paused = true)]
async fn a_run_passes_and_leaves_nothing() {
    let played = Scene::of(&chain())
        .on("db", Script::runs().ready_after(MS(3_000)))
        .on("migrate", Script::exits(0).after(MS(500)).says("applied"))
        .play()
        .await;
    assert_eq!(played.verdict(), Verdict::Passed);
    assert!(played.lines().contains(&"applied".to_owned()));
    assert_eq!(played.outcome.summary.created, 4);
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_fails_after_a_good_one_fails_the_run() {
    let played = Scene::of(&chain()).on("accept", Script::exits(7).complains("no such todo")).play().await;
    assert_eq!(played.verdict(), Verdict::Failed);
    assert!(played.outcome_of("migrate", "run").succeeded());
    let Failure::StageFailed { code: 7, log, .. } = played.failure("accept", "run") else {
        panic!("{:?}", played.outcome.steps)
    };
    assert_eq!(log, &["no such todo"]);
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn what_never_ran_is_not_green_and_names_the_first_cause() {
    let played = Scene::of(&chain()).on("migrate", Script::exits(1)).play().await;
    assert_eq!(played.verdict(), Verdict::Failed);
    let StepOutcome::Skipped { because } = played.outcome_of("accept", "run") else {
        panic!("{:?}", played.outcome.steps)
    };
    assert_eq!(played.plan.node(played.plan.step(*because).node).name, "migrate");
    played.assert_nothing_left();
}

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

/// Ctrl-C at every moment of a run: it ends as interrupted (or had passed already), and nothing is left.
#[tokio::test(start_paused = true)]
async fn ctrl_c_at_any_moment_leaves_nothing() {
    let pipeline = Sample::new("demo")
        .volume("data")
        .service_with("db", &[], |db| {
            db.container.mounts = vec![mount("data", "/data")];
            db.container.stop = graceful(Duration::from_secs(5));
        })
        .stage_with("migrate", &["db"], |migrate| migrate.artifacts = vec![artifact("/out")])
        .service("app", &["db", "migrate"])
        .stage("accept", &["app"])
        .build();
    for moment in (0..4_000).step_by(37) {
        let played = Scene::of(&pipeline)
            .on("db", slow(Script::runs()).ready_after(MS(500)).stops_in(MS(300)))
            .on("migrate", slow(Script::exits(0)).after(MS(400)).file("/out", "x"))
            .on("app", slow(Script::runs()).ready_after(MS(300)))
            .on("accept", slow(Script::exits(0)).after(MS(400)))
            .signal_at(MS(moment))
            .play()
            .await;
        let verdict = played.verdict();
        assert!(matches!(verdict, Verdict::Interrupted { signal: 2 } | Verdict::Passed), "at {moment} ms: {verdict:?}");
        assert!(verdict != Verdict::Passed || moment > 2_000, "at {moment} ms: passed");
        played.assert_nothing_left();
    }
}

/// A second Ctrl-C kills what the first one asked to stop.
#[tokio::test(start_paused = true)]
async fn a_second_ctrl_c_waits_for_nothing() {
    let pipeline = Sample::new("demo")
        .service_with("db", &[], |db| db.container.stop = graceful(Duration::from_secs(300)))
        .stage("long", &["db"])
        .build();
    let played = Scene::of(&pipeline)
        .on("db", Script::runs().ignores_stop())
        .on("long", Script::exits(0).after(MS(600_000)))
        .signal_at(MS(5_000))
        .signal_at(MS(1_000))
        .play()
        .await;
    assert_eq!(played.verdict(), Verdict::Interrupted { signal: 2 });
    assert!(played.outcome.summary.took < MS(7_000), "{:?}", played.outcome.summary.took);
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_third_ctrl_c_leaves_at_once_and_says_what_is_left() {
    let pipeline = Sample::new("demo").stage("long", &[]).build();
    let scene = Scene::of(&pipeline).on("long", Script::exits(0).after(MS(600_000)));
    scene.fake.inject(Fault::on(Call::Kill).hangs());
    scene.fake.inject(Fault::on(Call::RemoveContainer).hangs());
    let played = scene.signal_at(MS(1_000)).signal_at(MS(1_000)).signal_at(MS(1_000)).play().await;
    assert_eq!(played.verdict(), Verdict::Interrupted { signal: 2 });
    assert!(played.outcome.summary.took < MS(4_000), "{:?}", played.outcome.summary.took);
    assert_eq!(played.outcome.summary.left.len(), 2, "{:?}", played.outcome.summary.left);
}

#[tokio::test(start_paused = true)]
async fn the_environment_stays_where_it_was_asked_for() {
    let kept = Scene::keeping(&chain(), Keep::Everything).play().await;
    assert_eq!(kept.verdict(), Verdict::Passed);
    let summary = &kept.outcome.summary;
    assert_eq!((summary.created, summary.removed, summary.kept, summary.left.len()), (4, 0, 4, 0));
    assert!(!kept.fake.ledger().is_empty());

    let passed = Scene::keeping(&chain(), Keep::OnFailure).play().await;
    passed.assert_nothing_left();
    let failed = Scene::keeping(&chain(), Keep::OnFailure).on("accept", Script::exits(1)).play().await;
    assert!(failed.outcome.summary.kept >= 3, "{:?}", failed.outcome.summary);
    assert!(failed.outcome.summary.left.is_empty());
}

#[tokio::test(start_paused = true)]
async fn services_stay_up_where_everything_passed_and_only_there() {
    let pipeline =
        Sample::new("demo").service("db", &[]).stage("migrate", &["db"]).service("app", &["db", "migrate"]).build();
    let goal = |keep| Goal { targets: vec!["app".into()], keep, push: Vec::new() };
    let mut scene = Scene::of(&pipeline);
    scene.plan = Arc::new(plan(&pipeline, &goal(Keep::Services), &Observed::default()));
    let played = scene.play().await;
    assert_eq!(played.verdict(), Verdict::Passed);
    let summary = &played.outcome.summary;
    assert_eq!((summary.created, summary.removed, summary.kept), (4, 1, 3), "the stage's container alone goes");

    let mut scene = Scene::of(&pipeline).on("migrate", Script::exits(1));
    scene.plan = Arc::new(plan(&pipeline, &goal(Keep::Services), &Observed::default()));
    let played = scene.play().await;
    assert_eq!(played.verdict(), Verdict::Failed);
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
async fn a_run_that_goes_on_does_what_does_not_depend_on_the_failure() {
    let pipeline = Sample::new("demo").stage("a", &[]).stage("b", &["a"]).stage("c", &[]).build();
    let mut scene = Scene::of(&pipeline).on("a", Script::exits(1)).on("c", Script::exits(0).after(MS(5_000)));
    scene.options.keep_going = true;
    let played = scene.play().await;
    assert_eq!(played.verdict(), Verdict::Failed);
    assert!(matches!(played.outcome_of("b", "run"), StepOutcome::Skipped { .. }));
    assert!(played.outcome_of("c", "run").succeeded());
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_may_fail_does_not_fail_the_run_and_is_told() {
    let pipeline =
        Sample::new("demo").stage_with("lint", &[], |lint| lint.allow_failure = true).stage("test", &["lint"]).build();
    let played = Scene::of(&pipeline).on("lint", Script::exits(2)).play().await;
    assert_eq!(played.verdict(), Verdict::Passed);
    assert!(matches!(played.failure("lint", "run"), Failure::StageFailed { code: 2, .. }));
    assert!(played.outcome_of("test", "run").succeeded());
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
async fn the_run_s_own_time_out_ends_it() {
    let pipeline = Sample::new("demo").stage("long", &[]).build();
    let mut scene = Scene::of(&pipeline).on("long", Script::exits(0).after(MS(600_000)));
    scene.options.timeout = Some(MS(5_000));
    let played = scene.play().await;
    assert_eq!(played.verdict(), Verdict::TimedOut);
    assert!(played.outcome.summary.took < MS(6_000));
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_taken_port_is_found_before_anything_is_made() {
    let pipeline = Sample::new("demo")
        .service_with("app", &[], |app| {
            app.ports = vec![crate::model::sample::port(8_000, Some(8_000))];
        })
        .stage("accept", &["app"])
        .build();
    let scene = Scene::of(&pipeline);
    let other = Sample::new("other")
        .service_with("web", &[], |web| web.ports = vec![crate::model::sample::port(80, Some(8_000))])
        .build();
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
async fn an_engine_that_is_not_there_is_the_engine_s_failure() {
    let scene = Scene::of(&chain());
    scene.fake.inject(Fault::on(Call::Info).fails(ErrorKind::Unreachable(Vec::new()), "no such socket"));
    let played = scene.play().await;
    assert_eq!(played.verdict(), Verdict::EngineFailed);
    played.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn secrets_are_seen_nowhere() {
    let pipeline = Sample::new("demo").stage("leaky", &[]).build();
    let mut scene = Scene::of(&pipeline).on("leaky", Script::exits(1).says("token is hunter2hunter2!"));
    scene.options.secrets.insert("token".into(), "hunter2hunter2".to_owned());
    let played = scene.play().await;
    let everything = format!("{:?}{:?}", played.events, played.outcome);
    assert!(!everything.contains("hunter2"), "{everything}");
    assert_eq!(played.lines(), ["token is ***!"]);
}

#[tokio::test(start_paused = true)]
async fn artifacts_come_home_also_when_the_stage_failed() {
    let home = tempfile::tempdir().expect("a place");
    for code in [0, 1] {
        let pipeline = Sample::new("demo")
            .stage_with("unit", &[], |unit| unit.artifacts = vec![artifact("/app/report.xml")])
            .build();
        let content = format!("report of {code}");
        let mut scene = Scene::of(&pipeline).on("unit", Script::exits(code).file("/app/report.xml", content.as_str()));
        scene.options.root = home.path().to_owned();
        let played = scene.play().await;
        assert_eq!(std::fs::read_to_string(home.path().join("report.xml")).expect("is there"), content);
        played.assert_nothing_left();
    }
}

#[tokio::test(start_paused = true)]
async fn an_artifact_that_is_not_there_fails_a_stage_that_passed() {
    let pipeline =
        Sample::new("demo").stage_with("unit", &[], |unit| unit.artifacts = vec![artifact("/app/report.xml")]).build();
    let played = Scene::of(&pipeline).play().await;
    assert_eq!(played.verdict(), Verdict::Failed);
    assert!(matches!(played.failure("unit", "collect"), Failure::ArtifactMissing { .. }));
    played.assert_nothing_left();
}

/// Each call of the engine fails once, before or after it had its effect: the run ends, says so where it matters, and leaves nothing.
#[tokio::test(start_paused = true)]
async fn whatever_call_fails_nothing_is_left() {
    let pipeline = Sample::new("demo")
        .volume("data")
        .service_with("db", &[], |db| {
            db.container.mounts = vec![mount("data", "/data")];
            db.container.stop = graceful(Duration::from_secs(5));
        })
        .stage_with("migrate", &["db"], |migrate| migrate.artifacts = vec![artifact("/out")])
        .stage("accept", &["migrate", "db"])
        .build();
    let calls = [
        Call::Image,
        Call::CreateNetwork,
        Call::CreateVolume,
        Call::CreateContainer,
        Call::Start,
        Call::Inspect,
        Call::CopyOut,
        Call::Stop,
        Call::RemoveContainer,
        Call::RemoveNetwork,
        Call::RemoveVolume,
    ];
    let home = tempfile::tempdir().expect("a place");
    for call in calls {
        for (nth, after_effect) in [(1, false), (1, true), (2, false), (2, true), (3, false), (3, true)] {
            let mut scene = Scene::of(&pipeline).on("migrate", Script::exits(0).file("/out", "x"));
            scene.options.root = home.path().to_owned();
            let fault = Fault::on(call).nth(nth).fails(ErrorKind::Protocol, "connection reset");
            scene.fake.inject(if after_effect { fault.after_effect() } else { fault });
            let played = scene.play().await;
            let struck = played.fake.calls().iter().any(|call| matches!(&call.outcome, CallOutcome::Failed(_)));
            let takes_back =
                matches!(call, Call::Stop | Call::RemoveContainer | Call::RemoveNetwork | Call::RemoveVolume);
            let title = format!("{call} {nth} {after_effect}: {}", played.fake.transcript());
            assert_eq!(played.verdict() == Verdict::Passed, !struck || takes_back, "{title}");
            assert_eq!(played.fake.ledger().to_string(), "", "{title}");
            assert!(played.outcome.summary.left.is_empty(), "{title}");
        }
    }
}

fn slow(script: Script) -> Script {
    script.create_takes(MS(60)).start_takes(MS(250))
}
