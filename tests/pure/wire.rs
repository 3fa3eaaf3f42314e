//! What we print for programs fits the schemas that we give them.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{fs, io};

use jsonschema::Validator;
use pipe::analysis::analyze;
use pipe::diagnostic::{blocks, codes, render};
use pipe::event::{
    Attempt, BuildStepEnd, CaseStatus, Cause, CheckFailure, Event, Excerpt, Exchange, Failure, Mishap, OutputStream,
    ServiceLog, Stamped, StepOutcome, Summary, TestCase, Tries, Verdict, When,
};
use pipe::model::Inputs;
use pipe::plan::{Goal, Plan, plan};
use pipe::report::json::Json;
use pipe::report::{Context, Reporter, Screen};
use pipe::source::{Files, MemoryWorkspace, Span};
use serde_json::Value;

fn schema(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar").join(name);
    serde_json::from_str(&fs::read_to_string(path).expect("it is there")).expect("it is JSON")
}

fn validator(schema: &Value) -> Validator {
    jsonschema::meta::validate(schema).unwrap_or_else(|error| panic!("{error}"));
    jsonschema::draft202012::new(schema).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn fits(validator: &Validator, text: &str) {
    let value: Value = serde_json::from_str(text).expect("it is JSON");
    if let Some(error) = validator.iter_errors(&value).next() {
        panic!("{error} at {}:\n{value:#}", error.instance_path());
    }
}

/// Every finding that the pages show, as JSON.
#[test]
fn findings_fit_their_schema() {
    let schema = schema("check.schema.json");
    let document = validator(&schema);
    let mut of_line = schema.clone();
    for key in ["type", "properties", "required"] {
        of_line.as_object_mut().expect("an object").remove(key);
    }
    of_line["$ref"] = "#/$defs/line".into();
    let line = validator(&of_line);
    let mut seen = 0;
    for code in codes::all() {
        let blocks = blocks(code.page());
        let beside = blocks.iter().filter_map(|block| Some((block.file()?, block.text.as_str())));
        let workspace = beside.fold(MemoryWorkspace::default(), |workspace, (path, text)| workspace.with(path, text));
        for block in blocks.iter().filter(|block| block.is("bad")) {
            let analysis = analyze(&Files::single("pipeline.kdl", &block.text), &Inputs::new(&workspace));
            fits(&document, &render::json(&analysis.diagnostics, &analysis.files));
            for text in render::json_lines(&analysis.diagnostics, &analysis.files).lines() {
                fits(&line, text);
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen} findings");
    assert!(!document.is_valid(&serde_json::json!({ "v": 2, "diagnostics": [] })));
    assert!(!line.is_valid(&serde_json::json!({ "v": 1, "code": "no-such" })));
}

/// What `pipe explain` prints of every topic, and of all in a list.
#[test]
fn explanations_fit_their_schema() {
    let validator = validator(&schema("explain.schema.json"));
    let explain = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_pipe"));
        let output = command.arg("explain").args(arguments).args(["--format", "json"]).output().expect("it can be run");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    for list in [&["--list"][..], &["--list", "codes"], &["--list", "nodes"]] {
        fits(&validator, &explain(list));
    }
    let mut seen = 0;
    let mut told = std::collections::HashSet::new();
    for (path, node) in pipe::schema::paths() {
        // Nodes of which every part has been seen on another one are alike.
        let arguments = node.arguments.iter().map(|it| format!("{} {:?}", it.ty.title(), it.arity));
        let properties = node.properties.iter().map(|it| format!("{} {} {}", it.ty.title(), it.required, it.negatable));
        let whole = format!("{} {} {:?}", node.flags.is_empty(), node.repeatable, node.support);
        let parts: Vec<String> = arguments.chain(properties).chain([whole]).collect();
        let known = told.len();
        told.extend(parts);
        if told.len() > known {
            let text = explain(&[&path]);
            fits(&validator, &text);
            let value: Value = serde_json::from_str(&text).expect("it is JSON");
            let whole =
                value["nodes"].as_array().is_some_and(|nodes| nodes.iter().all(|it| it["signature"].is_string()));
            assert!(whole, "{path}: {text}");
            seen += 1;
        }
    }
    // Codes are alike: one of each class.
    let mut classes = std::collections::HashSet::new();
    for code in codes::all().filter(|code| classes.insert(code.class())) {
        fits(&validator, &explain(&[code.slug()]));
        seen += 1;
    }
    assert!(seen > 30, "{seen} topics");
    assert!(!validator.is_valid(&serde_json::json!({ "v": 1 })));
    assert!(!validator.is_valid(&serde_json::json!({ "v": 1, "nodes": [{ "path": "a", "doc": "b" }] })));
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no writer panics").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn planned() -> Plan {
    let text = "stage a {\n    image \"busybox:1.35\"\n    command echo a\n}\n";
    let analysis = analyze(&Files::single("pipeline.kdl", text), &Inputs::new(&MemoryWorkspace::default()));
    let pipeline = analysis.pipeline.expect("it is valid");
    plan(&pipeline, &Goal { targets: vec!["a".into()], ..Goal::default() })
}

#[test]
fn events_fit_their_schema() {
    let plan = Arc::new(planned());
    let (step, node) = (plan.steps[0].id, plan.steps[0].node);
    let took = Duration::from_millis(1500);
    let outcomes = [
        StepOutcome::Succeeded,
        StepOutcome::Cancelled,
        StepOutcome::NotNeeded,
        StepOutcome::Failed(Box::new(Failure::ImageUnavailable {
            reference: "busybox:1.35".into(),
            message: "no such image".into(),
            auth: false,
        })),
    ];
    let case = |status| TestCase { took: Some(took), ..TestCase::new(None, "it works".into(), status) };
    let check = CheckFailure {
        actual_file: Some("logs/a.1.actual".into()),
        difference: Some("$.a is 1; wanted 2".into()),
        exchange: Some(Exchange { request: "curl http://h/".into(), response: Some("HTTP/1.1 200 OK".into()) }),
        answer_file: Some("logs/a.2.answer".into()),
        tries: vec![Tries { first: 1, last: 2, at: took, outcome: "status: 503".into() }],
        causes: vec![Cause {
            service: "app".into(),
            mishap: Mishap::Ended { code: 137, oom_killed: true },
            when: When::Before(took),
            step: "request",
        }],
        ..CheckFailure::new(Span::default(), "status".into(), "equals 200".into(), "503".into())
    };
    let excerpt = Excerpt { file: "a.bats".into(), line: 2, first: 1, lines: vec!["a".into(), "b".into()] };
    let log =
        ServiceLog { service: "app".into(), before: 3, lines: vec!["a".into()], files: vec!["logs/a.stdout".into()] };
    let attempt = Attempt { number: 1, passed: false, code: Some(1), output: "refused".into(), at: took, took };
    let mut events = vec![
        Event::RunStarted { run: "r1".into(), jobs: 2 },
        Event::StepStarted(step),
        Event::Output { node, stream: OutputStream::Stderr, line: b"a\xFF".to_vec() },
        Event::Retrying {
            node: plan.steps.iter().find(|step| step.operation.verb() == "run").expect("it runs").node,
            attempt: 1,
            of: 3,
            failure: Box::new(Failure::TimedOut { limit: took, log: Vec::new() }),
            pause: took,
        },
        Event::Build { node, step: "[1/2] FROM".into(), done: None },
        Event::Build { node, step: "[1/2] FROM".into(), done: Some(BuildStepEnd::Cached) },
        Event::Probed { node, attempt, deadline: took },
        Event::Published { node, port: 80, url: "http://127.0.0.1:32771".into() },
        Event::Tested { node, case: case(CaseStatus::Passed) },
        Event::Tested {
            node,
            case: TestCase { earlier: vec![CaseStatus::Failed("once".into())], ..case(CaseStatus::Passed) },
        },
        Event::Tested { node, case: case(CaseStatus::Skipped("not today".into())) },
        Event::Tested { node, case: case(CaseStatus::Failed("it does not".into())) },
        Event::Tested {
            node,
            case: TestCase {
                excerpt: Some(Box::new(excerpt)),
                logs: vec![log],
                ..case(CaseStatus::Checks(vec![check]))
            },
        },
        Event::Collected { node, from: "/a".into(), to: "reports/a".into() },
        Event::Warning { node: None, message: "slow".into() },
        Event::Interrupted { signal: "SIGINT", count: 1 },
        Event::RunFinished(Box::new(Summary {
            verdict: Verdict::Failed,
            took,
            created: 3,
            removed: 2,
            kept: 1,
            left: vec!["volume x".into()],
            unknown: vec!["container y".into()],
            containers: vec![(node, "pipe-a".into())],
            urls: vec![(node, 80, "http://127.0.0.1:32771".into())],
        })),
    ];
    events.extend(outcomes.map(|outcome| Event::StepSettled { step, outcome, took }));
    let count = events.len();

    let written = Written::default();
    let context = Context {
        plan,
        files: Files::single("pipeline.kdl", ""),
        style: render::Style::default(),
        hide: Arc::new(str::to_owned),
    };
    let mut reporter = Json::new(context, Screen::new(written.clone()));
    for event in events {
        reporter.handle(&Stamped { at: took, event });
    }
    reporter.rest();
    let text = String::from_utf8(written.0.lock().expect("no writer panics").clone()).expect("text");
    let validator = validator(&schema("run.schema.json"));
    text.lines().for_each(|line| fits(&validator, line));
    assert_eq!(text.lines().count(), count);
    assert!(!validator.is_valid(&serde_json::json!({ "v": 1, "at": 0, "event": "run-started" })));
}
