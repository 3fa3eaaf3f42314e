//! A pipeline of very many stages and services on a real daemon, and how much memory pipe takes for it.
//!
//! Main function: [`load`]. Judged are the verdict, the memory, and that nothing of the pipeline is left.

use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::daemon::{held_by, process};

/// The most memory that pipe may take, in KiB.
pub const MOST_MEMORY: u64 = 100 * 1024;

/// How pipe came through.
#[derive(Debug)]
pub struct Loaded {
    /// Stages and services.
    pub size: (usize, usize),
    pub took: Duration,
    /// The most memory that it took, in KiB; none where the system does not say.
    pub memory: Option<u64>,
    /// What was not as it must be.
    pub problems: Vec<String>,
}

/// Runs `stages` stages, of which each tenth needs one of `services` services, 16 at a time.
pub fn load(pipe: &str, stages: usize, services: usize) -> Loaded {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let file = directory.path().join("pipeline.kdl");
    let name = format!("load-{}", process());
    std::fs::write(&file, pipeline(&name, stages, services)).expect("a file in it");
    let out = std::fs::File::create(directory.path().join("out")).expect("a file in it");
    let mut run = Command::new(pipe);
    run.arg("run").arg(&file).args(["--jobs", "16", "--progress", "plain"]).current_dir(directory.path());
    run.stdin(Stdio::null()).stderr(out.try_clone().expect("a second hand on it")).stdout(out);
    let begun = Instant::now();
    let mut child = run.spawn().expect("the binary of this package can be run");
    let mut memory = None;
    let status = loop {
        memory = high_water(child.id()).or(memory);
        match child.try_wait().expect("it can be asked") {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(50)),
        }
    };
    let took = begun.elapsed();
    let mut problems = Vec::new();
    let told = std::fs::read_to_string(directory.path().join("out")).unwrap_or_default();
    if status.code() != Some(0) {
        let end: Vec<&str> = told.lines().rev().take(60).collect();
        problems.push(format!("it ended with {status}:\n{}", end.into_iter().rev().collect::<Vec<_>>().join("\n")));
    }
    let ran = told.lines().filter(|line| line.ends_with("| done")).count();
    if ran != stages {
        problems.push(format!("{ran} of {stages} stages said that they ran"));
    }
    let held = held_by("pipeline", &name);
    if !held.is_empty() {
        problems.push(format!("left: {held:?}"));
    }
    if memory.is_some_and(|memory| memory > MOST_MEMORY) {
        problems.push(format!("it took {} KiB of memory, more than {MOST_MEMORY}", memory.unwrap_or_default()));
    }
    Loaded { size: (stages, services), took, memory, problems }
}

/// The most memory that a process took so far, in KiB (proc(5)).
fn high_water(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().strip_suffix(" kB")?.trim().parse().ok()
}

fn pipeline(name: &str, stages: usize, services: usize) -> String {
    let mut text = format!("pipeline {name}\n");
    for index in 0..services {
        let _ = write!(
            text,
            "service s{index} {{\n    image \"busybox:1.35\"\n    command httpd -f -p \"8000\"\n    healthcheck tcp=8000\n}}\n"
        );
    }
    for index in 0..stages {
        let mut needs = String::new();
        if index % 10 == 0 && services > 0 {
            let _ = write!(needs, " s{}", index / 10 % services);
        }
        // Some wait for others, at some distance.
        if index >= 40 && index % 3 == 0 {
            let _ = write!(needs, " t{}", index - 40);
        }
        let needs = if needs.is_empty() { needs } else { format!("    needs{needs}\n") };
        let _ = write!(text, "stage t{index} {{\n    image \"busybox:1.35\"\n{needs}    command echo \"done\"\n}}\n");
    }
    text
}

impl Loaded {
    /// As a table in Markdown.
    pub fn table(&self) -> String {
        let (stages, services) = self.size;
        let memory = self.memory.map_or_else(|| "?".to_owned(), |memory| format!("{:.1}", memory as f64 / 1024.0));
        format!(
            "| stages | services | seconds | most memory of pipe in MiB | problems |\n|---|---|---|---|---|\n| {stages} | {services} | {:.1} | {memory} | {} |\n",
            self.took.as_secs_f64(),
            self.problems.len(),
        )
    }
}
