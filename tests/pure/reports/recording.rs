use std::sync::Arc;
use std::time::Duration;

use pipe::analysis::analyze;
use pipe::diagnostic::render::Style;
use pipe::event::{
    CaseStatus, Cause, CheckFailure, Event, Exchange, Failure, Mishap, OutputStream, ServiceLog, Stamped, StepOutcome,
    Summary, TestCase, Verdict, When,
};
use pipe::model::Inputs;
use pipe::plan::{Goal, NodeId, Plan, StepId, plan};
use pipe::report::{Context, Report, ReportFormat, Reporter};
use pipe::source::{Files, MemoryWorkspace};

const TEXT: &str = r#"pipeline shop { default todos lint }
service app { image "busybox:1.35"; command httpd -f -p "8000"; port 8000; healthcheck tcp=8000 }
stage lint { image "busybox:1.35"; command "false"; allow-failure }
stage broken { image "busybox:1.35"; command "false" }
acceptance todos {
    target app port=8000
    test "the root answers" { http GET "/" { expect status 200 } }
}
"#;

/// A secret that the author has written into the pipeline, and a test that tries to be markup.
pub const SECRET: &str = "hunter2";
const NASTY: &str = "<script>alert(1)</script> # not | a \u{1b}[31mdirective `hunter2`";

/// A run of that pipeline, as events.
pub struct Recording {
    plan: Arc<Plan>,
    files: Files,
    events: Vec<Stamped>,
}

impl Recording {
    /// One that came to `verdict`.
    pub fn of(verdict: Verdict) -> Self {
        let files = Files::single("pipeline.kdl", TEXT);
        let analysis = analyze(&files, &Inputs::new(&MemoryWorkspace::default()));
        let pipeline = analysis.pipeline.unwrap_or_else(|| panic!("{:?}", analysis.diagnostics));
        let targets = ["todos", "lint", "broken"].map(Into::into).to_vec();
        let mut plan = plan(&pipeline, &Goal { targets, ..Goal::default() });
        plan.seed = Some(42);
        let plan = Arc::new(plan);
        let mut recording = Recording { plan, files, events: Vec::new() };
        recording.play(verdict);
        recording
    }

    fn at(&mut self, milliseconds: u64, event: Event) {
        self.events.push(Stamped { at: Duration::from_millis(milliseconds), event });
    }

    fn node(&self, name: &str) -> NodeId {
        self.plan.nodes.iter().find(|node| node.name == name).expect("it is planned").id
    }

    fn step(&self, name: &str, verb: &str) -> StepId {
        let node = self.node(name);
        let is_it = |step: &&pipe::plan::Step| step.node == node && step.operation.verb() == verb;
        self.plan.steps.iter().find(is_it).expect("it is planned").id
    }

    fn worked(&mut self, name: &str, verb: &str, (from, to): (u64, u64), outcome: StepOutcome) {
        let step = self.step(name, verb);
        self.at(from, Event::StepStarted(step));
        self.at(to, Event::StepSettled { step, outcome, took: Duration::from_millis(to - from) });
    }

    fn tested(&mut self, at: u64, name: &str, status: CaseStatus, earlier: Vec<CaseStatus>) {
        let span = Some(self.plan.node(self.node("todos")).origin);
        let log = ServiceLog { service: "app".into(), before: 0, lines: vec!["GET / 500".into()], files: Vec::new() };
        let took = Some(Duration::from_millis(20));
        let case = TestCase { earlier, took, span, logs: vec![log], ..TestCase::new(None, name.into(), status) };
        let node = self.node("todos");
        self.at(at, Event::Tested { node, case });
    }

    fn play(&mut self, verdict: Verdict) {
        let took = Duration::from_millis(4000);
        let stage_failed = || {
            let log = vec!["no such <table>".to_owned()];
            let failure =
                Failure::StageFailed { code: 1, oom_killed: false, log, dead: Vec::new(), unwell: Vec::new() };
            StepOutcome::Failed(Box::new(failure))
        };
        let check = CheckFailure {
            difference: Some("$.items[1].title is \"b\"; wanted \"c\"\n$.count is 1; wanted 2".into()),
            exchange: Some(Exchange {
                request: "curl -i app.example:8000/".into(),
                response: Some("HTTP/1.1 500 Internal Server Error\n\n<h1>oops</h1>".into()),
            }),
            answer_file: Some("runs/r1/logs/todos.1.answer".into()),
            causes: vec![Cause {
                service: "app".into(),
                mishap: Mishap::Ended { code: 137, oom_killed: true },
                when: When::Before(Duration::from_millis(400)),
                step: "request",
            }],
            ..CheckFailure::new(
                self.plan.node(self.node("todos")).origin,
                "status".into(),
                "equals 200".into(),
                "500".into(),
            )
        };
        self.at(0, Event::RunStarted { run: "r1".into(), jobs: 2 });
        self.worked("app", "start", (100, 200), StepOutcome::Succeeded);
        self.worked("app", "await", (200, 900), StepOutcome::Succeeded);
        let app = self.node("app");
        let line = format!("listening, password {SECRET} & <b>").into_bytes();
        self.at(950, Event::Output { node: app, stream: OutputStream::Stderr, line });
        self.worked("lint", "run", (100, 600), stage_failed());
        self.worked("broken", "run", (100, 700), stage_failed());
        self.tested(1000, "passes", CaseStatus::Passed, Vec::new());
        self.tested(1100, "flaky", CaseStatus::Passed, vec![CaseStatus::Failed("first try".into())]);
        self.tested(1200, "not today", CaseStatus::Skipped("no # time".into()), Vec::new());
        self.tested(1300, NASTY, CaseStatus::Checks(vec![check]), Vec::new());
        let failure = Failure::TestsFailed { failed: 1, total: 4, log: Vec::new() };
        self.worked("todos", "test", (900, 1400), StepOutcome::Failed(Box::new(failure)));
        self.at(
            1500,
            Event::Collected { node: self.node("lint"), from: "/out/lint.txt".into(), to: "lint.txt".into() },
        );
        self.at(1600, Event::Warning { node: None, message: "a [link](x) and <i>".into() });
        let summary = Summary {
            verdict,
            took,
            created: 3,
            removed: 3,
            kept: 0,
            left: Vec::new(),
            unknown: Vec::new(),
            containers: Vec::new(),
            urls: Vec::new(),
        };
        self.at(4000, Event::RunFinished(Box::new(summary)));
    }

    /// The report as it lies in its file.
    pub fn told(&self, format: ReportFormat) -> String {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("report");
        let context = Context {
            plan: self.plan.clone(),
            files: self.files.clone(),
            style: Style::default(),
            hide: Arc::new(|text: &str| text.replace(SECRET, "***")),
        };
        let mut report = Report::begin(&context, format, &path);
        self.events.iter().for_each(|event| report.handle(event));
        assert!(report.error().is_none());
        std::fs::read_to_string(path).expect("it was written")
    }
}
