//! Runs that are killed at any moment, again and again.

use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use super::trial::{EMPTY, emptied};
use crate::daemon::held_by;

/// A pipeline with something of each kind, that takes a few seconds if it is let.
const TEXT: &str = r#"
volume data
network lan
service db {
    image "busybox:1.35"
    sh "echo up; exec httpd -f -p 8000"
    init
    mount data "/data"
    network lan
    healthcheck tcp=8000 interval="50ms"
    stop grace="2s"
}
stage migrate {
    image "busybox:1.35"
    needs db
    mount data "/data"
    sh "echo migrating; sleep 0.3; mkdir /out; echo done > /out/result"
    artifact "/out" to="out"
}
service app {
    image "busybox:1.35"
    needs db migrate
    sh "exec httpd -f -p 8080"
    network lan
    healthcheck tcp=8080 interval="50ms"
}
stage unit {
    image "busybox:1.35"
    sh "seq 1 2000; sleep 0.5"
}
stage accept {
    image "busybox:1.35"
    needs app
    sh "sleep 0.3; wget -q -O- http://app:8080/ || true"
}
"#;

/// What came of it.
#[derive(Default)]
pub struct Soaked {
    /// Runs that were killed while they worked.
    pub killed: usize,
    /// Runs that had come to their end before.
    pub ended: usize,
    /// Runs whose guardian was killed with them: what they left is for the next run.
    pub unguarded: usize,
    /// How many objects were there when the run was killed.
    pub held: Vec<usize>,
    /// How long until nothing was left.
    pub emptied: Vec<Duration>,
    /// What was left, or did not end.
    pub problems: Vec<String>,
}

/// Kills `count` runs, each at a moment that `seed` tells, `side_by_side` at once; of every tenth the guardian too.
pub fn soak(pipe: &str, count: usize, seed: u64, side_by_side: usize) -> Soaked {
    let (next, soaked) = (Mutex::new(0..count), Mutex::new(Soaked::default()));
    std::thread::scope(|scope| {
        for _ in 0..side_by_side {
            scope.spawn(|| {
                loop {
                    let turn = next.lock().expect("nobody panicked").next();
                    let Some(turn) = turn else { return };
                    one(pipe, moment(seed, turn), turn % 10 == 9, &soaked);
                }
            });
        }
    });
    soaked.into_inner().expect("nobody panicked")
}

/// When the run of a turn is killed: within the first three seconds, by splitmix64.
fn moment(seed: u64, turn: usize) -> Duration {
    let mut x = seed.wrapping_add((turn as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    Duration::from_millis((x ^ (x >> 31)) % 3_000)
}

fn one(pipe: &str, moment: Duration, unguarded: bool, soaked: &Mutex<Soaked>) {
    let name = super::unique("soaked");
    let directory = tempfile::tempdir().expect("a temporary directory");
    let file = directory.path().join("pipeline.kdl");
    std::fs::write(&file, format!("pipeline {name}\n{TEXT}")).expect("a file in it");
    let mut command = Command::new(pipe);
    command.arg("run").arg(&file).current_dir(directory.path());
    if unguarded {
        // As if both had been killed: there is none.
        command.arg("--no-guard");
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut run = command.spawn().expect("the binary of this package can be run");
    std::thread::sleep(moment);
    let ended = run.try_wait().expect("it can be asked").is_some();
    run.kill().and_then(|()| run.wait()).expect("it can be killed");
    let held = held_by("pipeline", &name).len();
    if unguarded {
        // The next run of anybody recovers what this one left.
        let next = directory.path().join("next.kdl");
        std::fs::write(&next, "stage b {\n    image \"busybox:1.35\"\n    command \"true\"\n}\n")
            .expect("a file in it");
        let told = Command::new(pipe).arg("run").arg(&next).output().expect("the binary of this package can be run");
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stdout));
    }
    let emptied = emptied(&name);
    let mut soaked = soaked.lock().expect("nobody panicked");
    soaked.killed += usize::from(!ended);
    soaked.ended += usize::from(ended);
    soaked.unguarded += usize::from(unguarded && !ended);
    soaked.held.push(held);
    match emptied {
        Some(emptied) => soaked.emptied.push(emptied),
        None => soaked.problems.push(format!("killed after {moment:?} it left {:?}", held_by("pipeline", &name))),
    }
}

impl Soaked {
    /// As a table in Markdown.
    pub fn table(&self) -> String {
        let mut sorted = self.emptied.clone();
        sorted.sort();
        let at = |place: usize| sorted.get(place).copied().unwrap_or_default().as_secs_f32();
        format!(
            "| runs | killed at work | ended before | of these without a guardian | objects at the kills | runs that left something | later than 5 s | seconds until nothing was left: half, all |\n\
             |---|---|---|---|---|---|---|---|\n\
             | {} | {} | {} | {} | {} | {} | {} | {:.2}, {:.2} |\n",
            self.killed + self.ended,
            self.killed,
            self.ended,
            self.unguarded,
            self.held.iter().sum::<usize>(),
            self.problems.len(),
            sorted.iter().filter(|emptied| **emptied > EMPTY).count(),
            at(sorted.len() / 2),
            at(sorted.len().saturating_sub(1)),
        )
    }
}
