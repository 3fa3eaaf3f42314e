//! Output in quantities and of kinds that nobody expects: every byte of it is in the log files, in memory that stays small.
//!
//! With `PIPE_TEST_LONG` set as large as it gets: `tests/long.sh floods`, which shows what came in and out.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::harness::{Checkout, Told, stage, wait_for_line};
use super::memory::watched;
use crate::daemon::{heeding, wanted};

/// The most memory that pipe may have had, in KiB.
const MOST: u64 = 64 * 1024;
/// How long something that is sure to come may take.
const SOON: Duration = Duration::from_secs(60);

/// So much in CI, so much when it is to be as large as it gets.
fn size(short: usize, long: usize) -> usize {
    if std::env::var_os("PIPE_TEST_LONG").is_some() { long } else { short }
}

/// A run and what was seen of it from outside.
struct Flood {
    told: Told,
    /// The most memory that it had, in KiB.
    peak: u64,
    took: Duration,
    /// The directory with its log files.
    logs: PathBuf,
}

fn state(checkout: &Checkout) -> PathBuf {
    checkout.directory.path().join("state")
}

/// The directory of the only run's log files.
fn logs(checkout: &Checkout) -> PathBuf {
    let runs = state(checkout).join("pipe/runs");
    let mut found = std::fs::read_dir(&runs).expect("runs are kept there").map(|run| run.expect("a run").path());
    let run = found.next().expect("one run");
    assert!(found.next().is_none(), "more than one run");
    run.join("logs")
}

fn flood(checkout: &Checkout, arguments: &[&str], code: i32) -> Flood {
    let begun = Instant::now();
    let mut command = checkout.command(&[&["run"], arguments].concat());
    let child = command.env("XDG_STATE_HOME", state(checkout)).spawn().expect("the binary of this package can be run");
    let peak = watched(child.id());
    let told = Told::of(child.wait_with_output().expect("it ends"));
    let took = begun.elapsed();
    assert_eq!(told.code, code, "{}\n{}", tail(&told.out), told.err);
    assert_eq!(checkout.held(), Vec::<String>::new(), "left behind");
    let peak = peak.join().expect("it ends with the process");
    assert!(peak > 0 && peak < MOST, "{peak} KiB of memory at the most");
    Flood { told, peak, took, logs: logs(checkout) }
}

