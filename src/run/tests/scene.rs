use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;
use tokio::sync::mpsc;

use crate::engine::Engine;
use crate::engine::fake::{Fake, Script};
use crate::event::{Event, Failure, Outcome, Stamped, StepOutcome, Verdict};
use crate::model::Pipeline;
use crate::model::sample::Sample;
use crate::plan::{Goal, Keep, Plan, plan};
use crate::run::{Control, Identity, Options, Signal, run};

pub(super) const MS: fn(u64) -> Duration = Duration::from_millis;

/// A run to be.
pub(super) struct Scene {
    pub(super) fake: Fake,
    pub(super) plan: Arc<Plan>,
    pub(super) options: Options,
    /// Signals, each so long after the one before.
    pub(super) signals: Vec<Duration>,
    /// What is said by what is done beside the run, and how long that takes.
    pub(super) beside: Option<(String, Duration)>,
    /// How long whoever listens takes for each event, over and over; none: no time at all.
    pub(super) stalls: Vec<Duration>,
}

/// A run that has been.
pub(super) struct Played {
    pub(super) outcome: Outcome,
    pub(super) events: Vec<Stamped>,
    pub(super) plan: Arc<Plan>,
    pub(super) fake: Fake,
}

impl Scene {
    pub(super) fn of(pipeline: &Pipeline) -> Self {
        Scene::keeping(pipeline, Keep::Nothing)
    }

    pub(super) fn keeping(pipeline: &Pipeline, keep: Keep) -> Self {
        let fake = Fake::new();
        fake.with_image("busybox:1.35");
        let goal = Goal { keep, ..Goal::default() };
        Scene {
            fake,
            plan: Arc::new(plan(pipeline, &goal)),
            options: Options {
                update_snapshots: false,
                identity: Identity {
                    run: "r1".to_owned(),
                    pipeline: "demo".into(),
                    spec: "0".to_owned(),
                    owner: "here".to_owned(),
                    created: 0,
                    keep: None,
                },
                jobs: None,
                secrets: IndexMap::new(),
                root: std::env::temp_dir(),
                keep_going: false,
                max_failures: None,
                timeout: None,
                is_dead: |owner| owner == "dead",
                directory: None,
            },
            signals: Vec::new(),
            beside: None,
            stalls: Vec::new(),
        }
    }

    pub(super) fn on(self, node: &str, script: Script) -> Self {
        self.fake.on(node, script);
        self
    }

    pub(super) fn signal_at(mut self, time: Duration) -> Self {
        self.signals.push(time);
        self
    }

    pub(super) async fn play(self) -> Played {
        let Scene { fake, plan, options, signals, beside, stalls } = self;
        let (sender, mut events) = mpsc::channel(16);
        let (signal, mut control) = Control::channel();
        if let Some((message, takes)) = beside {
            control = control.beside(async move {
                tokio::time::sleep(takes).await;
                vec![message]
            });
        }
        let listener = tokio::spawn(async move {
            let mut heard = Vec::new();
            while let Some(event) = events.recv().await {
                if let Some(&stall) = stalls.get(heard.len() % stalls.len().max(1)) {
                    tokio::time::sleep(stall).await;
                }
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
    pub(super) fn verdict(&self) -> Verdict {
        self.outcome.summary.verdict
    }

    pub(super) fn outcome_of(&self, node: &str, verb: &str) -> &StepOutcome {
        let matches =
            |step: &&crate::plan::Step| self.plan.node(step.node).name == node && step.operation.verb() == verb;
        let step = self.plan.steps.iter().find(matches);
        &self.outcome.steps[step.unwrap_or_else(|| panic!("no `{verb}` of `{node}`\n{}", self.plan)).id.index()]
    }

    pub(super) fn failure(&self, node: &str, verb: &str) -> &Failure {
        match self.outcome_of(node, verb) {
            StepOutcome::Failed(failure) => failure,
            other => panic!("`{verb}` of `{node}` came to {other:?}"),
        }
    }

    pub(super) fn assert_nothing_left(&self) {
        assert_eq!(self.fake.ledger().to_string(), "", "left on the engine");
        let summary = &self.outcome.summary;
        assert_eq!(summary.left, Vec::<String>::new());
        assert_eq!(summary.created, summary.removed, "created and removed");
        assert!(self.fake.dropped_creates().is_empty(), "{:?}", self.fake.dropped_creates());
    }

    pub(super) fn lines(&self) -> Vec<String> {
        let line = |event: &Stamped| match &event.event {
            Event::Output { line, .. } => Some(String::from_utf8_lossy(line).into_owned()),
            _ => None,
        };
        self.events.iter().filter_map(line).collect()
    }
}

/// A database, migrations and a check, one after the other.
pub(super) fn chain() -> Pipeline {
    Sample::new("demo").service("db", &[]).stage("migrate", &["db"]).stage("accept", &["migrate", "db"]).build()
}
