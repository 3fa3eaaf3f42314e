//! Containers that misbehave, and machines that run out of something: the cause is named, with its line and its mend.

use std::process::{Command, Stdio};

use super::harness::{Checkout, Told, stage, unique, wait_for_line};
use crate::daemon::{docker, wanted};
use crate::faults::daemon::Second;

/// A service that is up as long as `check` passes in it.
fn service(name: &str, script: &str, check: &str) -> String {
    format!("service {name} {{\n    image \"busybox:1.35\"\n    sh \"{script}\"\n    {check}\n}}\n")
}

/// Runs a pipeline in which a process that is not the container's first runs out of memory, until the daemon itself tells of that: it misses
/// one whose control group is gone before it has looked, and then nothing shows that anything was amiss.
fn without_memory(text: &str, code: i32) -> Told {
    for _ in 0..5 {
        let mut news = Command::new("docker")
            .args(["events", "--filter", "event=oom", "--format", r#"{{index .Actor.Attributes "dev.pipe.run"}}"#])
            .stdout(Stdio::piped())
            .spawn()
            .expect("docker's own command line");
        let told = Checkout::with(text).run(&[], code);
        news.kill().expect("it listens");
        let news = news.wait_with_output().expect("it ends");
        if String::from_utf8_lossy(&news.stdout).lines().any(|run| run == told.run_id()) {
            return told;
        }
    }
    panic!("the daemon told of no want of memory in five runs");
}

#[test]
fn a_stage_without_memory_must_say_so_and_name_its_limit() {
    if !wanted() {
        return;
    }
    let text = stage("greedy", "resources memory=\"16MiB\" swap=\"0B\"\n    command tail \"/dev/zero\"");
    let told = Checkout::with(&text).run(&[], 1);
    told.says(&["exit code 137 (", "of memory"]);
    told.names("stage-failed", "stage greedy", "raise `resources memory=\"16MiB\"`");
}

#[test]
fn a_child_without_memory_must_be_told_though_the_stage_passes() {
    if !wanted() {
        return;
    }
    let text =
        stage("careless", "resources memory=\"16MiB\" swap=\"0B\"\n    sh \"tail /dev/zero || true; echo went on\"");
    let told = without_memory(&text, 0);
    assert!(told.lines("careless").contains(&"went on"), "{}", told.out);
    told.says(&["a process of `careless` was killed for want of memory, though it exited 0"]);
}

#[test]
fn a_child_without_memory_must_fail_a_stage_that_reports_tests() {
    if !wanted() {
        return;
    }
    let text = stage(
        "careless",
        "resources memory=\"16MiB\" swap=\"0B\"\n    sh \"tail /dev/zero || printf '1..1\\nok 1 - it works\\n' | tee /unit.tap\"\n    artifact \"/unit.tap\" report=tap",
    );
    without_memory(&text, 1).says(&[
        "error[stage-failed]: a process of `careless` was killed for want of memory, though it exited 0",
        "stage careless",
        "ok 1 - it works",
        "raise `resources memory=\"16MiB\"`, or let the program use less; `oom warn` lets it pass",
    ]);
}

#[test]
fn a_service_without_memory_must_be_the_cause() {
    if !wanted() {
        return;
    }
    let hungry = service(
        "db",
        "httpd -p 8000; sleep 2; exec tail /dev/zero",
        "resources memory=\"16MiB\" swap=\"0B\"\n    healthcheck tcp=8000",
    );
    let told = Checkout::with(&(hungry + &stage("work", "needs db\n    sh \"sleep 60\""))).run(&[], 1);
    told.says(&["service-exited", "`db` ended while it was needed, with exit code 137 (", "service db"]);
    told.names("service-exited", "service db", "raise `resources memory=\"16MiB\"`");
}

#[test]
fn a_program_that_is_not_there_must_be_named_with_its_line() {
    if !wanted() {
        return;
    }
    let told = Checkout::with(&stage("lost", "command no-such-program")).run(&[], 1);
    told.says(&["stage-failed", "exit code 127 (the program was not found)", "no-such-program"]);
    told.names("stage-failed", "stage lost", "name a program that the image has");
    let told = Checkout::with(&stage("shell", "sh \"no-such-program\"")).run(&[], 1);
    told.says(&["stage-failed", "exit code 127 (the program was not found)"]);
    told.names("stage-failed", "stage shell", "on its PATH");
    let told = Checkout::with(&stage("closed", "sh \"echo > /x; /x\"")).run(&[], 1);
    told.says(&["stage-failed", "exit code 126 (the program may not be executed)"]);
    told.names("stage-failed", "stage closed", "chmod +x");
    let text = service("web", "sleep 1", "entrypoint \"/no/entry\"\n    healthcheck tcp=80")
        .replace("sh \"sleep 1\"", "command x");
    let told = Checkout::with(&(text + &stage("work", "needs web\n    command echo never"))).run(&[], 1);
    told.says(&["cannot-start", "`web` cannot be started", "/no/entry"]).never_says(&["| never"]);
    told.names("cannot-start", "service web", "name a program that the image has");
}

#[test]
fn a_service_that_falls_ill_while_it_is_needed_must_be_named() {
    if !wanted() {
        return;
    }
    let ill = service(
        "db",
        "touch /well; sleep 3; rm /well; exec sleep 600",
        "healthcheck \"test -e /well || { echo the disk is gone; exit 3; }\"",
    );
    let told =
        Checkout::with(&(ill + &stage("work", "needs db\n    sh \"sleep 5; echo refused; exit 1\""))).run(&[], 1);
    told.says(&[
        "stage-failed",
        "`db`, which it needs, does not pass its check any more",
        "code 3",
        "the disk is gone",
    ]);
    told.names("stage-failed", "stage work", "mend `db` first: it was not well when `work` failed");
}

#[test]
fn a_service_that_dies_under_a_test_must_be_the_cause() {
    if !wanted() {
        return;
    }
    let text = service(
        "web",
        "mkdir /w; echo hi > /w/index.html; httpd -p 8000 -h /w; sleep 3; echo out of disk; exit 9",
        "healthcheck tcp=8000\n    port 8000",
    ) + "acceptance look {\n    target web port=8000\n    test \"it answers for long\" {\n        eventually within=\"60s\" {\n            http GET \"/\" {\n                expect status 404\n            }\n        }\n    }\n}\n";
    let checkout = Checkout::with(&text);
    let told = checkout.pipe(&["run"]);
    assert_eq!(told.code, 1, "{}\n{}", told.out, told.err);
    told.says(&["error[service-exited]: `web` ended while it was needed, with exit code 9", "out of disk"]);
    told.names("service-exited", "service web", "mend what its last lines say");
    let first = told.out.find("error[").expect("it failed");
    assert!(told.out[first..].starts_with("error[service-exited]"), "the cause comes first:\n{}", told.out);
    assert_eq!(checkout.held(), Vec::<String>::new());
}

#[test]
fn a_full_disk_of_this_machine_must_fail_the_artifact_and_leave_no_part_of_it() {
    if !wanted() {
        return;
    }
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: a small file system takes root");
        return;
    }
    let checkout = Checkout::with(&stage(
        "work",
        "sh \"dd if=/dev/zero of=/big bs=1M count=4\"\n    artifact \"/big\" to=\"out/\"",
    ));
    checkout.write("out/before", "still here");
    let place = checkout.directory.path().join("out");
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=1m", "small"]).arg(&place).status();
    assert!(mounted.is_ok_and(|status| status.success()), "root may mount");
    let told = checkout.pipe(&["run"]);
    let left: Vec<_> =
        std::fs::read_dir(&place).expect("it is there").flatten().map(|entry| entry.file_name()).collect();
    let unmounted = Command::new("umount").arg("--lazy").arg(&place).status();
    assert!(unmounted.is_ok_and(|status| status.success()), "it was mounted");
    assert_eq!(told.code, 1, "{}\n{}", told.out, told.err);
    assert!(left.is_empty(), "{left:?}");
    told.says(&["artifact-missing", "No space left on device", "artifact \"/big\"", "help: make room on that disk"]);
    assert_eq!(checkout.held(), Vec::<String>::new());
}

#[test]
fn a_container_of_a_stranger_with_our_name_must_be_left_to_him() {
    if !wanted() {
        return;
    }
    let name = unique("named");
    let text = format!(
        "pipeline {name}\nimage late {{ build . no-cache=#true; }}\nstage work {{\n    image late\n    command echo \"it ran\"\n}}\n"
    );
    let checkout = Checkout::with(&text);
    // While it is built, there is no container yet, and the run's name is known.
    checkout.write("Dockerfile", "FROM busybox:1.35\nRUN sleep 3\n");
    let mut run = checkout.command(&["run"]).spawn().expect("the binary of this package can be run");
    let told = Told { code: 0, out: wait_for_line(&mut run, " > run r"), err: String::new() };
    let theirs = format!("{name}-{}-work", told.run_id());
    let id = docker(&["create", "--name", &theirs, "busybox:1.35", "true"]);
    let code = run.wait().expect("it is ours").code();
    let names = docker(&["ps", "--all", "--filter", &format!("name={theirs}"), "--format", "{{.ID}} {{.Names}}"]);
    docker(&["rm", &id]);
    assert_eq!(code, Some(0));
    assert_eq!(names, format!("{} {theirs}", &id[..12]), "his, and no other");
    assert_eq!(checkout.held(), Vec::<String>::new());
}

#[test]
fn a_volume_of_a_stranger_must_be_no_cache_of_ours() {
    if !wanted() {
        return;
    }
    let name = unique("cached");
    let text = format!("pipeline {name}\n{}", stage("work", "mount cache \"/c\" name=it\n    sh \"touch /c/ours\""));
    let checkout = Checkout::with(&text);
    checkout.run(&[], 0);
    let volume = docker(&["volume", "ls", "--quiet", "--filter", &format!("name={name}-cache-")]);
    docker(&["volume", "rm", &volume]);
    docker(&["volume", "create", &volume]);
    let told = checkout.pipe(&["run"]);
    let mount = docker(&["volume", "inspect", "--format", "{{.Mountpoint}}", &volume]);
    let is_touched = std::path::Path::new(&mount).join("ours").exists();
    docker(&["volume", "rm", &volume]);
    assert_eq!(told.code, 1, "{}\n{}", told.out, told.err);
    told.says(&[
        &format!("error[name-taken]: the engine has a volume `{volume}` that pipe did not make"),
        "mount cache \"/c\" name=it",
        &format!("run `docker volume rm {volume}`"),
    ]);
    assert!(!is_touched, "it is his");
    assert_eq!(checkout.held(), Vec::<String>::new());
}

#[test]
fn an_engine_without_a_free_subnet_must_say_so() {
    let Some(second) = Second::with(&[], "base=10.214.0.0/24,size=25", None) else { return };
    // The two that there are, where this machine lets there be any.
    for network in ["one", "two"] {
        let made = Command::new("docker").args(["--host", &second.host(), "network", "create", network]).output();
        made.expect("docker's own command line");
    }
    let name = unique("subnets");
    let checkout = Checkout::with(&format!("pipeline {name}\n{}", stage("work", "command echo never")));
    let told = super::harness::Told::of(
        checkout.command(&["run"]).env("DOCKER_HOST", second.host()).output().expect("the binary can be run"),
    );
    assert_eq!(told.code, 3, "{}\n{}", told.out, told.err);
    told.never_says(&["| never"]).names("engine-failed", "stage work", "docker network prune");
    assert_eq!(second.held(&name), "");
}

#[test]
fn an_engine_without_room_must_say_so_and_take_everything_back() {
    let Some(second) = Second::with(&[], "base=10.215.0.0/16,size=24", Some("24m")) else { return };
    let name = unique("room");
    let text = format!(
        "pipeline {name}\n{}",
        stage("fill", "network none\n    sh \"dd if=/dev/zero of=/big bs=1M count=64\"")
    );
    let checkout = Checkout::with(&text);
    let run = |checkout: &Checkout| {
        let run = checkout.command(&["run"]).env("DOCKER_HOST", second.host()).output();
        super::harness::Told::of(run.expect("the binary can be run"))
    };
    let told = run(&checkout);
    assert_ne!(told.code, 0, "{}\n{}", told.out, told.err);
    let all = format!("{}{}", told.out, told.err).to_lowercase();
    assert!(all.contains("no space left on device"), "{all}");
    told.says(&["stage fill", "help: make room"]);
    assert_eq!(second.held(&name), "");
}