impl Flood {
    fn file(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.logs.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// A line of the table.
    fn tell(&self, what: &str, bytes: usize) {
        let kept: u64 = std::fs::read_dir(&self.logs)
            .expect("they are there")
            .map(|file| file.expect("a file"))
            .filter(|file| !file.file_name().to_string_lossy().ends_with(".order"))
            .map(|file| file.metadata().expect("it is there").len())
            .sum();
        let (peak, took) = (self.peak / 1024, self.took.as_secs_f64());
        println!("| {what} | {bytes} | {kept} | {peak} MiB | {took:.1} s |");
    }
}

fn tail(text: &str) -> &str {
    &text[text.floor_char_boundary(text.len().saturating_sub(2_000))..]
}

fn numbers(last: usize) -> Vec<u8> {
    (1..=last).flat_map(|number| format!("{number}\n").into_bytes()).collect()
}

#[test]
fn a_flood_of_lines_must_be_kept_whole_and_in_order() {
    if !wanted() {
        return;
    }
    let count = size(150_000, 1_000_000);
    let checkout = Checkout::with(&stage("a", &format!("sh \"seq 1 {count}; seq 1 1000 >&2\"")));
    let flood = flood(&checkout, &[], 0);
    let wanted = numbers(count);
    assert!(flood.file("a.stdout") == wanted, "the file of standard output is another");
    assert!(flood.file("a.stderr") == numbers(1_000), "the file of standard error is another");
    let shown = flood.told.lines("a");
    let big: Vec<&str> = shown.iter().copied().filter(|line| line.len() > 4).collect();
    assert_eq!(big.len(), count - 9_999, "a reader that keeps up sees every line");
    assert!(big.windows(2).all(|pair| pair[0].parse::<usize>().ok() < pair[1].parse().ok()), "in order");
    flood.tell(&format!("{count} lines"), wanted.len() + numbers(1_000).len());
}

#[test]
fn a_line_without_end_must_be_kept_whole_and_the_next_one_be_seen() {
    if !wanted() {
        return;
    }
    let length = size(20, 100) * 1024 * 1024;
    let script = format!("head -c {length} /dev/zero | tr '\\\\0' x; echo; echo next; printf last");
    let checkout = Checkout::with(&stage("a", &format!("sh \"{script}\"")));
    let flood = flood(&checkout, &[], 0);
    let wanted = [vec![b'x'; length], b"\nnext\nlast".to_vec()].concat();
    assert!(flood.file("a.stdout") == wanted, "the file is another");
    let shown = flood.told.lines("a");
    let mark = format!("… +{} bytes (see {})", length - 8 * 1024, flood.logs.join("a.stdout").display());
    assert_eq!(shown.len(), 3);
    assert_eq!(shown[0], format!("{}{mark}", "x".repeat(8 * 1024)));
    assert_eq!(shown[1..], ["next", "last"]);
    flood.tell(&format!("a line of {length} bytes"), wanted.len());
}

#[test]
fn fifty_at_once_must_be_kept_apart() {
    if !wanted() {
        return;
    }
    let (containers, count, length) = (size(12, 50), size(5_000, 20_000), size(400_000, 2_000_000));
    let script = format!("head -c {length} /dev/zero | tr '\\\\0' $N; echo; seq 1 {count}; seq 1 500 >&2");
    let text: String = (0..containers)
        .map(|n| stage(&format!("s{n}"), &format!("env {{ N {} }}\n    sh \"{script}\"", n % 10)))
        .collect();
    let jobs = containers.to_string();
    let checkout = Checkout::with(&text);
    let flood = flood(&checkout, &["--jobs", &jobs], 0);
    let mut bytes = 0;
    for n in 0..containers {
        let digit = b'0' + u8::try_from(n % 10).expect("a digit");
        let wanted = [vec![digit; length], b"\n".to_vec(), numbers(count)].concat();
        assert!(flood.file(&format!("s{n}.stdout")) == wanted, "the file of s{n} is another");
        assert!(flood.file(&format!("s{n}.stderr")) == numbers(500), "the other file of s{n} is another");
        bytes += wanted.len() + numbers(500).len();
    }
    flood.tell(&format!("{containers} containers"), bytes);
}

#[test]
fn bytes_of_every_kind_must_be_kept_and_none_of_them_steer_a_terminal() {
    if !wanted() {
        return;
    }
    let escapes = [
        ("\\033[2Jcleared", "cleared"),
        ("\\033]0;title\\007titled", "titled"),
        ("\\033]52;c;aGVsbG8=\\007copied", "copied"),
        ("\\033]8;;http://x\\033\\\\linked\\033]8;;\\033\\\\", "linked"),
        ("\\033[31mred\\033[0m", "red"),
        ("\\033creset", "reset"),
        ("\\302\\233", ""),
        ("\\302\\2332Jby one byte", "by one byte"),
        ("\\302\\235x\\302\\234by string", "by string"),
        ("up\\033[5Aand away", "upand away"),
        ("\\377\\376no text", "\u{fffd}\u{fffd}no text"),
        ("bell\\007 back\\010space", "bell backspace"),
        ("10 %%\\r50 %%\\r100 %%", "100 %"),
        ("windows\\r", "windows"),
    ];
    let script: String = escapes.iter().map(|(written, _)| format!("printf '{written}\\n'\n")).collect();
    let checkout = Checkout::with(&stage("a", &format!("sh #\"\"\"\n{script}printf 'no end'\n\"\"\"#")));
    let flood = flood(&checkout, &[], 0);
    let shown: Vec<&str> = flood.told.lines("a");
    let wanted: Vec<&str> = escapes.iter().map(|(_, seen)| *seen).chain(["no end"]).collect();
    assert_eq!(shown, wanted);
    assert!(!flood.told.out.contains(|c: char| c.is_control() && c != '\n'), "{:?}", flood.told.out);
    let kept = flood.file("a.stdout");
    assert!(kept.starts_with(b"\x1b[2Jcleared\n\x1b]0;title\x07titled\n"));
    assert!(kept.ends_with(b"bell\x07 back\x08space\n10 %\r50 %\r100 %\nwindows\r\nno end"));
    assert!(kept.windows(9).any(|bytes| bytes == b"\xff\xfeno text"));
}

/// The whole of what a pipe holds: what comes later is read by nobody.
struct Unread {
    child: Child,
}

#[test]
fn a_screen_that_nobody_reads_must_hold_up_nothing() {
    if !wanted() {
        return;
    }
    let count = size(150_000, 1_000_000);
    let text = stage("a", &format!("sh \"seq 1 {count}; echo at last >&2\"\n    artifact \"/etc/passwd\" to=\"done\""));
    let checkout = Checkout::with(&text);
    let begun = Instant::now();
    let mut command = checkout.command(&["run", "--report", "junit=all.xml"]);
    let child = command.env("XDG_STATE_HOME", state(&checkout)).spawn().expect("the binary can be run");
    let mut unread = Unread { child };
    let peak = watched(unread.child.id());
    // The report is written when the run is over, and everything that it made is gone.
    let report = checkout.directory.path().join("all.xml");
    wait_for(|| std::fs::read_to_string(&report).is_ok_and(|report| report.contains("</testsuites>")));
    let took = begun.elapsed();
    assert_eq!(checkout.read("done").lines().next(), Some("root:x:0:0:root:/root:/bin/sh"));
    assert_eq!(checkout.held(), Vec::<String>::new(), "left behind");
    assert!(unread.child.try_wait().expect("it is ours").is_none(), "it waits for somebody to read its last words");
    let files = logs(&checkout);
    assert!(std::fs::read(files.join("a.stdout")).expect("it is kept") == numbers(count), "the file is another");
    assert_eq!(std::fs::read(files.join("a.stderr")).expect("it is kept"), b"at last\n");
    // Whoever reads after all learns how it ended, and what was left out.
    let mut out = String::new();
    unread.child.stdout.take().expect("it is piped").read_to_string(&mut out).expect("it is text");
    let status = unread.child.wait().expect("it ends");
    let peak = peak.join().expect("it ends with the process");
    assert_eq!(status.code(), Some(0));
    assert!(peak < MOST, "{peak} KiB of memory at the most");
    assert!(out.contains("1 stage passed"), "{}", tail(&out));
    let shown = out.lines().filter(|line| line.starts_with("a | ")).count();
    let left_out: usize = out
        .lines()
        .filter_map(|line| line.strip_prefix("a ! ")?.split_once(" lines (")?.0.replace(',', "").parse::<usize>().ok())
        .sum();
    assert!(left_out > 0, "{}", tail(&out));
    assert_eq!(shown + left_out, count + 1, "what is not shown is counted");
    assert!(out.contains(&format!("left out here, since the screen did not take them; see {}", files.display())));
    let flood = Flood { told: Told { code: 0, out, err: String::new() }, peak, took, logs: files };
    flood.tell(&format!("{count} lines, read by nobody"), numbers(count).len() + 8);
}

#[test]
fn a_screen_that_nobody_reads_must_let_go_at_a_signal() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::with(&stage("a", "sh \"seq 1 150000\""));
    let mut child = checkout.command(&["run", "--report", "junit=all.xml"]).spawn().expect("the binary can be run");
    let report = checkout.directory.path().join("all.xml");
    wait_for(|| std::fs::read_to_string(&report).is_ok_and(|report| report.contains("</testsuites>")));
    let process = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(process, rustix::process::Signal::TERM).expect("it is there");
    let (ended, end) = mpsc::channel();
    std::thread::spawn(move || ended.send(child.wait().map(|status| status.code())));
    let code = end.recv_timeout(SOON).expect("it lets go").expect("it is ours");
    assert_eq!(code, Some(0), "the run had passed");
    assert_eq!(checkout.held(), Vec::<String>::new(), "left behind");
}

