//! A daemon of the test's own that is killed, stopped, frozen and started again in the middle of a run.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::daemon::wanted;
use crate::scenarios::harness::{Checkout, Told, unique};

/// How long a daemon may take to come up on a busy machine.
const UP: Duration = Duration::from_secs(60);
/// Networks of the second daemon must not meet those of the first.
const POOL: &str = "base=10.213.0.0/16,size=24";

/// A second daemon on this machine, with a directory, a socket and processes of its own. It ends with the test.
pub struct Second {
    directory: tempfile::TempDir,
    options: &'static [&'static str],
    /// Where its networks get their subnets from.
    pool: &'static str,
    child: Option<Child>,
}

impl Second {
    /// Starts one, with busybox in it; none where this machine does not let us.
    fn start(options: &'static [&'static str]) -> Option<Self> {
        Second::with(options, POOL, None)
    }

    /// One whose networks come from `pool`, and that has no more room than `room`, as `mount` wants it written.
    pub fn with(options: &'static [&'static str], pool: &'static str, room: Option<&str>) -> Option<Self> {
        if !wanted() {
            return None;
        }
        let is_there = |program| Command::new(program).arg("--version").stdout(Stdio::null()).status().is_ok();
        let found = is_there("dockerd") && is_there("unshare");
        if !found || !rustix::process::geteuid().is_root() {
            eprintln!("skipped: a second daemon takes dockerd and root");
            return None;
        }
        let directory = tempfile::tempdir().expect("a temporary directory");
        let mut second = Second { directory, options, pool, child: None };
        if let Some(room) = room {
            let data = second.path("data");
            std::fs::create_dir(&data).expect("a directory");
            let size = format!("size={room}");
            let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "small"]).arg(data).status();
            assert!(mounted.is_ok_and(|status| status.success()), "root may mount");
        }
        second.come_up();
        let archive = second.path("busybox.tar");
        crate::daemon::docker(&["save", "--output", &archive.display().to_string(), "busybox:1.35"]);
        second.docker(&["load", "--quiet", "--input", &archive.display().to_string()]);
        Some(second)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub fn host(&self) -> String {
        format!("unix://{}", self.path("d.sock").display())
    }

    fn docker(&self, arguments: &[&str]) -> String {
        let output = Command::new("docker").args(["--host", &self.host()]).args(arguments).output();
        let output = output.expect("docker's own command line");
        assert!(output.status.success(), "docker {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Starts the process and waits until it answers.
    fn come_up(&mut self) {
        let _ = std::fs::remove_file(self.path("pid"));
        // The one below it dies with it, a moment later; found half dead, it would be waited for in vain.
        let below = self.path("exec/containerd/containerd.pid");
        let began = Instant::now();
        while self.is_alive(&below) && began.elapsed() < UP {
            std::thread::sleep(Duration::from_millis(20));
        }
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.path("log")).expect("a log");
        // Told to have no bridge, a daemon takes away the one of the daemon beside it, unless it has a network stack of its own.
        let mut command = Command::new("unshare");
        command.args(["--net", "--", "dockerd"]);
        command.arg("--data-root").arg(self.path("data")).arg("--exec-root").arg(self.path("exec"));
        command.arg("--pidfile").arg(self.path("pid")).args(["--host", &self.host(), "--bridge", "none"]);
        command.args(["--iptables=false", "--ip6tables=false", "--log-level", "warn"]);
        command.args(["--default-address-pool", self.pool]).args(self.options);
        command.stdin(Stdio::null()).stdout(log.try_clone().expect("a second hand on it")).stderr(log);
        self.child = Some(command.spawn().expect("dockerd can be started"));
        let began = Instant::now();
        while !self.answers() {
            let log = || std::fs::read_to_string(self.path("log")).unwrap_or_default();
            assert!(began.elapsed() < UP, "the second daemon does not come up:\n{}", log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn is_alive(&self, pid_file: &Path) -> bool {
        let pid = std::fs::read_to_string(pid_file).unwrap_or_default();
        !pid.trim().is_empty() && Path::new("/proc").join(pid.trim()).exists()
    }

    /// Processes that a daemon of ours has left behind when it was killed, by the directory in their command line.
    fn orphans(&self) -> Vec<Pid> {
        let ours = self.path("exec").display().to_string();
        let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let of_ours = all.filter(|entry| {
            let words = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&words).contains(&ours)
        });
        of_ours.filter_map(|entry| Pid::from_raw(entry.file_name().to_str()?.parse().ok()?)).collect()
    }

    /// What is mounted below its directory, the last one first.
    fn mounts(&self) -> Vec<String> {
        let ours = self.directory.path().display().to_string();
        let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
        let places = mounts.lines().filter_map(|line| line.split(' ').nth(1)).filter(|place| place.starts_with(&ours));
        places.map(str::to_owned).rev().collect()
    }

    fn answers(&self) -> bool {
        let mut asked = Command::new("docker");
        asked.args(["--host", &self.host(), "version"]).stdout(Stdio::null()).stderr(Stdio::null());
        asked.status().is_ok_and(|status| status.success())
    }

    fn signal(&self, signal: Signal) {
        let id = self.child.as_ref().expect("it runs").id();
        let pid = Pid::from_raw(i32::try_from(id).expect("a number")).expect("no zero");
        kill_process(pid, signal).expect("it is ours");
    }

    /// Ends the process so and waits for its end.
    fn end(&mut self, signal: Signal) {
        self.signal(signal);
        self.child.take().expect("it runs").wait().expect("it ends");
    }

    /// What of a pipeline it has.
    pub fn held(&self, name: &str) -> String {
        let label = format!("label=dev.pipe.pipeline={name}");
        let containers = self.docker(&["ps", "--all", "--quiet", "--filter", &label]);
        let networks = self.docker(&["network", "ls", "--quiet", "--filter", &label]);
        format!("{containers}{networks}")
    }
}

/// Takes everything back, as far as that can be done; a test that fails shall say why it does.
impl Drop for Second {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw).expect("no zero");
            let _ = kill_process(pid, Signal::TERM);
            let _ = child.wait();
        }
        for orphan in self.orphans() {
            let _ = kill_process(orphan, Signal::KILL);
        }
        for place in self.mounts() {
            let _ = Command::new("umount").args(["--lazy", &place]).stderr(Stdio::null()).status();
        }
    }
}

