//! What is left behind is found and removed, and nothing else.

use std::process::Child;

use super::harness::{Checkout, Told, stage, unique, wait_for_line};
use crate::daemon::{docker, held_of, wanted};

/// A pipeline's name of this process's own.
fn name() -> String {
    format!("leftovers-{}", crate::daemon::process())
}

/// A run with one thing of each kind, at work for as long as it is let.
fn at_work(arguments: &[&str]) -> (Checkout, Child) {
    let text = format!("pipeline {}\n", name())
        + r#"
volume data
network lan
image app { build . }
service db {
    image "busybox:1.35"
    sh "echo up; exec sleep 600"
    mount data "/data"
    network lan
    healthcheck "true"
}
stage a {
    image app
    needs db
    sh "echo working; sleep 600"
}
"#;
    let checkout = Checkout::with(&text);
    let unique = checkout.directory.path().display().to_string();
    checkout.write("Dockerfile", &format!("FROM busybox:1.35\nRUN echo {unique} > /mark\n"));
    let mut run = checkout.command(arguments).spawn().expect("the binary of this package can be run");
    wait_for_line(&mut run, "a  | working");
    (checkout, run)
}

#[test]
fn what_a_killed_run_left_must_be_removed_and_told() {
    if !wanted() {
        return;
    }
    // What is to be kept, no other run takes away first.
    let (checkout, mut run) = at_work(&["run", "--keep"]);
    run.kill().expect("it runs");
    run.wait().expect("it ends");
    let told = checkout.pipe(&["clean"]);
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    told.says(&["-a\n", "-db\n", "removed volume ", "removed image sha256:", "left 0"]);
    told.says(&["removed 2 containers, 2 networks, 1 volume, 1 image, left 0"]);
    let again = checkout.pipe(&["clean"]);
    assert_eq!((again.code, again.out.as_str()), (0, "nothing to remove\n"));
}

#[test]
fn a_living_run_must_never_be_touched() {
    if !wanted() {
        return;
    }
    let (checkout, run) = at_work(&["run"]);
    let told = checkout.pipe(&["clean"]);
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    told.says(&["skipped run r", " (2 containers, 2 networks, 1 volume): it is at work", "nothing to remove"]);
    assert!(!told.out.contains("removed"), "{}", told.out);
    let label = format!("label=dev.pipe.pipeline={}", name());
    assert_eq!(docker(&["ps", "--quiet", "--filter", &label]).lines().count(), 2, "both run on");
    rustix::process::kill_process(rustix::process::Pid::from_child(&run), rustix::process::Signal::INT)
        .expect("it runs");
    let told = Told::of(run.wait_with_output().expect("it ends"));
    assert_eq!(told.code, 130, "{}\n{}", told.out, told.err);
    assert_eq!(checkout.held(), Vec::<String>::new());
}

#[test]
fn what_is_not_ours_must_stay() {
    if !wanted() {
        return;
    }
    let volume = format!("pipe-scenario-other-{}", crate::daemon::process());
    docker(&["volume", "create", "--label", "dev.pipe.pipeline=other", &volume]);
    let told = Checkout::with("stage a {\n    image \"busybox:1.35\"\n}\n").pipe(&["clean"]);
    assert_eq!((told.code, told.out.as_str()), (0, "nothing to remove\n"));
    assert_eq!(docker(&["volume", "ls", "--quiet", "--filter", &format!("name={volume}")]), volume);
    docker(&["volume", "rm", &volume]);
}

#[test]
fn what_would_be_removed_must_be_listed_by_run_with_age_and_size() {
    if !wanted() {
        return;
    }
    let name = unique("listed");
    let text = format!("pipeline {name}\nvolume data\n")
        + &stage("a", "mount data \"/data\"\n    sh \"head -c 2000000 /dev/zero | tee /data/zeros > /zeros\"");
    let checkout = Checkout::with(&text);
    let told = checkout.pipe(&["run", "--keep"]);
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    let run = told.run_id();
    let listed = checkout.pipe(&["clean", "--dry-run"]);
    assert_eq!(listed.code, 0, "{}", listed.err);
    listed.says(&[&format!("run {run} of {name}, "), "s old, left by `--keep`\n", "-a  2.0 MB\n", "-data  2.0 MB\n"]);
    listed.says(&["would remove 1 container, 1 network, 1 volume, 4.0 MB in all\n"]);
    let young = checkout.pipe(&["clean", "--older", "1d"]);
    assert_eq!((young.code, held_of(run).len()), (0, 3), "{}", young.out);
    young.says(&[" (1 container, 1 network, 1 volume): it is not as old as that", "nothing to remove"]);
    checkout.pipe(&["clean", "--older", "0s"]).says(&["removed 1 container, 1 network, 1 volume, left 0"]);
    assert_eq!(held_of(run), Vec::<String>::new());
    let wrong = checkout.pipe(&["clean", "--older", "soon"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("write an age such as `30m`"), "{}", wrong.err);
}

#[test]
fn tagged_images_must_go_only_where_they_are_asked_for() {
    if !wanted() {
        return;
    }
    let (name, tag) = (unique("tagged"), format!("{}:1", unique("pipe-scenario-clean")));
    let text = format!("pipeline {name}\nimage app {{\n    build .\n    tag \"{tag}\"\n}}\n")
        + "stage a {\n    image app\n}\n";
    let checkout = Checkout::with(&text);
    checkout.write("Dockerfile", &format!("FROM busybox:1.35\nRUN echo {name} > /mark\nCMD [\"true\"]\n"));
    checkout.run(&[], 0);
    assert_eq!(checkout.pipe(&["clean"]).out, "nothing to remove\n");
    let told = checkout.pipe(&["clean", "--images"]);
    assert_eq!(told.code, 0, "{}", told.out);
    told.says(&[&format!("images of {name}\nremoved image {tag} of {name}\n"), "removed 1 image, left 0"]);
    assert_eq!(docker(&["image", "ls", "--quiet", &tag]), "");
}
