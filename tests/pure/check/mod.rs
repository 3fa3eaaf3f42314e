//! `pipe check` as people and machines use it: the binary itself, in a directory of its own.

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod alone;
mod fix;
mod formats;
mod inputs;
mod levels;
mod online;
mod secrets;
mod shellcheck;
#[cfg(unix)]
mod watch;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A pipeline without findings.
pub const CLEAN: &str = "stage a {\n    image \"busybox:1.35\"\n    command echo a\n}\n";
/// One with a warning.
pub const WARNED: &str = "volume data\nstage a {\n    image \"busybox:1.35\"\n    command echo a\n}\n";
/// One with an error that can be mended, and one that cannot.
pub const BROKEN: &str = "stage a {\n    image \"busybox:1.35\"\n    timeout 10s\n    needs nobody\n}\n";

/// A directory with files, in which `pipe` is run.
pub struct Bench {
    directory: TempDir,
    variables: BTreeMap<String, String>,
}

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Bench {
    pub fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let bench = Bench { directory: tempfile::tempdir().expect("a directory"), variables: BTreeMap::new() };
        for (path, text) in files {
            bench.write(path, text.as_bytes());
        }
        bench
    }

    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    pub fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().expect("it is in the directory")).expect("a directory in it");
        std::fs::write(path, bytes).expect("a file in it");
    }

    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path().join(path)).expect("it is there")
    }

    /// `pipe check` with nothing but these variables and `PATH`.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pipe"));
        command
            .arg("check")
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(&self.variables)
            .stdin(Stdio::null());
        command
    }

    pub fn check(&self, arguments: &[&str]) -> Said {
        Said::of(&self.command(arguments).output().expect("the binary of this package can be run"))
    }

    pub fn check_input(&self, arguments: &[&str], input: &str) -> Said {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary of this package can be run");
        child.stdin.take().expect("it is piped").write_all(input.as_bytes()).expect("it reads");
        Said::of(&child.wait_with_output().expect("it ends"))
    }
}

impl Said {
    pub fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("pipe writes UTF-8");
        let said = Said {
            code: output.status.code().expect("it ended by itself"),
            out: text(&output.stdout),
            err: text(&output.stderr),
        };
        assert!(!said.err.contains("panicked"), "{}", said.err);
        said
    }

    /// The lines of standard output.
    pub fn lines(&self) -> Vec<&str> {
        self.out.lines().collect()
    }
}
