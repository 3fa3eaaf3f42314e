//! A selection of the kill matrix and a short soak; all of both is `tests/long.sh`.

use crate::daemon::wanted;
use crate::kill::{Blow, Matrix, soak};

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
