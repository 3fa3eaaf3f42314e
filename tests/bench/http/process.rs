//! Contestants that are processes of their own: what they read, and how they are started.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::suite::WORD;
use crate::todos::{TESTS, hurl, pipeline};

/// How many tests run beside each other where they may.
pub const BESIDE: usize = 8;

/// The files of a measurement, in a directory below target.
pub struct Texts {
    port: u16,
    one_by_one: PathBuf,
    beside: PathBuf,
    hurl: PathBuf,
    hurl_parts: Vec<PathBuf>,
}

impl Texts {
    /// Written for a service at `port`.
    pub fn write(port: u16) -> Self {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("http");
        std::fs::create_dir_all(&directory).expect("the target directory is ours");
        let write = |name: &str, text: String| {
            let path = directory.join(name);
            std::fs::write(&path, text).expect("the target directory is ours");
            path
        };
        let part = |part: usize| (1..=TESTS).filter(move |number| number % BESIDE == part);
        Texts {
            port,
            one_by_one: write("one-by-one.kdl", pipeline(1)),
            beside: write("beside.kdl", pipeline(BESIDE)),
            hurl: write("todos.hurl", hurl(port, 1..=TESTS)),
            hurl_parts: (0..BESIDE)
                .map(|number| write(&format!("todos-{number}.hurl"), hurl(port, part(number))))
                .collect(),
        }
    }

    /// Our suite, one test after the other.
    pub fn one_by_one(&self) {
        self.ours(&self.one_by_one);
    }

    /// Our suite, tests beside each other.
    pub fn beside(&self) {
        self.ours(&self.beside);
    }

    fn ours(&self, file: &Path) {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        passes(command.arg(WORD).arg(file).arg(self.port.to_string()));
    }

    /// Hurl with one file, request after request.
    pub fn hurl(&self) {
        passes(Command::new("hurl").args(["--test", "--jobs", "1"]).arg(&self.hurl));
    }

    /// Hurl with files beside each other: that is what it runs in parallel.
    pub fn hurl_beside(&self) {
        passes(Command::new("hurl").args(["--test", "--jobs", &BESIDE.to_string()]).args(&self.hurl_parts));
    }
}

/// The version of Hurl on the path; none where there is none.
pub fn hurl_version() -> Option<String> {
    let said = Command::new("hurl").arg("--version").output().ok()?;
    String::from_utf8_lossy(&said.stdout).split_whitespace().nth(1).map(str::to_owned)
}

fn passes(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().expect("it starts");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
