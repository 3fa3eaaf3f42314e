//! A selection of the kill matrix and a short soak; all of both is `tests/long.sh`.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::daemon::{heeding, held_by, process, wanted};
use crate::kill::{Blow, Matrix, Terminal, soak};

/// How many runs go on at once; they mostly wait.
const SIDE_BY_SIDE: usize = 4;

/// Each moment is struck in two ways, of which one is the kill: there it has its guardian to rely on alone.
#[test]
fn a_run_that_is_struck_at_any_moment_must_end_as_it_should_and_leave_nothing() {
    if !wanted() {
        return;
    }
    let gentle = Blow::ALL.len() - 1;
    let selected = |(at, blow): &(usize, Blow)| *blow == Blow::Kill || *blow == Blow::ALL[at % gentle];
    let cells: Vec<(usize, Blow)> = Matrix::whole().into_iter().filter(selected).collect();
    // Others use the daemon at the same time.
    let matrix = Matrix::of(env!("CARGO_BIN_EXE_pipe"), &cells, 5, SIDE_BY_SIDE);
    assert!(matrix.problems().is_empty(), "{}\n{}", matrix.table(), matrix.problems().join("\n\n"));
}

#[test]
fn runs_that_are_killed_again_and_again_must_leave_nothing() {
    if !wanted() {
        return;
    }
    let soaked = soak(env!("CARGO_BIN_EXE_pipe"), 12, 1, SIDE_BY_SIDE);
    assert!(soaked.problems.is_empty(), "{}\n{}", soaked.table(), soaked.problems.join("\n"));
    assert!(soaked.killed >= 6 && soaked.held.iter().any(|held| *held > 0), "{}", soaked.table());
}

/// The live view draws on a terminal that is no longer there.
#[test]
fn a_live_view_whose_terminal_is_closed_must_end_the_run() {
    if !wanted() {
        return;
    }
    let (directory, name) = (tempfile::tempdir().expect("a place"), format!("closed-{}", process()));
    let text = "stage a {\n    image \"busybox:1.35\"\n    sh \"while :; do echo working; sleep 0.1; done\"\n}\n";
    let file = directory.path().join("pipeline.kdl");
    std::fs::write(&file, format!("pipeline {name}\n{text}")).expect("a file in it");
    let mut command = heeding(env!("CARGO_BIN_EXE_pipe"));
    command.arg("run").arg(&file).current_dir(directory.path());
    let said = Arc::<Mutex<String>>::default();
    let (mut run, terminal) = Terminal::start(&command, said.clone());
    let says = |words: &str| said.lock().expect("nobody panicked").contains(words);
    let begun = Instant::now();
    while !says("working") {
        assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", said.lock());
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(says("\u{1b}["), "it is the live view");
    drop(terminal);
    assert_eq!(run.wait().expect("it ends").code(), Some(129));
    assert_eq!(held_by("pipeline", &name), Vec::<String>::new());
}
