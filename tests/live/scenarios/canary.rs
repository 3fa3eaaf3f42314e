//! A secret that is looked for wherever a run leaves anything, while its stages do all they can to have it seen.

use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

use super::harness::{Checkout, Told, unique};
use crate::daemon::{docker, wanted};

/// Two secrets and all that may be seen of them.
#[derive(Clone)]
struct Canary {
    value: String,
    key: String,
    forms: Arc<Vec<Vec<u8>>>,
}

impl Canary {
    fn new() -> Self {
        let value = format!("{}/w<&>+\"é z", unique("tweet"));
        let key = format!(
            "-----BEGIN KEY-----\n{}\n{}\n-----END KEY-----\n",
            unique("feather"),
            "0123456789abcdef/".repeat(9)
        );
        let mut forms: Vec<String> = vec![value.clone(), json(&value), value.replace('<', "\\u003c")];
        forms.push(url(&value));
        forms.push(url(&value).to_lowercase());
        forms.extend(key.lines().filter(|line| !line.starts_with('-')).map(str::to_owned));
        for secret in [&value, &key] {
            // Whatever stands around it, this much of its base64 is the same.
            for around in ["", "u", "u:"] {
                let encoded = STANDARD_NO_PAD.encode(format!("{around}{secret}"));
                forms.push(encoded[4..encoded.len() - 4].chars().take(60).collect());
            }
        }
        forms.push(STANDARD.encode(&key)[76..152].to_owned());
        Canary { value, key, forms: Arc::new(forms.into_iter().map(String::into_bytes).collect()) }
    }

    /// What of it is in these bytes.
    fn seen_in(&self, bytes: &[u8]) -> Option<String> {
        let seen = self.forms.iter().find(|form| bytes.windows(form.len()).any(|window| window == form.as_slice()));
        seen.map(|form| String::from_utf8_lossy(form).into_owned())
    }

    #[track_caller]
    fn hidden(&self, place: &str, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        if let Some(form) = self.seen_in(bytes) {
            panic!("“{form}” is seen in {place}:\n{}", String::from_utf8_lossy(bytes));
        }
    }

    /// Looks at every file below a directory, and at the names.
    #[track_caller]
    fn hidden_below(&self, place: &str, directory: &Path) -> usize {
        let mut files = 0;
        let mut left = vec![directory.to_owned()];
        while let Some(path) = left.pop() {
            self.hidden(place, path.as_os_str().as_encoded_bytes());
            if path.is_dir() {
                left.extend(std::fs::read_dir(&path).expect("it can be read").map(|entry| entry.expect("one").path()));
            } else {
                self.hidden(&format!("{place} ({})", path.display()), std::fs::read(&path).expect("it can be read"));
                files += 1;
            }
        }
        files
    }

    fn pipe(&self, checkout: &Checkout, arguments: &[&str]) -> Told {
        let mut command = checkout.command(arguments);
        let place = checkout.directory.path();
        command.env("CANARY", &self.value).env("CANARY_KEY", &self.key).env("XDG_STATE_HOME", place.join("state"));
        command.env("TMPDIR", place.join("tmp"));
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the binary of this package can be run");
        let watch = Watch::begin(self.clone());
        let mut out = child.stdout.take().expect("it is piped");
        let mut told = Vec::new();
        out.read_to_end(&mut told).expect("it can be read");
        let mut output = child.wait_with_output().expect("it ends");
        output.stdout = told;
        let seen = watch.end();
        assert_eq!(seen, None, "seen among the arguments of a process");
        self.hidden(&format!("standard output of {arguments:?}"), &output.stdout);
        self.hidden(&format!("standard error of {arguments:?}"), &output.stderr);
        Told::of(output)
    }
}

fn json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

