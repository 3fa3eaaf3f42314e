//! Whole runs of random pipelines on the fake engine, under schedules of faults and signals: they end, tell the truth and leave
//! nothing.

use std::collections::HashMap;
use std::ops::Range;
use std::time::Duration;

use super::scene::{MS, Played, Scene};
use crate::engine::ErrorKind;
use crate::engine::fake::{Call, Fault, Operation, Outcome, Script};
use crate::event::{StepOutcome, Verdict};
use crate::model::{Gate, Pipeline, Runnable};
use crate::run::scheduler::simulation::{Case, Dice, Shape, random_pipeline, search};

const SHAPE: Shape = Shape { runnables: 6, services: 3, needs: 3 };

/// The words of an error that no script could have thought of.
const INJECTED: &str = "injected: connection reset";

/// What goes wrong in a run.
#[derive(Debug, Clone, Default)]
struct Trouble {
    /// A script of it ends badly.
    bad: bool,
    /// Calls of the engine that fail.
    faults: Vec<(Operation, usize, bool)>,
    signals: Vec<Duration>,
    timeout: Option<Duration>,
    stalls: Vec<Duration>,
}

/// Each call that a run makes fails in turn, before it had its effect and after.
#[test]
fn the_laws_hold_whichever_call_fails() {
    search("runs with one fault", 0..12, |dice| {
        let (pipeline, scripts) = random_scene(dice, false);
        let calls = played(&pipeline, &scripts, &Trouble::default())?.fake.calls();
        let mut seen: HashMap<Operation, usize> = HashMap::new();
        let mut runs = 1;
        for call in &calls {
            let nth = seen.entry(call.operation).or_default();
            *nth += 1;
            for after_effect in [false, true] {
                let faults = vec![(call.operation, *nth, after_effect)];
                judged(&pipeline, &scripts, &Trouble { faults, ..Trouble::default() })?;
                runs += 1;
            }
        }
        Ok(runs)
    });
}

/// A signal comes as each call of a run begins and ends; and a second one a moment later.
#[test]
fn the_laws_hold_whenever_a_signal_comes() {
    search("runs with a signal", 0..12, |dice| {
        let (pipeline, scripts) = random_scene(dice, false);
        let calls = played(&pipeline, &scripts, &Trouble::default())?.fake.calls();
        let mut moments: Vec<Duration> = calls.iter().flat_map(|call| [Some(call.begin), call.end]).flatten().collect();
        moments.sort();
        moments.dedup();
        let mut runs = 1;
        for moment in moments {
            for signals in [vec![moment], vec![moment + MS(1)], vec![moment, MS(30)]] {
                judged(&pipeline, &scripts, &Trouble { signals, ..Trouble::default() })?;
                runs += 1;
            }
        }
        Ok(runs)
    });
}

// Stages that fail, services that die, faults, signals, time-outs and screens that hang, all at once.

#[test]
fn the_laws_hold_over_random_whole_runs_one() {
    whole_runs(0..1_000);
}

#[test]
fn the_laws_hold_over_random_whole_runs_two() {
    whole_runs(1_000..2_000);
}

fn whole_runs(seeds: Range<u64>) {
    search("whole runs", seeds, |dice| {
        let bad = dice.one_in(2);
        let (pipeline, scripts) = random_scene(dice, bad);
        let calls = [
            Operation::Image,
            Operation::CreateNetwork,
            Operation::CreateVolume,
            Operation::CreateContainer,
            Operation::Start,
            Operation::Exec,
            Operation::Inspect,
            Operation::CopyOut,
            Operation::Stop,
            Operation::Kill,
            Operation::RemoveContainer,
            Operation::RemoveNetwork,
            Operation::RemoveVolume,
            Operation::List,
        ];
        let count = dice.pick(&[0, 0, 1, 3]);
        let faults = (0..count).map(|_| (dice.pick(&calls), 1 + dice.below(4) as usize, dice.one_in(2))).collect();
        let signals = dice.pick(&[0, 0, 1, 2, 3]);
        let signals = (0..signals).map(|_| MS(dice.below(3_000))).collect();
        let timeout = dice.one_in(4).then(|| MS(dice.below(8_000)));
        let stalls = dice.pick(&[0, 0, 7]);
        let stalls = (0..stalls).map(|_| MS(dice.below(3) * dice.below(400))).collect();
        judged(&pipeline, &scripts, &Trouble { bad, faults, signals, timeout, stalls })?;
        Ok(1)
    });
}

