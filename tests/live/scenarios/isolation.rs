//! Runs side by side do not meet.

use super::harness::{Checkout, Told, stage};
use crate::daemon::wanted;

#[test]
fn two_checkouts_of_one_name_must_not_meet() {
    if !wanted() {
        return;
    }
    let text = format!("pipeline same\n{}", stage("a", "sh \"sleep 1; hostname\""));
    let (one, other) = (Checkout::with(&text), Checkout::with(&text));
    let first = one.command(&["run"]).spawn().expect("the binary of this package can be run");
    other.run(&[], 0);
    let first = Told::of(first.wait_with_output().expect("it ends"));
    assert_eq!(first.code, 0, "{}", first.out);
    assert_eq!(one.held(), Vec::<String>::new());
}
