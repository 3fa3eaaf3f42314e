//! The live view: what is at work, what comes next and what it waits for.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use pipe::analysis::analyze;
use pipe::diagnostic::render::Style;
use pipe::event::{Event, OutputStream, Stamped, StepOutcome, Summary, Verdict};
use pipe::model::Inputs;
use pipe::plan::{Goal, Plan, StepId, plan};
use pipe::report::tty::{Terminal, Tty};
use pipe::report::{Context, Reporter};
use pipe::source::{Files, MemoryWorkspace};

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no writer panics").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Written {
    /// The rows that stand below: what was drawn last.
    fn rows(&self) -> Vec<String> {
        let bytes = self.0.lock().expect("no writer panics");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let last = text.rsplit("\u{1b}[?2026h").next().unwrap_or_default();
        last.split('\n').filter_map(|line| line.strip_suffix("\u{1b}[K")).map(plain).collect()
    }

    /// Waits until a row says `words`.
    #[track_caller]
    fn shows(&self, words: &str) {
        let start = Instant::now();
        while !self.rows().iter().any(|row| row.contains(words)) {
            assert!(start.elapsed() < Duration::from_secs(20), "no `{words}` in {:#?}", self.rows());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn everything(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("no writer panics")).into_owned()
    }
}

/// Without what moves the cursor before the first row.
fn plain(row: &str) -> String {
    row.rsplit('A').next().unwrap_or(row).trim_start_matches('\r').to_owned()
}

fn shop() -> Plan {
    let text = r#"
        template box { image "busybox:1.35"; command sleep 9 }
        service db { extends box; healthcheck "true" }
        stage migrate { extends box; needs db }
        stage collect { extends box; needs db }
        service app { extends box; needs migrate collect; healthcheck "true" }
        stage last { extends box; needs app }
    "#;
    let analysis = analyze(&Files::single("pipeline.kdl", text), &Inputs::new(&MemoryWorkspace::default()));
    let pipeline = analysis.pipeline.expect("it is valid");
    let goal = Goal { targets: vec!["last".into()], ..Goal::default() };
    plan(&pipeline, &goal)
}

/// A view of `plan`, and events for it.
struct Run {
    plan: Arc<Plan>,
    view: Tty,
    written: Written,
}

impl Run {
    fn new(columns: usize) -> Self {
        let plan = Arc::new(shop());
        let written = Written::default();
        let style = Style { color: false, unicode: true, width: columns, ..Style::default() };
        let context = Context {
            plan: plan.clone(),
            files: Files::single("pipeline.kdl", ""),
            style,
            hide: Arc::new(str::to_owned),
        };
        let begun = Instant::now();
        let terminal = Terminal {
            out: Box::new(written.clone()),
            size: Box::new(move || (columns, 24)),
            clock: Box::new(move || begun.elapsed()),
        };
        Run { plan, view: Tty::new(context, terminal), written }
    }

    fn tell(&mut self, event: Event) {
        self.view.handle(&Stamped { at: Duration::from_secs(1), event });
    }

    fn find(&self, name: &str, verb: &str) -> StepId {
        let mut steps = self.plan.steps.iter();
        let is_it = |name: &str, verb: &str, step: &pipe::plan::Step| {
            self.plan.node(step.node).name == name && step.operation.verb() == verb
        };
        steps.find(|step| is_it(name, verb, step)).expect("it is planned").id
    }

    fn start(&mut self, name: &str, verb: &str) {
        self.tell(Event::StepStarted(self.find(name, verb)));
    }

    fn settle(&mut self, name: &str, verb: &str) {
        let step = self.find(name, verb);
        self.tell(Event::StepSettled { step, outcome: StepOutcome::Succeeded, took: Duration::from_secs(1) });
    }

    fn prepare(&mut self) {
        let plan = self.plan.clone();
        for step in plan.steps.iter().filter(|step| matches!(step.operation.verb(), "pull" | "create")) {
            self.tell(Event::StepStarted(step.id));
            self.tell(Event::StepSettled { step: step.id, outcome: StepOutcome::Succeeded, took: Duration::ZERO });
        }
        self.start("db", "start");
        self.settle("db", "start");
        self.start("db", "await");
    }
}

#[test]
fn what_comes_next_says_what_it_waits_for() {
    let mut run = Run::new(80);
    run.prepare();
    run.written.shows("waiting to be healthy");
    run.written.shows("  migrate             waiting for db");
    assert!(!run.written.everything().contains("app "), "it does not come next");
    run.settle("db", "await");
    run.start("migrate", "run");
    run.start("collect", "run");
    run.written.shows("waiting for migrate, collect");
    run.settle("migrate", "run");
    run.written.shows("  app                 waiting for collect");
}

#[test]
fn the_last_line_of_what_is_at_work_is_shown_within_the_terminal() {
    let mut run = Run::new(40);
    run.prepare();
    run.settle("db", "await");
    run.start("migrate", "run");
    let node = run.plan.step(run.find("migrate", "run")).node;
    let mut line = b"\x1b[2J\x1b[31mcopying ".to_vec();
    line.extend_from_slice("日本語".repeat(100).as_bytes());
    run.tell(Event::Output { node, stream: OutputStream::Stdout, line });
    run.written.shows("copying 日");
    assert!(!run.written.everything().contains("\u{1b}[2J"), "no container moves the cursor");
    for row in run.written.rows() {
        assert!(row.chars().count() <= 40, "{row}");
    }
}

#[test]
fn the_end_leaves_no_row() {
    let mut run = Run::new(80);
    run.prepare();
    run.tell(Event::RunFinished(Box::new(Summary {
        verdict: Verdict::Interrupted { signal: 2 },
        took: Duration::from_secs(3),
        created: 4,
        removed: 4,
        kept: 0,
        left: Vec::new(),
        unknown: Vec::new(),
        containers: Vec::new(),
        urls: Vec::new(),
    })));
    assert_eq!(run.written.rows(), [""; 0]);
    let end = run.written.everything();
    assert!(end.contains("interrupted by SIGINT in 3.00s"), "{end}");
    assert!(end.ends_with("created 4, removed 4, left 0\n\u{1b}[J\u{1b}[?2026l"), "{end:?}");
}