/// A pipeline, and what its containers do; nothing goes wrong in them unless `bad`.
fn random_scene(dice: &mut Dice, bad: bool) -> (Pipeline, Vec<(String, Script)>) {
    let pipeline = random_pipeline(dice, SHAPE);
    let mut scripts = Vec::new();
    for (name, runnable) in pipeline.runnables() {
        let slow = |script: Script, dice: &mut Dice| {
            script.create_takes(MS(dice.below(3) * 40)).start_takes(MS(dice.below(3) * 90))
        };
        let script = match runnable {
            Runnable::Service(_) if ends(&pipeline, name.as_str()) => {
                Script::exits(0).after(MS(500 + dice.below(3_000)))
            }
            Runnable::Service(_) if bad && dice.one_in(3) => match dice.below(4) {
                0 => Script::exits(3).after(MS(dice.below(4_000))),
                1 => Script::exits(137).after(MS(dice.below(2_000))).out_of_memory(),
                2 => Script::runs().never_ready(),
                _ => Script::runs().cannot_start(ErrorKind::CannotStart, "no such file"),
            },
            Runnable::Service(_) => {
                let script = Script::runs().ready_after(MS(dice.below(3_000)));
                if dice.one_in(4) { script.ignores_stop() } else { script.stops_in(MS(dice.below(700))) }
            }
            Runnable::Stage(_) if bad && dice.one_in(4) => match dice.below(2) {
                0 => Script::exits(7).after(MS(dice.below(2_000))),
                _ => Script::exits(0).cannot_start(ErrorKind::CannotStart, "no such file"),
            },
            Runnable::Stage(_) => Script::exits(0).after(MS(dice.below(2_000))).file("/out", "x").says("here"),
            Runnable::Acceptance(_) => continue,
        };
        scripts.push((name.to_string(), slow(script, dice)));
    }
    (pipeline, scripts)
}

/// Whether somebody waits for the end of a service.
fn ends(pipeline: &Pipeline, service: &str) -> bool {
    gates(pipeline, service).any(|gate| gate == Gate::Exited)
}

/// Whether a service must end and must live.
fn contradicts_itself(pipeline: &Pipeline) -> bool {
    let mut names = pipeline.runnables().keys();
    names.any(|name| ends(pipeline, name.as_str()) && gates(pipeline, name.as_str()).any(|gate| gate != Gate::Exited))
}

/// What is needed of a service.
fn gates<'a>(pipeline: &'a Pipeline, service: &'a str) -> impl Iterator<Item = Gate> + 'a {
    let needs = pipeline.runnables().values().flat_map(|runnable| runnable.needs());
    needs.filter(move |need| need.on.as_str() == service).map(|need| need.gate)
}

fn played(pipeline: &Pipeline, scripts: &[(String, Script)], trouble: &Trouble) -> Result<Played, String> {
    let home = tempfile::tempdir().map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    let played = runtime.map_err(|error| error.to_string())?.block_on(async {
        let mut scene = Scene::of(pipeline);
        for image in ["debian:bookworm-slim", "mariadb:10.11"] {
            scene.fake.with_image(image);
        }
        for (node, script) in scripts {
            scene.fake.on(node, script.clone());
        }
        for &(operation, nth, after_effect) in &trouble.faults {
            let fault = Fault::on(operation).nth(nth).fails(ErrorKind::Protocol, INJECTED);
            scene.fake.inject(if after_effect { fault.after_effect() } else { fault });
        }
        scene.options.root = home.path().to_owned();
        scene.options.timeout = trouble.timeout;
        scene.signals = trouble.signals.clone();
        scene.stalls = trouble.stalls.clone();
        scene.play().await
    });
    Ok(played)
}

