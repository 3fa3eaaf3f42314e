//! What a run promises, shown by the binary on a real daemon: “X must Y”. State is checked before text: the exit code, then
//! what the daemon still holds, then the words.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::daemon::{docker, wanted};

/// A copy of an example, so that each test has a checkout (and an identity) of its own.
struct Checkout {
    directory: tempfile::TempDir,
    file: PathBuf,
}

/// What `pipe` did.
struct Told {
    code: i32,
    out: String,
    err: String,
}

impl Checkout {
    /// Of `specs/examples/EXAMPLE`, with `file` as its pipeline.
    fn of(example: &str, file: &str) -> Self {
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/examples");
        let directory = tempfile::tempdir().expect("a temporary directory");
        copy(&examples.join(example), &directory.path().join(example));
        // Some of the failing examples build images of the main one.
        if example == "failing" {
            copy(&examples.join("todobackend"), &directory.path().join("todobackend"));
        }
        let file = directory.path().join(example).join(file);
        Checkout { directory, file }
    }

    /// With this text as its pipeline.
    fn with(text: &str) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let file = directory.path().join("pipeline.kdl");
        std::fs::write(&file, text).expect("a file in it");
        Checkout { directory, file }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pipe"));
        command.arg(arguments[0]).arg(&self.file).args(&arguments[1..]);
        command.current_dir(self.directory.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn pipe(&self, arguments: &[&str]) -> Told {
        Told::of(self.command(arguments).output().expect("the binary of this package can be run"))
    }

    /// What the daemon holds of this checkout; images that were built are its product and stay.
    fn held(&self) -> Vec<String> {
        let told =
            Told::of(self.command(&["clean", "--dry-run"]).output().expect("the binary of this package can be run"));
        told.out
            .lines()
            .filter(|line| line.starts_with("would remove ") && !line.contains(" image"))
            .filter(|line| line.split(' ').count() == 4)
            .map(str::to_owned)
            .collect()
    }

    /// Runs, and holds the run to what every run must be: it ends with `code`, and leaves nothing.
    #[track_caller]
    fn run(&self, arguments: &[&str], code: i32) -> Told {
        let told = self.pipe(&[&["run"], arguments].concat());
        assert_eq!(told.code, code, "{}\n{}", told.out, told.err);
        assert_eq!(self.held(), Vec::<String>::new(), "left behind by:\n{}", told.out);
        told
    }
}

impl Told {
    fn of(output: Output) -> Self {
        let told = Told {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        };
        assert!(!told.err.contains("panicked"), "{}", told.err);
        assert!(!told.out.contains('\u{1b}'), "escape codes though there is no terminal:\n{}", told.out);
        told
    }

