use std::time::Duration;

use super::gate::Late;
use crate::kill::blow::Blow;

/// A moment of a run's life.
pub struct Phase {
    /// What goes on.
    pub name: &'static str,
    /// The pipeline, without its name. `REGISTRY` stands for a registry that never answers.
    pub text: &'static str,
    /// When the moment is there.
    pub comes: Comes,
    /// The answers that are late in it.
    pub late: Option<Late>,
    /// What the run has to wait for before it can end: an answer that is late, a service that is asked to end.
    pub grace: Duration,
    /// All that was wanted has passed already.
    pub passed: bool,
}

/// What tells that the moment is there.
#[derive(Debug, Clone, Copy)]
pub enum Comes {
    /// The text has been read so far, and its end is awaited.
    Reading,
    /// The registry was asked.
    Pull,
    /// A line that the run says.
    Line(&'static str),
    /// A call was made whose answer is late.
    Call,
    /// A container has exited, and its output is not all there.
    Exit,
}

impl Phase {
    /// The code that a run ends with that is struck in this moment.
    pub fn code(&self, blow: Blow) -> i32 {
        if self.passed && blow != Blow::Kill { 0 } else { blow.code() }
    }

    /// The twelve moments, in the order of a run.
    pub fn all() -> Vec<Phase> {
        let second = Duration::from_secs(1);
        let late = |method, path| Some(Late { method, path, by: second, after_head: false });
        let plain = |name, text, comes| Phase { name, text, comes, late: None, grace: Duration::ZERO, passed: false };
        let held = |name, text, late| Phase { late, grace: second, ..plain(name, text, Comes::Call) };
        vec![
            plain("parse", STAGE, Comes::Reading),
            plain("pull", "stage a {\n    image \"REGISTRY/slow:1\"\n}\n", Comes::Pull),
            plain("build", BUILD, Comes::Line("RUN sleep 601")),
            held("create", STAGE, late("POST", "/containers/create")),
            held("start", STAGE, late("POST", "/start")),
            plain("health wait", WAITS, Comes::Line("db | up")),
            plain("stage running", STAGE, Comes::Line("a | working")),
            held("exec probe", PROBES, late("POST", "/exec/")),
            Phase {
                comes: Comes::Exit,
                late: Some(Late { method: "POST", path: "/attach", by: 20 * second, after_head: true }),
                ..plain("log drain", "stage a {\n    image \"busybox:1.35\"\n    sh \"seq 1 100\"\n}\n", Comes::Exit)
            },
            held("artifact copy", COPIES, late("GET", "/archive?path=")),
            plain("acceptance", TESTS, Comes::Line("web | asked")),
            Phase { grace: 2 * second, passed: true, ..plain("tear-down", ENDS, Comes::Line("web | ending")) },
        ]
    }
}

const STAGE: &str = r#"
volume data
stage a {
    image "busybox:1.35"
    mount data "/data"
    sh "echo working; sleep 600"
}
"#;

const BUILD: &str = r#"
image app {
    build . {
        inline "FROM busybox:1.35\nRUN sleep 601\n"
    }
}
stage a {
    image app
}
"#;

const WAITS: &str = r#"
service db {
    image "busybox:1.35"
    sh "echo up; exec sleep 600"
    init
    healthcheck "exit 1" retries=100
}
stage a {
    image "busybox:1.35"
    needs db
    command echo never
}
"#;

const PROBES: &str = r#"
service db {
    image "busybox:1.35"
    sh "echo up; exec sleep 600"
    init
    healthcheck "sleep 300" timeout="5m"
}
stage a {
    image "busybox:1.35"
    needs db
    command echo never
}
"#;

const COPIES: &str = r#"
stage a {
    image "busybox:1.35"
    sh "mkdir /out; seq 1 1000 > /out/numbers"
    artifact "/out" to="out"
}
"#;

const TESTS: &str = r##"
service web {
    image "busybox:1.35"
    sh #"mkdir -p /w/cgi-bin; printf '#!/bin/sh\necho asked >&2\nsleep 600\n' > /w/cgi-bin/slow; chmod +x /w/cgi-bin/slow; exec httpd -f -p 8000 -h /w"#
    port 8000
    healthcheck tcp=8000
}
acceptance a {
    target web port=8000
    test "it is slow" { http GET "/cgi-bin/slow" timeout="10m" { expect status 200 } }
}
"##;

const ENDS: &str = r#"
service web {
    image "busybox:1.35"
    sh "trap 'echo ending; sleep 2; exit 0' TERM; while true; do sleep 0.1; done"
    healthcheck none
    stop grace="20s"
}
stage a {
    image "busybox:1.35"
    needs web
    command echo done
}
"#;