/// Plays a run and holds it to the laws.
fn judged(pipeline: &Pipeline, scripts: &[(String, Script)], trouble: &Trouble) -> Case {
    let played = played(pipeline, scripts, trouble).map_err(|broken| format!("{broken}\n{trouble:?}"))?;
    let bad = trouble.bad || contradicts_itself(pipeline);
    match broken(&played, &Trouble { bad, ..trouble.clone() }) {
        None => Ok(1),
        Some(law) => {
            let outcomes = played.plan.steps.iter().zip(&played.outcome.steps);
            let outcomes: String = outcomes.map(|(step, outcome)| format!("{}: {outcome:?}\n", step.id)).collect();
            let transcript: String = played.fake.calls().iter().map(|call| format!("{call}\n")).collect();
            Err(format!("{law}\n{trouble:#?}\n{}{outcomes}{transcript}", played.plan))
        }
    }
}

/// The law that a run breaks.
fn broken(played: &Played, trouble: &Trouble) -> Option<String> {
    let calls = played.fake.calls();
    let struck: Vec<&Call> =
        calls.iter().filter(|call| matches!(&call.outcome, Outcome::Failed(why) if why == INJECTED)).collect();
    let verdict = played.verdict();
    let required = played.plan.steps.iter().zip(&played.outcome.steps).filter(|(step, _)| step.required);
    let undone: Vec<String> = required
        .filter(|(_, outcome)| !outcome.succeeded())
        .map(|(step, outcome)| format!("{} {outcome:?}", step.id))
        .collect();
    let good = match verdict {
        Verdict::Passed => undone.is_empty(),
        Verdict::Failed => trouble.bad,
        Verdict::EngineFailed => !struck.is_empty(),
        Verdict::TimedOut => trouble.timeout.is_some(),
        Verdict::Interrupted { signal } => !trouble.signals.is_empty() && signal == 2,
    };
    if !good {
        return Some(format!("{verdict:?}, and that is not true: {undone:?}"));
    }
    let calm = !trouble.bad && struck.is_empty() && trouble.signals.is_empty() && trouble.timeout.is_none();
    if calm && verdict != Verdict::Passed {
        return Some(format!("{verdict:?} though nothing was amiss"));
    }
    left(played, trouble, &struck)
}

/// What is left that should not be, or what is told of it that is not so.
fn left(played: &Played, trouble: &Trouble, struck: &[&Call]) -> Option<String> {
    let there: Vec<String> =
        played.fake.ledger().objects.iter().map(|it| format!("{} {}", it.kind.as_str(), it.id)).collect();
    let takes_back = |operation| {
        matches!(
            operation,
            Operation::RemoveContainer | Operation::RemoveNetwork | Operation::RemoveVolume | Operation::List
        )
    };
    let removals = struck.iter().filter(|call| takes_back(call.operation)).count();
    // Whoever asks three times does not want to wait; and what fails again and again stays.
    let may_stay = trouble.signals.len() >= 3 || removals > 2;
    if !may_stay && !there.is_empty() {
        return Some(format!("left: {there:?}"));
    }
    let mut told = played.outcome.summary.left.clone();
    let mut there = there;
    told.sort();
    there.sort();
    if !may_stay && told != there {
        return Some(format!("told as left: {told:?}, left: {there:?}"));
    }
    let dropped = played.fake.dropped_creates();
    if trouble.signals.len() < 3 && !dropped.is_empty() {
        return Some(format!("creates were dropped: {dropped:?}"));
    }
    let settled = played.outcome.steps.iter().all(|outcome| !matches!(outcome, StepOutcome::Failed(failure) if format!("{failure:?}").contains("pipe itself failed")));
    (!settled).then(|| "an operation panics".to_owned())
}