#[test]
fn a_reader_that_leaves_must_not_end_the_run() {
    if !wanted() {
        return;
    }
    let text = stage("a", "sh \"seq 1 20000; echo done > /done\"\n    artifact \"/done\"");
    for progress in ["plain", "json"] {
        let checkout = Checkout::with(&text);
        let mut command = checkout.command(&["run", "--progress", progress, "--report", "junit=all.xml"]);
        let mut child = command.env("XDG_STATE_HOME", state(&checkout)).spawn().expect("the binary can be run");
        let mut first = String::new();
        BufReader::new(child.stdout.take().expect("it is piped")).read_line(&mut first).expect("it tells something");
        let output = child.wait_with_output().expect("it ends");
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), told.as_ref()), (Some(0), ""), "after {first}");
        assert_eq!(checkout.read("done"), "done\n");
        assert!(checkout.read("all.xml").contains("</testsuites>"));
        assert!(std::fs::read(logs(&checkout).join("a.stdout")).expect("it is kept") == numbers(20_000));
        assert_eq!(checkout.held(), Vec::<String>::new(), "left behind");
    }
}

#[test]
fn an_input_larger_than_memory_must_reach_its_stage() {
    if !wanted() {
        return;
    }
    let megabytes = size(160, 4_000);
    let text = stage(
        "make",
        &format!(
            "sh \"dd if=/dev/zero of=/big bs=1M count={megabytes}; echo the end >> /big\"\n    artifact \"/big\" on=failure"
        ),
    ) + &stage(
        "use-it",
        "input make \"/big\" at=\"/in/it\"\n    sh \"wc -c < /in/it; tail -n 1 /in/it | tail -c 8\"",
    );
    let checkout = Checkout::with(&text);
    let flood = flood(&checkout, &[], 0);
    let bytes = megabytes * 1024 * 1024 + 8;
    assert_eq!(flood.told.lines("use-it"), [bytes.to_string().as_str(), "the end"], "{}", flood.told.out);
    flood.tell("an input of another stage", bytes);
}

