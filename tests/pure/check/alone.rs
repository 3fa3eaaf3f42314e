//! A check needs nothing but the files: no socket, no process. Shown under a kernel that kills whoever asks for a socket, and by what
//! the kernel says of a process that has ended; and that both would show it is shown by commands that do ask.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
use seccompiler::{SeccompAction, SeccompFilter, TargetArch};

use super::Bench;

/// A pipeline with all that could tempt one to look further: commands, images of registries, builds, addresses, scripts.
const PIPELINE: &str = r#"
param app-version env=APP_VERSION { command sh -c "touch ran-a-command; echo 1" }
secret token env=TOKEN default="hunter2!"
image app {
    build . { arg APP_VERSION "{{app-version}}" }
    tag "registry.example.com/app:{{app-version}}"
}
service db {
    image "mariadb:10.11"
    env MARIADB_ALLOW_EMPTY_ROOT_PASSWORD yes
    healthcheck tcp=3306
}
stage migrate {
    image app
    needs db
    env TOKEN (secret)token
    sh "curl -fsS https://example.com/x | tee y && docker ps"
}
acceptance works {
    target web port=8000
    test "it answers" { http GET "http://example.com/" { expect status 200 } }
}
service web {
    image app
    needs migrate
    port 8000
    healthcheck http="/" port=8000
}
"#;

/// What was seen of a process: how it ended, and whether it waited for children.
struct Seen {
    status: ExitStatus,
    had_children: bool,
}

/// Runs a command to its end where `socket` and its kin kill the process.
fn without_sockets(command: Command) -> Seen {
    // The filter holds for this thread and what it starts, for good: so the thread is one of its own.
    std::thread::spawn(move || {
        seccompiler::apply_filter(&filter()).expect("the kernel takes the filter");
        seen(command)
    })
    .join()
    .expect("the thread ends")
}

/// Runs a command to its end.
fn seen(mut command: Command) -> Seen {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it can be run");
    let pid = Pid::from_child(&child);
    // It is looked at after its end and before it is waited for: the kernel keeps its account until then.
    waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT).expect("it ends");
    let had_children = faults_of_children(child.id()) > 0;
    Seen { status: child.wait().expect("it has ended"), had_children }
}

fn filter() -> seccompiler::BpfProgram {
    let arch: TargetArch = std::env::consts::ARCH.try_into().expect("a known processor");
    // socket, socketpair, connect, bind, listen: their numbers on this processor.
    let calls: [i64; 5] = if cfg!(target_arch = "x86_64") { [41, 53, 42, 49, 50] } else { [198, 199, 203, 200, 201] };
    let rules = calls.into_iter().map(|call| (call, Vec::new())).collect();
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, SeccompAction::KillProcess, arch);
    filter.and_then(TryInto::try_into).expect("the filter is one")
}

/// The page faults of the children that a process has waited for: every process that ran has some.
fn faults_of_children(pid: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("it is still there");
    // Behind the name in brackets: state, ppid, pgrp, session, tty, tpgid, flags, minflt, cminflt, majflt, cmajflt.
    let fields: Vec<&str> = stat.rsplit(") ").next().expect("a name").split(' ').collect();
    fields[8].parse::<u64>().expect("a number") + fields[10].parse::<u64>().expect("a number")
}

/// A directory in which every program that one could start leaves a trace, and an engine that counts who comes.
fn trap() -> (Bench, UnixListener, Vec<(String, String)>) {
    let bench = Bench::new([("pipeline.kdl", PIPELINE), ("Dockerfile", "FROM busybox:1.35\nARG APP_VERSION\n")]);
    for program in ["sh", "git", "docker", "shellcheck", "buildctl", "ssh", "less", "touch"] {
        let path = bench.path().join("bin").join(program);
        bench.write(
            &format!("bin/{program}"),
            format!("#!/bin/sh\n: > '{}/ran-{program}'\n", bench.path().display()).as_bytes(),
        );
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("it is ours");
    }
    let socket = bench.path().join("docker.sock");
    let listener = UnixListener::bind(&socket).expect("a socket");
    listener.set_nonblocking(true).expect("it can be asked");
    let variables = vec![
        ("PATH".to_owned(), bench.path().join("bin").display().to_string()),
        ("DOCKER_HOST".to_owned(), format!("unix://{}", socket.display())),
        ("HOME".to_owned(), bench.path().display().to_string()),
    ];
    (bench, listener, variables)
}

fn traces(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).expect("a directory");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with("ran-")).collect()
}

#[test]
fn a_check_opens_no_socket_and_starts_no_process() {
    let (bench, listener, variables) = trap();
    let forms: [&[&str]; 6] = [
        &[],
        &["--pedantic", "--deny", "warnings", "--all"],
        &["--format", "sarif", "--report", "junit=report.xml"],
        &["--statistics"],
        &["--diff"],
        &["--fix", "."],
    ];
    for arguments in forms {
        let mut command = bench.command(arguments);
        command.env_clear().envs(variables.clone());
        let seen = without_sockets(command);
        assert_eq!(seen.status.signal(), None, "{arguments:?} asked for a socket");
        assert!(matches!(seen.status.code(), Some(0 | 1)), "{arguments:?}: {}", seen.status);
        assert!(!seen.had_children, "{arguments:?} started a process");
    }
    assert_eq!(traces(bench.path()), [""; 0]);
    assert!(listener.accept().is_err(), "nobody came to the engine");
}

/// Without this the test above could not fail.
#[test]
fn who_does_ask_is_seen() {
    let (bench, _listener, variables) = trap();
    let pipe = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pipe"));
        command.args(arguments).current_dir(bench.path()).env_clear().envs(variables.clone());
        command
    };
    let asks = without_sockets(pipe(&["ps"]));
    assert_eq!(asks.status.signal(), Some(31), "SIGSYS: {}", asks.status);
    let asks_too = without_sockets(pipe(&["check", "--online"]));
    assert_eq!(asks_too.status.signal(), Some(31), "SIGSYS: {}", asks_too.status);
    let starts = seen(pipe(&["version"]));
    assert!(starts.had_children, "the command of a param is a process");
    assert_eq!(traces(bench.path()), ["ran-sh"]);
}
