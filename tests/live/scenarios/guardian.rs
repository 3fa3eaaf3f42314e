//! What a run made is taken back though the run itself no longer can.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use super::harness::{Checkout, Told, stage, wait_for_line};
use crate::daemon::{held_of, left_empty, wanted};

const PIPELINE: &str = r#"
volume data
service db {
    image "busybox:1.35"
    sh "echo up; exec sleep 600"
    mount data "/data"
    port 8000
    healthcheck none
}
stage a {
    image "busybox:1.35"
    needs db
    sh "echo working; sleep 600"
}
"#;

/// A run that is at work for as long as it is let, and its id.
fn at_work(checkout: &Checkout, arguments: &[&str]) -> (Child, String) {
    begun(&mut checkout.command(arguments))
}

fn begun(command: &mut Command) -> (Child, String) {
    let mut run = command.spawn().expect("the binary of this package can be run");
    let out = wait_for_line(&mut run, "| working");
    let told = Told { code: 0, out, err: String::new() };
    let id = told.run_id().to_owned();
    assert!(held_of(&id).len() >= 4, "{}", told.out);
    (run, id)
}

/// The guardian of a run.
fn guardian(run: &Child) -> Pid {
    let is_guardian = |pid: &str| {
        let read = |what: &str| std::fs::read_to_string(format!("/proc/{pid}/{what}")).unwrap_or_default();
        let parent = read("status").lines().find_map(|line| line.strip_prefix("PPid:\t").map(str::to_owned));
        parent == Some(run.id().to_string()) && read("cmdline").contains("__guard")
    };
    let processes = std::fs::read_dir("/proc").expect("this system tells its processes").flatten();
    let mut pids = processes.filter_map(|entry| entry.file_name().into_string().ok());
    let pid = pids.find(|pid| is_guardian(pid)).expect("it has a guardian");
    Pid::from_raw(pid.parse().expect("a number")).expect("a process")
}

fn ends_within(pid: Pid, limit: Duration) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < limit {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).unwrap_or_default();
        if test_kill_process(pid).is_err() || stat.contains(") Z ") {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

#[test]
fn what_a_killed_run_made_must_be_gone_within_seconds() {
    if !wanted() {
        return;
    }
    for (ended_by, code) in [(Signal::KILL, None), (Signal::ABORT, None)] {
        let checkout = Checkout::with(PIPELINE);
        let (mut run, id) = at_work(&checkout, &["run"]);
        let guardian = guardian(&run);
        // What asks a run to end does not end its guardian.
        for signal in [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT] {
            kill_process(guardian, signal).expect("it is there");
        }
        kill_process(Pid::from_child(&run), ended_by).expect("it runs");
        assert_eq!(run.wait().expect("it ends").code(), code);
        left_empty(&id, Duration::from_secs(5));
        assert!(ends_within(guardian, Duration::from_secs(5)), "it has nothing more to do");
    }
}

#[test]
fn a_run_that_ends_by_itself_must_take_its_guardian_with_it() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::with(PIPELINE);
    let (run, id) = at_work(&checkout, &["run"]);
    let guardian = guardian(&run);
    kill_process(Pid::from_child(&run), Signal::TERM).expect("it runs");
    let told = Told::of(run.wait_with_output().expect("it ends"));
    assert_eq!(told.code, 143, "{}", told.err);
    assert_eq!(held_of(&id), Vec::<String>::new());
    assert!(ends_within(guardian, Duration::from_millis(600)), "it does not look around");
}

#[test]
fn a_guardian_must_hold_nothing_open_that_its_run_was_given() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::with(PIPELINE);
    let held = checkout.directory.path().join("held");
    std::fs::write(&held, "").expect("a file");
    let pipe = checkout.command(&["run"]);
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", r#"exec 7<"$0" 8<"$0"; exec "$@""#]).arg(&held).arg(pipe.get_program()).args(pipe.get_args());
    shell.current_dir(checkout.directory.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let (mut run, id) = begun(&mut shell);
    let guardian = guardian(&run);
    let open = |pid: u32| {
        let descriptors = std::fs::read_dir(format!("/proc/{pid}/fd")).expect("it can be looked at").flatten();
        descriptors.filter_map(|entry| std::fs::read_link(entry.path()).ok()).collect::<Vec<PathBuf>>()
    };
    assert!(open(run.id()).contains(&held), "the run was given it");
    let pid = guardian.as_raw_nonzero().get();
    assert!(!open(u32::try_from(pid).expect("a pid")).contains(&held));
    let session = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("it is there");
    assert_eq!(session.rsplit(") ").next().and_then(|rest| rest.split(' ').nth(3)), Some(pid.to_string().as_str()));
    run.kill().expect("it runs");
    run.wait().expect("it ends");
    left_empty(&id, Duration::from_secs(5));
}

#[test]
fn what_a_run_and_its_guardian_left_must_be_recovered_by_the_next_run() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::with(PIPELINE);
    let (mut run, id) = at_work(&checkout, &["run"]);
    kill_process(guardian(&run), Signal::KILL).expect("it is there");
    run.kill().expect("it runs");
    run.wait().expect("it ends");
    assert!(!held_of(&id).is_empty());
    let next = Checkout::with(&stage("b", "command \"true\""));
    // Other runs of this machine may come first; then it is they who say it.
    next.run(&[], 0);
    left_empty(&id, Duration::from_secs(5));
}

#[test]
fn an_environment_that_is_kept_must_outlive_its_run_and_what_comes_after() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::with(PIPELINE);
    let up = checkout.pipe(&["up", "db"]);
    assert_eq!(up.code, 0, "{}\n{}", up.out, up.err);
    let (standing, id) = (held_of(up.run_id()), up.run_id().to_owned());
    assert_eq!(standing.len(), 3, "{standing:?}");
    // A run that was to keep all, and is killed, keeps all.
    let keeping = Checkout::with(PIPELINE);
    let (mut run, kept) = at_work(&keeping, &["run", "--keep"]);
    run.kill().expect("it runs");
    run.wait().expect("it ends");
    let all = held_of(&kept);
    Checkout::with(&stage("b", "sh \"sleep 1\"")).run(&[], 0);
    assert_eq!((held_of(&id), held_of(&kept)), (standing, all));
    for checkout in [checkout, keeping] {
        assert_eq!(checkout.pipe(&["down"]).code, 0);
    }
    assert_eq!((held_of(&id).len(), held_of(&kept).len()), (0, 0));
}

/// One that was coming up when its pipe was killed is of no use to anybody.
#[test]
fn an_environment_that_never_came_up_must_be_taken_back() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::with(PIPELINE);
    for arguments in [["up", "a"], ["run", "--keep=on-failure"]] {
        let (mut run, id) = at_work(&checkout, &arguments);
        run.kill().expect("it runs");
        run.wait().expect("it ends");
        left_empty(&id, Duration::from_secs(5));
    }
}
