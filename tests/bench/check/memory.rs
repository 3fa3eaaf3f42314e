//! The most memory that `pipe check` takes: the benchmark starts itself anew as pipe, and looks at its own high water mark at the end.

use std::process::{Command, ExitCode};

use crate::measure::{Finding, directory};
use crate::shapes::{self, SHAPES};

/// Says that this process is to be pipe.
const ASKED: &str = "PIPE_BENCH_MEMORY";

/// How many MiB 10,000 stages may take.
const MOST: f64 = 200.0;

pub fn is_asked_for() -> bool {
    std::env::var_os(ASKED).is_some()
}

/// Does what the command line says, as pipe would, and tells of its memory.
pub fn perform() -> ExitCode {
    let ended = pipe::cli::main();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    eprintln!("{}", most.trim().trim_end_matches(" kB"));
    ended.into()
}

pub fn measure(_: usize) -> Vec<Finding> {
    let stages = SHAPES.iter().find(|shape| shape.name == "stages").expect("it is one of them");
    [("chain", shapes::chain(10_000)), ("stages", (stages.files)(10_000))]
        .into_iter()
        .map(|(name, files)| {
            let kilobytes = peak(name, &files);
            Finding {
                name: format!("10000 {name} / 200 MiB"),
                ratio: kilobytes / 1024.0 / MOST,
                shown: format!(
                    "{:.0} MiB for {:.1} MiB of text",
                    kilobytes / 1024.0,
                    files[0].1.len() as f64 / 1048576.0
                ),
                most: Some(1.0),
            }
        })
        .collect()
}

/// In kB.
fn peak(name: &str, files: &[(String, String)]) -> f64 {
    let directory = directory(&format!("memory {name}"), files);
    let itself = std::env::current_exe().expect("it runs");
    let output = Command::new(itself).args(["check", "pipeline.kdl"]).current_dir(directory).env(ASKED, "1").output();
    let said = String::from_utf8_lossy(&output.expect("it runs").stderr).into_owned();
    said.lines().last().and_then(|line| line.parse().ok()).unwrap_or_else(|| panic!("no number of kB: {said}"))
}
