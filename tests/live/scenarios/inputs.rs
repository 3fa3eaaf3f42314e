//! What `input` promises: what one stage left lies in another before it starts.

use super::harness::{Checkout, stage};
use crate::daemon::wanted;

#[test]
fn an_artifact_must_lie_where_the_other_stage_wants_it_with_its_mode() {
    if !wanted() {
        return;
    }
    let make = "sh \"mkdir -p /out/bin && echo 'echo it runs' > /out/bin/tool && chmod 755 /out/bin/tool\"\n    artifact \"/out\" to=\"kept/\"";
    let text = stage("make", make)
        + &stage("use-it", "input make \"/out\" at=\"/opt/made\"\n    sh \"/opt/made/bin/tool\"")
        + &stage("use-file", "input make \"/out/bin/tool\"\n    sh \"/out/bin/tool\"");
    let told = Checkout::with(&text).run(&["use-it", "use-file"], 0);
    assert_eq!(told.lines("use-it"), ["it runs"], "{}", told.out);
    assert_eq!(told.lines("use-file"), ["it runs"], "{}", told.out);
}

#[test]
fn an_instance_must_take_what_the_instance_of_its_values_left() {
    if !wanted() {
        return;
    }
    let text = stage(
        "make",
        "matrix { mode fast slow; }\n    sh \"echo {{matrix.mode}} > /m\"\n    artifact \"/m\" to=\"{{matrix.mode}}/\"",
    ) + &stage("use-it", "matrix { mode fast slow; }\n    input make \"/m\"\n    sh \"cat /m\"");
    let told = Checkout::with(&text).run(&["use-it"], 0);
    assert_eq!(told.lines("use-it[mode=fast]"), ["fast"], "{}", told.out);
    assert_eq!(told.lines("use-it[mode=slow]"), ["slow"], "{}", told.out);
}

#[test]
fn an_input_that_was_not_left_must_fail_the_stage_that_takes_it() {
    if !wanted() {
        return;
    }
    let text = stage("make", "sh \"mkdir /out\"\n    artifact \"/out\"")
        + &stage("use-it", "input make \"/out/nothing\"\n    command cat \"/out/nothing\"");
    Checkout::with(&text).run(&["use-it"], 1).says(&["artifact-missing", "`make` left no such file or directory"]);
}

#[test]
fn a_fresh_attempt_must_have_its_inputs_too() {
    if !wanted() {
        return;
    }
    let text = "volume tries\n".to_owned()
        + &stage("make", "sh \"echo here > /m\"\n    artifact \"/m\"")
        + &stage(
            "use-it",
            "input make \"/m\"\n    mount tries \"/tries\"\n    retry 1\n    sh \"cat /m; test -e /tries/x || { touch /tries/x; exit 1; }\"",
        );
    let told = Checkout::with(&text).run(&["use-it"], 0);
    assert_eq!(told.lines("use-it"), ["here", "here"], "{}", told.out);
}

#[test]
fn an_input_must_reach_a_read_only_container_and_one_that_cannot_be_put_must_name_its_line() {
    if !wanted() {
        return;
    }
    let text = stage("make", "sh \"echo made > /m\"\n    artifact \"/m\" on=failure")
        + &stage("closed", "read-only\n    input make \"/m\" at=\"/in/it\"\n    command cat \"/in/it\"")
        + &stage("lost", "input make \"/m\" at=\"/etc/passwd/it\"\n    command echo never");
    let told = Checkout::with(&text).run(&["--keep-going"], 1);
    told.says(&[
        "closed | made",
        "error[cannot-start]: `lost` cannot take its input at `/etc/passwd/it`",
        "at=\"/etc/passwd/it\"",
        "not a directory",
        "help: write `at=`",
    ]);
    told.never_says(&["| never", "engine-failed"]);
}