/// A run under way, whose lines come as it tells them.
struct Run {
    child: Child,
    lines: Receiver<(Instant, String)>,
    out: String,
}

impl Run {
    fn begin(checkout: &Checkout, host: &str, patience: &str) -> Self {
        let mut command = checkout.command(&["run", "--progress", "plain"]);
        command.env("DOCKER_HOST", host).env("PIPE_ENGINE_PATIENCE", patience);
        let mut child = command.spawn().expect("the binary of this package can be run");
        let (sender, lines) = channel();
        let out = BufReader::new(child.stdout.take().expect("it is piped"));
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                let _ = sender.send((Instant::now(), line));
            }
        });
        Run { child, lines, out: String::new() }
    }

    /// Waits for a line with this word in it; when it came.
    #[track_caller]
    fn until(&mut self, word: &str) -> Instant {
        loop {
            let line = self.lines.recv_timeout(Duration::from_secs(60));
            let (at, line) = line.unwrap_or_else(|_| panic!("it never said “{word}”:\n{}", self.out));
            self.out.push_str(&format!("{line}\n"));
            if line.contains(word) {
                return at;
            }
        }
    }

    fn end(mut self) -> Told {
        let (code, err) = {
            let output = self.child.wait_with_output().expect("it ends");
            (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
        };
        while let Ok((_, line)) = self.lines.recv_timeout(Duration::from_secs(5)) {
            self.out.push_str(&format!("{line}\n"));
        }
        Told { code, out: self.out, err }
    }
}

/// A stage that obeys a stop signal with exit code 0, as many programs do: a daemon that stops makes it look as if it had passed.
fn obedient(name: &str) -> Checkout {
    Checkout::with(&format!(
        "pipeline \"{name}\"\n\nstage work {{\n    image \"busybox:1.35\"\n    network none\n    \
         sh \"trap 'exit 0' TERM; echo begun; while :; do sleep 0.1; done\"\n}}\n"
    ))
}