    #[track_caller]
    fn says(&self, words: &[&str]) -> &Self {
        for word in words {
            assert!(self.out.contains(word), "“{word}” is not in:\n{}\n{}", self.out, self.err);
        }
        self
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a directory");
    for entry in std::fs::read_dir(from).expect("the example is there") {
        let entry = entry.expect("an entry");
        if entry.file_type().expect("its type").is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
        }
    }
}

/// A stage on busybox.
fn stage(name: &str, more: &str) -> String {
    format!("stage {name} {{\n    image \"busybox:1.35\"\n    {more}\n}}\n")
}

#[test]
fn a_green_run_must_leave_nothing_and_say_so() {
    if !wanted() {
        return;
    }
    let hello = Checkout::of("hello", "pipeline.kdl");
    hello.run(&[], 0).says(&["passed in", ", left 0"]);
}

#[test]
fn a_diamond_must_pass_and_report_its_tests() {
    if !wanted() {
        return;
    }
    let diamond = Checkout::of("diamond", "pipeline.kdl");
    let report = diamond.directory.path().join("reports/all.xml");
    diamond.run(&["--report", &format!("junit={}", report.display())], 0).says(&["3 tests passed"]);
    let xml = std::fs::read_to_string(report).expect("the report is there");
    assert!(xml.contains("the items came from the database") && !xml.contains("<failure"), "{xml}");
}

#[test]
fn an_unknown_image_must_be_drawn_and_fail() {
    if !wanted() {
        return;
    }
    Checkout::of("failing", "unknown-image.kdl").run(&[], 1).says(&["image-unavailable", "no-such-repository"]);
}

#[test]
fn a_failing_build_must_show_its_step_and_its_line() {
    if !wanted() {
        return;
    }
    Checkout::of("failing", "build-step.kdl").run(&[], 1).says(&["build-failed", "Dockerfile:"]);
}

#[test]
fn a_service_that_exits_while_awaited_must_fail_at_once() {
    if !wanted() {
        return;
    }
    let begun = Instant::now();
    Checkout::of("failing", "exits-while-awaited.kdl").run(&[], 1).says(&[
        "service-exited",
        "unknown option: fast-mode",
        "exit code 4",
        "not run: migrate",
    ]);
    assert!(begun.elapsed() < Duration::from_secs(30), "it did not wait for the budget of the check");
}

#[test]
fn a_health_wait_that_runs_out_must_show_each_attempt() {
    if !wanted() {
        return;
    }
    Checkout::of("failing", "health-budget.kdl").run(&[], 1).says(&[
        "not-ready",
        "not ready yet",
        "waiting for a disk",
    ]);
}

#[test]
fn a_check_whose_tool_is_missing_must_say_that() {
    if !wanted() {
        return;
    }
    Checkout::of("failing", "check-tool-missing.kdl").run(&[], 1).says(&["probe-tool-missing", "healthcheck http="]);
}

#[test]
fn a_failing_expectation_must_show_request_and_answer() {
    if !wanted() {
        return;
    }
    Checkout::of("failing", "http-expectation.kdl").run(&[], 1).says(&[
        "expectation-failed",
        "Wash the cat",
        "Wash the car",
        "curl",
    ]);
}

#[test]
fn a_failing_bats_case_must_be_told_by_name() {
    if !wanted() {
        return;
    }
    Checkout::of("failing", "bats-case.kdl").run(&[], 1).says(&["test-failed"]);
}

#[test]
fn a_suite_without_a_test_must_not_be_green() {
    if !wanted() {
        return;
    }
    Checkout::of("failing", "no-test.kdl").run(&[], 1).says(&["no-tests-ran"]);
}

#[test]
fn a_port_in_use_must_be_found_before_anything_starts() {
    if !wanted() {
        return;
    }
    let holder = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = holder.local_addr().expect("its address").port();
    let text = format!(
        "service web {{\n    image \"busybox:1.35\"\n    command httpd -f -p \"8000\"\n    port 8000 host={port}\n    healthcheck tcp=8000\n}}\n{}",
        stage("look", "needs web\n    command echo reached")
    );
    let told = Checkout::with(&text).run(&[], 1);
    told.says(&["port-taken", &port.to_string()]);
    assert!(!told.out.contains("look | reached"), "{}", told.out);
}

#[test]
fn a_stage_that_takes_too_long_must_be_stopped() {
    if !wanted() {
        return;
    }
    Checkout::of("failing", "times-out.kdl").run(&[], 1).says(&["timed-out", "counting the stars"]);
}

#[test]
fn a_failure_after_a_success_must_be_red() {
    if !wanted() {
        return;
    }
    Checkout::of("failing", "exits-7.kdl").run(&[], 1).says(&["stage-failed", "exit code 7", "no such table"]);
}

#[test]
fn a_stage_that_never_ran_must_not_be_green() {
    if !wanted() {
        return;
    }
    let text = stage("a", "command \"false\"") + &stage("b", "needs a\n    command echo never");
    let told = Checkout::with(&text).run(&["b"], 1);
    told.says(&["not run: b"]);
    assert!(!told.out.contains("b | never"), "{}", told.out);
}

#[test]
fn an_allowed_failure_must_be_told_and_not_fail_the_run() {
    if !wanted() {
        return;
    }
    let text = stage("a", "command \"false\"\n    allow-failure") + &stage("b", "command echo fine");
    Checkout::with(&text).run(&[], 0).says(&["b | fine", "stage-failed"]);
}

#[test]
fn a_report_without_a_test_must_not_be_green() {
    if !wanted() {
        return;
    }
    let text = stage("a", "sh \"echo '<testsuite/>' > /r.xml\"\n    artifact \"/r.xml\" report=junit");
    Checkout::with(&text).run(&[], 1).says(&["report-failed"]);
}

#[test]
fn artifacts_must_be_collected_from_a_failing_stage_too() {
    if !wanted() {
        return;
    }
    let text = stage("a", "sh \"echo kept > /r.txt; exit 3\"\n    artifact \"/r.txt\" to=\"out/\"");
    let checkout = Checkout::with(&text);
    checkout.run(&[], 1).says(&["exit code 3"]);
    let kept = std::fs::read_to_string(checkout.directory.path().join("out/r.txt")).expect("it was collected");
    assert_eq!(kept, "kept\n");
}

#[test]
fn a_secret_must_not_be_shown() {
    if !wanted() {
        return;
    }
    let text = "secret token default=s3cr3t-canary\n".to_owned()
        + &stage("a", "env { TOKEN (secret)token }\n    sh \"echo token=$TOKEN\"");
    let told = Checkout::with(&text).run(&[], 0);
    assert!(!told.out.contains("s3cr3t-canary"), "{}", told.out);
    told.says(&["a | token="]);
}

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

#[test]
fn an_environment_must_stay_up_until_it_is_taken_down() {
    if !wanted() {
        return;
    }
    let text = "service web {\n    image \"busybox:1.35\"\n    sh \"echo serving; mkdir /w; echo hi > /w/index.html; exec httpd -f -p 8000 -h /w\"\n    port 8000\n    healthcheck http=\"/\" port=8000\n    stop grace=\"1s\"\n}\n";
    let checkout = Checkout::with(text);
    let up = checkout.pipe(&["up"]);
    assert_eq!(up.code, 0, "{}\n{}", up.out, up.err);
    let address = checkout.pipe(&["port", "web", "8000"]);
    assert_eq!(address.code, 0, "{}", address.err);
    std::net::TcpStream::connect(address.out.trim()).expect("the port answers");
    up.says(&[&format!("http://{}", address.out.trim())]);
    assert!(checkout.pipe(&["ps"]).out.contains("running"));
    assert!(checkout.pipe(&["logs", "web"]).out.contains("serving"));
    let down = checkout.pipe(&["down"]);
    assert_eq!(down.code, 0, "{}", down.out);
    assert_eq!(checkout.held(), Vec::<String>::new());
    assert_eq!(checkout.pipe(&["ps"]).out.lines().count(), 1, "the head of the table alone");
}

/// Sends a signal once the run has said `word`, and answers how it ended.
fn interrupted(checkout: &Checkout, word: &str, signal: rustix::process::Signal) -> Told {
    use std::io::{BufRead, BufReader};
    let mut child = checkout.command(&["run"]).spawn().expect("the binary of this package can be run");
    let pid = rustix::process::Pid::from_child(&child);
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let mut out = String::new();
    let mut sent = false;
    for line in lines.by_ref() {
        let line = line.expect("its output is text");
        out.push_str(&line);
        out.push('\n');
        if !sent && line.contains(word) {
            rustix::process::kill_process(pid, signal).expect("it runs");
            sent = true;
        }
    }
    assert!(sent, "it never said “{word}”:\n{out}");
    let output = child.wait_with_output().expect("it ends");
    Told { out, ..Told::of(output) }
}

#[test]
fn an_interrupt_must_take_everything_back() {
    if !wanted() {
        return;
    }
    let service = "service db {\n    image \"busybox:1.35\"\n    sh \"echo up; exec sleep 600\"\n    init\n    healthcheck \"exit 1\" retries=100\n}\n";
    let waits = service.to_owned() + &stage("a", "needs db\n    command echo never");
    let works = stage("a", "sh \"echo working; sleep 600\"");
    for (text, word) in [(waits.as_str(), "db | up"), (works.as_str(), "a | working")] {
        for (signal, code) in [
            (rustix::process::Signal::INT, 130),
            (rustix::process::Signal::TERM, 143),
            (rustix::process::Signal::HUP, 129),
        ] {
            let checkout = Checkout::with(text);
            let told = interrupted(&checkout, word, signal);
            assert_eq!(told.code, code, "{}\n{}", told.out, told.err);
            assert_eq!(checkout.held(), Vec::<String>::new(), "{}", told.out);
            told.says(&["interrupted by signal", ", left 0"]);
        }
    }
}

#[test]
fn a_push_must_publish_what_was_accepted() {
    if !wanted() {
        return;
    }
    let Ok(registry) = std::env::var("PIPE_TEST_REGISTRY") else { return };
    let tag = format!("{registry}/pipe-scenario/web:1");
    let text = format!(
        "image web {{\n    build .\n    tag \"{tag}\"\n}}\nstage a {{\n    image web\n    command cat \"/hello\"\n}}\n"
    );
    let checkout = Checkout::with(&text);
    std::fs::write(checkout.directory.path().join("Dockerfile"), "FROM busybox:1.35\nRUN echo hello > /hello\n")
        .expect("a file");
    let told = checkout.pipe(&["push"]);
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    told.says(&["pushed in"]);
    // What was published can be had again once the engine has forgotten it.
    let pulled = Checkout::with(&format!(
        "image web {{ pull \"{tag}\" policy=always }}\nstage a {{\n    image web\n    command cat \"/hello\"\n}}\n"
    ));
    pulled.run(&[], 0).says(&["a | hello"]);
    docker(&["image", "rm", "--force", &tag]);
}

#[test]
fn the_main_example_must_run_to_green_and_build_only_what_is_wanted() {
    if !wanted() {
        return;
    }
    let main = Checkout::of("todobackend", "pipeline.kdl");
    let unit = main.run(&["unit", "--set", "app-version=test"], 0);
    unit.says(&["tests passed"]);
    assert!(!unit.out.contains("release"), "the release image is not wanted by the unit tests:\n{}", unit.out);
    let all = main.run(&["--set", "app-version=test"], 0);
    all.says(&["the root answers", "an item can be created", "healthy after"]);
}