#[test]
fn a_run_that_is_over_must_show_what_its_stages_wrote() {
    if !wanted() {
        return;
    }
    let text = stage("a", "sh \"echo one; sleep 0.3; echo two >&2; sleep 0.3; echo three\"")
        + "image b { build . no-cache=#true; }\nstage b { image b; command \"true\"; after a }\n";
    let checkout = Checkout::with(&text);
    // What two steps write at once keeps its lines.
    checkout.write(
        "Dockerfile",
        "FROM busybox:1.35 AS x\nRUN cat /proc/sys/kernel/random/uuid > /x; for i in 1 2 3; do echo x$i; sleep 0.1; done; printf 'x ends'\n\
         FROM busybox:1.35\nRUN cat /proc/sys/kernel/random/uuid; for i in 1 2 3; do printf y; sleep 0.1; echo y$i; done; seq 1 5000\nCOPY --from=x /x /x\n",
    );
    let mut run = checkout.command(&["run"]).spawn().expect("the binary can be run");
    let out = wait_for_line(&mut run, " > run r");
    let told = Told { code: 0, out, err: String::new() };
    let show = |arguments: &[&str]| {
        // The name of a run is enough: no pipeline is asked for.
        let mut plain = heeding(env!("CARGO_BIN_EXE_pipe"));
        plain.arg("logs").args(arguments).current_dir("/").stdin(Stdio::null());
        Told::of(plain.output().expect("the binary can be run"))
    };
    let (mut child, run) = (run, told.run_id());
    let followed = show(&[&format!("{run}/a"), "--follow"]);
    let mut lines: Vec<&str> = followed.out.lines().collect();
    lines.sort_unstable();
    assert_eq!((followed.code, lines), (0, vec!["one", "three", "two"]), "{}", followed.err);
    // Which ends with the run.
    assert_eq!(child.wait().expect("it is ours").code(), Some(0));
    assert_eq!(checkout.held(), Vec::<String>::new());
    assert_eq!(show(&[&format!("{run}/a")]).out, "one\ntwo\nthree\n");
    let built = show(&[&format!("{run}/b.build")]);
    let numbers: String = (1..=5000).map(|number| format!("{number}\n")).collect();
    for line in ["x1\n", "x2\n", "x3\n", "x ends\n", "yy1\n", "yy2\n", "yy3\n", numbers.as_str()] {
        assert!(built.out.contains(&format!("\n{line}")), "{line:?} is not in:\n{}\n{}", built.out, built.err);
    }
    assert!(built.out.starts_with("=> ") && built.out.contains("RUN cat"), "{}", built.out);
    assert_eq!(show(&[&format!("{run}/a"), "--tail", "1"]).out, "three\n");
    let none = show(&[&format!("{run}/b")]);
    assert_eq!(none.code, 2);
    assert!(none.err.contains(&format!("run {run} has kept no output of `b`")), "{}", none.err);
    assert!(none.err.contains(&format!("`pipe logs {run}/a`")), "{}", none.err);
}

fn wait_for(mut what: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !what() {
        assert!(begun.elapsed() < 3 * SOON, "it does not come");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A test that fails leaves no process behind that waits for a reader.
impl Drop for Unread {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
