//! How a scenario is set up and judged: a checkout of its own, the binary, what it told and what it left.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use crate::daemon::{docker, heeding};

/// A copy of an example, so that each test has a checkout (and an identity) of its own.
pub struct Checkout {
    pub directory: tempfile::TempDir,
    pub file: PathBuf,
}

/// What `pipe` did.
pub struct Told {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Checkout {
    /// Of `specs/examples/EXAMPLE`, with `file` as its pipeline.
    pub fn of(example: &str, file: &str) -> Self {
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
    pub fn with(text: &str) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let file = directory.path().join("pipeline.kdl");
        std::fs::write(&file, text).expect("a file in it");
        Checkout { directory, file }
    }

    /// Writes a file of the checkout, its directories too.
    pub fn write(&self, name: &str, text: &str) -> &Self {
        let path = self.directory.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it is below the checkout")).expect("a directory");
        std::fs::write(path, text).expect("a file in it");
        self
    }

    /// The text of a file of the checkout.
    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.directory.path().join(name)).expect("the file is there")
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = heeding(env!("CARGO_BIN_EXE_pipe"));
        command.arg(arguments[0]).arg(&self.file).args(&arguments[1..]);
        command.current_dir(self.directory.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn pipe(&self, arguments: &[&str]) -> Told {
        Told::of(self.command(arguments).output().expect("the binary of this package can be run"))
    }

    /// What the daemon holds of this checkout; images that were built are its product and stay.
    pub fn held(&self) -> Vec<String> {
        let told =
            Told::of(self.command(&["clean", "--dry-run"]).output().expect("the binary of this package can be run"));
        told.out
            .lines()
            // `would remove container NAME`, and its size where that is known.
            .filter_map(|line| line.strip_prefix("would remove ")?.split("  ").next())
            .filter(|object| ["container ", "network ", "volume "].iter().any(|kind| object.starts_with(kind)))
            .map(str::to_owned)
            .collect()
    }

    /// Runs, and holds the run to what every run must be: it ends with `code`, and leaves nothing.
    #[track_caller]
    pub fn run(&self, arguments: &[&str], code: i32) -> Told {
        let told = self.pipe(&[&["run"], arguments].concat());
        assert_eq!(told.code, code, "{}\n{}", told.out, told.err);
        assert_eq!(self.held(), Vec::<String>::new(), "left behind by:\n{}", told.out);
        told
    }
}

/// What it may have kept goes, and so do the images that it built; the tagged ones by the test that tags them.
impl Drop for Checkout {
    fn drop(&mut self) {
        // A test that fails shall say why it does, and not how tidying up after it did.
        let _ = self.command(&["clean"]).output();
    }
}

impl Told {
    /// The id of the run that it was.
    #[track_caller]
    pub fn run_id(&self) -> &str {
        let id = self.out.split(" > run r").nth(1).and_then(|rest| rest.lines().next()).expect("it tells its run");
        &self.out[self.out.find(&format!("r{id}")).expect("it is in there")..][..id.len() + 1]
    }

    /// What `docker inspect` says of a container that the run keeps.
    #[track_caller]
    pub fn inspect(&self, node: &str, format: &str) -> String {
        let (run, node) = (format!("label=dev.pipe.run={}", self.run_id()), format!("label=dev.pipe.node={node}"));
        let id = docker(&["ps", "--all", "--quiet", "--filter", &run, "--filter", &node]);
        assert!(!id.is_empty() && !id.contains('\n'), "one container of {node} is kept:\n{}", self.out);
        docker(&["inspect", "--format", format, &id])
    }

    /// The lines that a node wrote.
    pub fn lines(&self, node: &str) -> Vec<&str> {
        let line = |line: &'_ str| line.split_once(" | ").is_some_and(|(name, _)| name.trim() == node);
        self.out.lines().filter(|one| line(one)).filter_map(|one| one.split_once(" | ")).map(|(_, text)| text).collect()
    }

    #[track_caller]
    pub fn never_says(&self, words: &[&str]) -> &Self {
        for word in words {
            assert!(!self.out.contains(word), "“{word}” is in:\n{}\n{}", self.out, self.err);
        }
        self
    }

    pub fn of(output: Output) -> Self {
        let told = Told {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        };
        assert!(!told.err.contains("panicked"), "{}", told.err);
        assert!(!told.out.contains('\u{1b}'), "escape codes though there is no terminal:\n{}", told.out);
        told
    }

    /// The events of a run whose progress was told in JSON.
    pub fn events(&self) -> Vec<serde_json::Value> {
        self.out.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
    }

    /// When, in seconds since the run began, the first such event was.
    #[track_caller]
    pub fn at(&self, which: impl Fn(&serde_json::Value) -> bool) -> f64 {
        let events = self.events();
        let found = events.iter().find(|event| which(event));
        found.unwrap_or_else(|| panic!("no such event in:\n{}", self.out))["at"].as_f64().expect("a number")
    }

    /// One finding names its cause by its code, the line of the pipeline, and what mends it.
    #[track_caller]
    pub fn names(&self, code: &str, line: &str, mend: &str) -> &Self {
        let findings = self.out.split("\nerror[").flat_map(|part| part.split("\nwarning[")).skip(1);
        let mut findings = findings.map(|finding| finding.split("\n\n").next().unwrap_or_default());
        let is_it = |finding: &str| {
            let (drawn, told) = finding.split_once("`----").unwrap_or_default();
            // Long helps are wrapped.
            let help = told.split_once("help: ").unwrap_or_default().1.split_whitespace().collect::<Vec<_>>().join(" ");
            drawn.starts_with(&format!("{code}]")) && drawn.contains(line) && help.contains(mend)
        };
        assert!(findings.any(is_it), "no {code} at “{line}” with “{mend}” in:\n{}\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub fn says(&self, words: &[&str]) -> &Self {
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

/// A word that no other test, and no other run of it, uses.
pub fn unique(word: &str) -> String {
    static NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let next = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    format!("{word}-{}-{next}", crate::daemon::process())
}

/// A stage on busybox.
pub fn stage(name: &str, more: &str) -> String {
    format!("stage {name} {{\n    image \"busybox:1.35\"\n    {more}\n}}\n")
}

/// Reads what a child says until `word` comes; answers all of it so far. What it says later is read and dropped.
#[track_caller]
pub fn wait_for_line(child: &mut Child, word: &str) -> String {
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let mut out = String::new();
    while !out.contains(word) {
        let line =
            lines.next().unwrap_or_else(|| panic!("it never said “{word}”:\n{out}")).expect("its output is text");
        out.push_str(&line);
        out.push('\n');
    }
    std::thread::spawn(move || lines.for_each(drop));
    out
}
