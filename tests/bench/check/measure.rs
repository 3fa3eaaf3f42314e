//! Turns, medians, and what is found.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// One thing that was measured.
pub struct Finding {
    /// What the baseline knows it by: `chain of 1000 / compose`.
    pub name: String,
    /// A number without unit: a ratio of two times or sizes, so that it means the same on another machine.
    pub ratio: f64,
    /// What the ratio is made of, for people.
    pub shown: String,
    /// What the ratio must not exceed; `None` where nothing was promised.
    pub most: Option<f64>,
}

impl Finding {
    pub fn is_met(&self) -> bool {
        self.most.is_none_or(|most| self.ratio <= most)
    }
}

/// Does each of `turns` once a round, one after the other; the median of each. A first round warms caches and is not counted.
pub fn medians<'a>(rounds: usize, mut turns: Vec<Box<dyn FnMut() -> Duration + 'a>>) -> Vec<Duration> {
    let mut times = vec![Vec::new(); turns.len()];
    for round in 0..=rounds {
        for (times, turn) in times.iter_mut().zip(&mut turns) {
            let took = turn();
            if round > 0 {
                times.push(took);
            }
        }
    }
    times
        .into_iter()
        .map(|mut times| {
            times.sort();
            times[times.len() / 2]
        })
        .collect()
}

/// How long `work` takes; what it answers is dropped after the clock has stopped.
pub fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let began = Instant::now();
    let answer = work();
    let took = began.elapsed();
    drop(answer);
    took
}

pub fn quotient(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

pub fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

/// A directory below target that holds these files alone.
pub fn directory(name: &str, files: &[(String, String)]) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("check").join(name.replace(' ', "-"));
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(&directory).expect("the target directory is ours");
    for (path, text) in files {
        let path = directory.join(path);
        std::fs::create_dir_all(path.parent().expect("it is in the directory")).expect("the target directory is ours");
        std::fs::write(path, text).expect("the target directory is ours");
    }
    directory
}

/// Runs `command` in `directory`, its output thrown away; how long that took, and wants it to end with `code`.
pub fn run(command: &[&str], directory: &Path, code: i32) -> Duration {
    let mut process = Command::new(command[0]);
    process.args(&command[1..]).current_dir(directory);
    process.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let began = Instant::now();
    let status = process.status().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let took = began.elapsed();
    assert_eq!(status.code(), Some(code), "{command:?} in {}", directory.display());
    took
}

/// `pipe check` of the pipeline in `directory`, from the start of the process to its end.
pub fn check(directory: &Path, code: i32) -> Duration {
    run(&[env!("CARGO_BIN_EXE_pipe"), "check", "pipeline.kdl"], directory, code)
}
