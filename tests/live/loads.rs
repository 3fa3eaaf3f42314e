//! A pipeline of many stages; a larger one is `tests/long.sh load`.

use crate::daemon::wanted;
use crate::load::load;

#[test]
fn many_stages_and_services_must_come_to_their_end_in_little_memory() {
    if !wanted() {
        return;
    }
    let loaded = load(env!("CARGO_BIN_EXE_pipe"), 60, 8);
    assert!(loaded.problems.is_empty(), "{}\n{}", loaded.table(), loaded.problems.join("\n"));
    println!("{}", loaded.table());
}