#[track_caller]
fn assert_engine_lost(told: &Told) {
    assert_eq!(told.code, 3, "{}\n{}", told.out, told.err);
    let all = format!("{}{}", told.out, told.err);
    assert!(all.contains("engine-lost"), "{all}");
    told.never_says(&["stage-failed", "passed in"]);
}

#[test]
fn containers_that_end_with_a_killed_daemon_are_no_verdict() {
    let Some(mut second) = Second::start(&[]) else { return };
    let name = unique("killed");
    let checkout = obedient(&name);
    let mut run = Run::begin(&checkout, &second.host(), "60s");
    run.until("| begun");
    second.end(Signal::KILL);
    let killed = Instant::now();
    let told = run.until("lost connection to Docker");
    assert!(told.saturating_duration_since(killed) < Duration::from_secs(2), "{:?}", told - killed);
    second.come_up();
    run.until("Docker answers again");
    assert_engine_lost(&run.end());
    assert_eq!(second.held(&name), "");
}

#[test]
fn containers_that_a_stopping_daemon_stops_are_no_verdict() {
    let Some(mut second) = Second::start(&[]) else { return };
    let name = unique("stopped");
    let checkout = obedient(&name);
    let mut run = Run::begin(&checkout, &second.host(), "60s");
    run.until("| begun");
    second.end(Signal::TERM);
    second.come_up();
    assert_engine_lost(&run.end());
    assert_eq!(second.held(&name), "");
}

#[test]
fn a_daemon_that_does_not_come_back_is_given_up() {
    let Some(mut second) = Second::start(&[]) else { return };
    let name = unique("gone");
    let checkout = obedient(&name);
    let mut run = Run::begin(&checkout, &second.host(), "2s");
    run.until("| begun");
    second.end(Signal::KILL);
    let killed = Instant::now();
    run.until("Docker has not come back");
    let told = run.end();
    assert_engine_lost(&told);
    assert!(killed.elapsed() < Duration::from_secs(30), "it took {:?} to give up", killed.elapsed());
    told.says(&["left"]);
    second.come_up();
    // The guardian of the run waits for the daemon, too, and may be the first to clean up.
    let began = Instant::now();
    loop {
        let mut clean = checkout.command(&["clean"]);
        let cleaned = Told::of(clean.env("DOCKER_HOST", second.host()).output().expect("the binary can be run"));
        assert_eq!(cleaned.code, 0, "{}\n{}", cleaned.out, cleaned.err);
        if second.held(&name).is_empty() {
            break;
        }
        assert!(began.elapsed() < UP, "{}\n{}", cleaned.out, cleaned.err);
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn what_outlives_the_daemon_goes_on_and_loses_no_line() {
    let Some(mut second) = Second::start(&["--live-restore"]) else { return };
    let name = unique("restored");
    let checkout = Checkout::with(&format!(
        "pipeline \"{name}\"\n\nstage work {{\n    image \"busybox:1.35\"\n    network none\n    \
         sh \"for i in $(seq 1 80); do echo line $i; sleep 0.1; done; test -e /never || exit 5\"\n    \
         expect-exit 5\n}}\n"
    ));
    let mut run = Run::begin(&checkout, &second.host(), "60s");
    run.until("| line 10");
    second.end(Signal::KILL);
    run.until("lost connection to Docker");
    second.come_up();
    run.until("Docker answers again");
    let told = run.end();
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    let lines: Vec<String> = (1..=80).map(|line| format!("line {line}")).collect();
    assert_eq!(told.lines("work"), lines, "{}", told.out);
    assert_eq!(second.held(&name), "");
}

#[test]
fn a_daemon_that_is_frozen_for_a_while_is_no_matter() {
    let Some(second) = Second::start(&[]) else { return };
    let name = unique("frozen");
    let checkout = Checkout::with(&format!(
        "pipeline \"{name}\"\n\nstage work {{\n    image \"busybox:1.35\"\n    network none\n    \
         sh \"echo begun; sleep 1; echo ended\"\n}}\n"
    ));
    let mut run = Run::begin(&checkout, &second.host(), "60s");
    run.until("| begun");
    second.signal(Signal::STOP);
    std::thread::sleep(Duration::from_secs(3));
    second.signal(Signal::CONT);
    let told = run.end();
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    assert_eq!(told.lines("work"), ["begun", "ended"], "{}", told.out);
    assert_eq!(second.held(&name), "");
}
