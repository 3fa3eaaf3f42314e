//! The tests as pipe runs them: the file is read and checked, then the suite is run against a service that is up.

use std::collections::HashMap;
use std::path::Path;
use std::process::ExitCode;

use pipe::analysis::analyze;
use pipe::model::{Acceptance, Inputs, Runnable, Values};
use pipe::probe::http::{Connections, Url};
use pipe::probe::{Halt, Part, References, Suite, run_suite};
use pipe::source::{Files, MemoryWorkspace};

use crate::nowhere::Nowhere;

/// The word that makes this program a process which runs the tests of a file once: `suite FILE PORT`.
pub const WORD: &str = "suite";

/// Does what [`WORD`] says.
pub fn perform(arguments: &[String]) -> ExitCode {
    let [file, port] = arguments else { panic!("`{WORD}` takes a file and a port") };
    let text = std::fs::read_to_string(file).expect("the file is there");
    let acceptance = acceptance(&text);
    runtime().block_on(run(&acceptance, port.parse().expect("a port")));
    ExitCode::SUCCESS
}

/// The suite of a pipeline, as `pipe check` makes it of a file.
pub fn acceptance(text: &str) -> Acceptance {
    let analysis = analyze(&Files::single("pipeline.kdl", text), &Inputs::new(&MemoryWorkspace::default()));
    let pipeline = analysis.pipeline.expect("the file is valid");
    let acceptance = pipeline.runnables().values().find_map(|runnable| match runnable {
        Runnable::Acceptance(acceptance) => Some(acceptance.clone()),
        _ => None,
    });
    acceptance.expect("it has an acceptance")
}

/// Runs the tests; all of them pass.
pub async fn run(acceptance: &Acceptance, port: u16) {
    let base = Url::parse(&format!("http://127.0.0.1:{port}")).expect("a URL");
    let suite = Suite {
        acceptance,
        base: &|| Some(base.clone()),
        scope: &Values::default(),
        directory: Path::new("."),
        references: References::default(),
        connections: Connections::default(),
        mask: &str::to_owned,
        site: &Nowhere,
        actor: &Nowhere,
        enough: &|| None,
        part: Part::Whole,
        known: HashMap::new(),
        halt: Halt::when(std::future::pending()),
    };
    let ran = run_suite(suite, |_| {}).await.expect("it has tests");
    assert_eq!(ran.failed, 0, "every test passes");
}

/// The runtime of `pipe run`.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}