fn url(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    text.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Looks at the arguments of every process of the machine, those in containers included, over and over.
struct Watch {
    over: Arc<AtomicBool>,
    looks: Arc<AtomicUsize>,
    thread: std::thread::JoinHandle<Option<String>>,
}

impl Watch {
    fn begin(canary: Canary) -> Self {
        let (over, looks) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
        let (is_over, looked) = (over.clone(), looks.clone());
        let thread = std::thread::spawn(move || {
            while !is_over.load(Ordering::Relaxed) {
                for process in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
                    let Ok(arguments) = std::fs::read(process.path().join("cmdline")) else { continue };
                    looked.fetch_add(1, Ordering::Relaxed);
                    if canary.seen_in(&arguments).is_some() {
                        return Some(String::from_utf8_lossy(&arguments).replace('\0', " "));
                    }
                }
                // Others work here too.
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
            None
        });
        Watch { over, looks, thread }
    }

    fn end(self) -> Option<String> {
        self.over.store(true, Ordering::Relaxed);
        let seen = self.thread.join().expect("it does not panic");
        assert!(self.looks.load(Ordering::Relaxed) > 0, "processes are looked at");
        seen
    }
}

const DOCKERFILE: &str = r#"
FROM busybox:1.35
RUN --mount=type=secret,id=canary echo "built with $(cat /run/secrets/canary)"; sha256sum /run/secrets/canary > /sum
"#;

fn text() -> String {
    let show = r##"
        printf 'plain %s\n' "$TOKEN"
        printf 'error %s\n' "$TOKEN" >&2
        printf 'key %s\n' "$KEY"
        printf %s "$TOKEN" | base64
        printf %s "$KEY" | base64
        printf 'user:%s@host' "$TOKEN" | base64
        printf %s "$TOKEN" | head -c 7; sleep 0.3; printf %s "$TOKEN" | tail -c +8; echo
        printf %s "$KEY" | head -c 40; sleep 0.3; printf %s "$KEY" | tail -c +41; echo
        head -c 8180 /dev/zero | tr '\0' x; printf '%s at the cut\n' "$TOKEN"
        printf 'bar %s\rover it\n' "$TOKEN"
        printf '<testsuite><testcase name="of %s"><failure>%s</failure></testcase></testsuite>' "$KEY" "$KEY" > /report.xml
        printf 'without an end %s' "$TOKEN"
        exit 3
    "##;
    format!(
        r##"
pipeline {}
secret canary env=CANARY
secret key env=CANARY_KEY
image app {{ build . {{ secret canary }} }}
service web {{
    image app
    env {{ TOKEN (secret)canary }}
    sh #"mkdir /w; printf %s "$TOKEN" > /w/index.html; httpd -p 8000 -h /w; echo "web knows $TOKEN"; exec sleep 600"#
    port 8000
    healthcheck log="web knows"
}}
stage open {{
    image "busybox:1.35"
    env {{ TOKEN (secret)canary; KEY (secret)key }}
    sh #"""{show}"""#
    artifact "/report.xml" to="out/report.xml" report=junit
}}
stage closed {{
    image "busybox:1.35"
    secret canary
    secret key at="/keys/key"
    sh "cat /run/secrets/canary /keys/key"
}}
acceptance shown {{
    target web port=8000
    test "t" {{ http GET "/" {{ expect body equals=nothing }} }}
}}
"##,
        unique("canary")
    )
}

/// All that a run writes about itself.
const REPORTS: [&str; 7] = [
    "junit=all.xml",
    "tap=all.tap",
    "json=all.json",
    "html=all.html",
    "markdown=all.md",
    "gitlab=all.quality.json",
    "trace=all.trace.json",
];

#[test]
fn a_canary_must_be_seen_nowhere() {
    if !wanted() {
        return;
    }
    let canary = Canary::new();
    let checkout = Checkout::with(&text());
    // A step that nobody has built before.
    checkout.write("Dockerfile", &DOCKERFILE.replace("/sum", &format!("/sum-{}", unique("of")))).write("tmp/.keep", "");
    let mut kept = None;
    for progress in ["plain", "json", "quiet"] {
        let keep: &[&str] = if progress == "plain" { &["--keep"] } else { &[] };
        let reports = REPORTS.map(|report| ["--report", report]);
        let arguments = [&["run", "--keep-going", "--progress", progress], reports.as_flattened(), keep].concat();
        let told = canary.pipe(&checkout, &arguments);
        assert_eq!(told.code, 1, "{}\n{}", told.out, told.err);
        // It was there to be seen.
        told.says(&["plain ***", "error ***", "without an end ***"]);
        assert!(checkout.read("out/report.xml").contains("BEGIN KEY"), "the artifact is the author's own");
        for report in REPORTS {
            let (_, file) = report.split_once('=').expect("it names a file");
            let text = checkout.read(file);
            canary.hidden(report, &text);
            // The last two tell nothing of what was written or sent.
            assert!(
                text.contains("***") || ["gitlab=", "trace="].iter().any(|quiet| report.starts_with(quiet)),
                "{text}"
            );
        }
        if progress == "plain" {
            told.says(&["built with ***", "web knows ***", "x*** at the c… +2 bytes", "over it"]);
            kept = Some(told);
        }
    }
    let kept = kept.expect("one is kept");
    let run = kept.run_id();
    assert!(canary.hidden_below("the runs' directories", &checkout.directory.path().join("state")) >= 3 * 5);
    canary.hidden_below("the directory for temporary files", &checkout.directory.path().join("tmp"));
    let log = std::fs::read(checkout.directory.path().join(format!("state/pipe/runs/{run}/logs/open.stdout")));
    let log = String::from_utf8(log.expect("it is kept")).expect("it is text");
    assert!(log.contains("plain ***\n") && log.contains("bar ***\rover it\n"), "{log}");
    for arguments in [&["plan"][..], &["check"], &["logs"], &["ps"], &["clean", "--dry-run"]] {
        canary.pipe(&checkout, arguments);
    }

    // The engine knows what it was told: values where the author wants a variable, and nothing else.
    let filter = format!("label=dev.pipe.run={run}");
    for container in docker(&["ps", "--all", "--quiet", "--no-trunc", "--filter", &filter]).lines() {
        let node = docker(&["inspect", "--format", "{{index .Config.Labels \"dev.pipe.node\"}}", container]);
        let mut inspected: serde_json::Value = serde_json::from_str(&docker(&["inspect", container])).expect("JSON");
        if node != "closed" {
            let variables = inspected[0]["Config"]["Env"].take().to_string();
            assert!(canary.seen_in(variables.as_bytes()).is_some(), "{node} asks for it");
        }
        canary.hidden(&format!("what the engine says of {node}"), inspected.to_string());
    }
    canary.hidden("networks", docker(&["network", "inspect", &docker(&["network", "ls", "-q", "--filter", &filter])]));
    // What others build meanwhile is none of this test's, and may be gone between two questions.
    let image = kept.inspect("web", "{{.Image}}");
    canary.hidden("the image", docker(&["image", "inspect", &image]));
    canary.hidden("the image's history", docker(&["history", "--no-trunc", &image]));
    canary.pipe(&checkout, &["clean"]);
}

#[test]
fn a_secret_that_stands_in_the_file_must_not_be_drawn_with_it() {
    if !wanted() {
        return;
    }
    let text = "secret token default=\"s3cr3t-canary\"\nstage a {\n    image \"busybox:1.35\"\n    sh \"exit 3\" // s3cr3t-canary\n}\n";
    let told = Checkout::with(text).run(&[], 1);
    assert!(!told.out.contains("s3cr3t-canary"), "{}", told.out);
    told.says(&["secret token default=\"*************\""]);
}
