//! What a matrix promises: an instance for each combination, and all of them for what needs the stage.

use super::harness::Checkout;
use crate::daemon::wanted;

const TEXT: &str = r#"
stage unit {
    matrix {
        mode fast slow
        level 1 2
        exclude mode=slow level=2
    }
    image "busybox:1.35"
    sh "echo {{matrix.mode}}-{{matrix.level}} | tee /out.txt"
    artifact "/out.txt" to="{{matrix.mode}}-{{matrix.level}}/"
}
stage all {
    needs unit
    image "busybox:1.35"
    command echo "all have ended"
}
"#;

#[test]
fn what_needs_a_stage_must_need_all_of_its_instances() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::with(TEXT);
    let told = checkout.run(&["all"], 0);
    told.says(&["unit[mode=fast,level=1]", "unit[mode=fast,level=2]", "unit[mode=slow,level=1]", "all have ended"]);
    told.never_says(&["unit[mode=slow,level=2]"]);
    for (place, text) in [("fast-1", "fast-1\n"), ("fast-2", "fast-2\n"), ("slow-1", "slow-1\n")] {
        assert_eq!(checkout.read(&format!("{place}/out.txt")), text);
    }
}

#[test]
fn an_instance_must_be_run_by_its_name_and_instances_by_a_value() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::with(TEXT);
    let told = checkout.run(&["unit[mode=slow,level=1]"], 0);
    told.says(&["slow-1", "1 stage passed"]);
    let told = checkout.run(&["unit[mode=fast]"], 0);
    told.says(&["fast-1", "fast-2", "2 stages passed"]);
    let told = checkout.run(&["unit[mode=slow,level=2]"], 2);
    assert!(told.err.contains("there is no instance `unit[mode=slow,level=2]`"), "{}", told.err);
}

#[test]
fn instances_must_have_hosts_of_their_own() {
    if !wanted() {
        return;
    }
    let text = r#"
stage unit {
    matrix { version "1.0" "1_0"; }
    image "busybox:1.35"
    sh "echo {{matrix.version}}; sleep 2"
}
"#;
    Checkout::with(text).run(&[], 0).says(&["2 stages passed"]);
}
