use std::net::TcpListener;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::blow::Blow;
use super::gate::Gate;
use super::phase::{Comes, Phase};
use super::strike::{PATIENCE, Struck};
use crate::daemon::{docker, heeding, held_by};

/// How long a run that was struck may take beyond what it has to wait for.
const END: Duration = Duration::from_secs(2);
/// How long what it made may be there after that.
pub const EMPTY: Duration = Duration::from_secs(5);

/// One moment and one blow.
pub struct Trial {
    pub phase: Phase,
    pub blow: Blow,
    /// How many times longer than promised all may take: where many trials share few processors, it is they who take the time.
    pub leniency: u32,
}

/// What came of it.
pub struct Verdict {
    /// The exit code, as a shell tells it.
    pub code: i32,
    /// From the blow to the end of the process.
    pub took: Duration,
    /// From there until the daemon held nothing of it any more.
    pub emptied: Duration,
    /// What is not as it must be.
    pub problems: Vec<String>,
    /// All that the run said.
    pub said: String,
}

/// A file long enough to be more than what waits between a terminal and its reader.
const LONG: usize = 1_000;

impl Trial {
    /// Holds a run to what it promises. `pipe` is the binary.
    pub fn hold(&self, pipe: &str) -> Verdict {
        let name = super::unique("struck");
        let directory = tempfile::tempdir().expect("a temporary directory");
        let registry = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = registry.local_addr().expect("its address").to_string();
        let text = format!("pipeline {name}\n{}", self.phase.text.replace("REGISTRY", &address));
        let text = text + &"// a line among many\n".repeat(LONG);
        let file = directory.path().join("pipeline.kdl");
        std::fs::write(&file, &text).expect("a file in it");
        let report = directory.path().join("report.xml");
        let reading = matches!(self.phase.comes, Comes::Reading);
        let mut command = heeding(pipe);
        command.arg("run").arg(if reading { PathBuf::from("-") } else { file });
        command.args(["--progress", "plain", "--report"]).arg(format!("junit={}", report.display()));
        command.current_dir(directory.path());
        let gate = self.phase.late.map(|late| Gate::open(directory.path().join("gate.sock"), late));
        if let Some(gate) = &gate {
            command.env("DOCKER_HOST", format!("unix://{}", gate.path.display()));
        }
        let mut run = Struck::begin(&mut command, self.blow, reading.then_some(text.as_str()));
        let came = match self.phase.comes {
            Comes::Reading => run.until_it_has_read(),
            Comes::Pull => registry.accept().is_ok(),
            Comes::Line(line) => run.until(|run| run.said().contains(line)),
            Comes::Call => gate.as_ref().expect("such a moment has one").wait(PATIENCE),
            Comes::Exit => run.until(|_| has_exited(&name)),
        };
        let mut problems = Vec::new();
        if !came {
            problems.push("the moment never came".to_owned());
        }
        let (code, took) = match run.strike(self.blow) {
            Some((status, took)) => (status.code().or(status.signal().map(|signal| 128 + signal)).unwrap_or(-1), took),
            None => (-1, PATIENCE),
        };
        let emptied = emptied(&name);
        let expected = self.phase.code(self.blow);
        if code != expected {
            problems.push(format!("exit code {code}, not {expected}"));
        }
        let limit = self.phase.grace + END * self.leniency;
        if took > limit {
            problems.push(format!(
                "it took {:.1} s to end, more than {:.1} s",
                took.as_secs_f32(),
                limit.as_secs_f32()
            ));
        }
        let begun = !reading && self.blow != Blow::Kill;
        if begun && !std::fs::read_to_string(&report).is_ok_and(|xml| xml.trim_end().ends_with("</testsuites>")) {
            problems.push("its report was not written".to_owned());
        }
        let emptied = emptied.unwrap_or_else(|| {
            problems.push(format!("it left {:?}", held_by("pipeline", &name)));
            PATIENCE
        });
        if emptied > EMPTY * self.leniency {
            problems.push(format!("what it made was there for {:.1} s", emptied.as_secs_f32()));
        }
        let said = run.said();
        if said.contains("panicked") {
            problems.push("it panicked".to_owned());
        }
        Verdict { code, took, emptied, problems, said }
    }
}

/// How long the daemon holds something of a pipeline; `None`: for ever.
pub fn emptied(pipeline: &str) -> Option<Duration> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if held_by("pipeline", pipeline).is_empty() {
            return Some(begun.elapsed());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    None
}

fn has_exited(pipeline: &str) -> bool {
    let label = format!("label=dev.pipe.pipeline={pipeline}");
    !docker(&["ps", "--all", "--quiet", "--filter", &label, "--filter", "status=exited"]).is_empty()
}
