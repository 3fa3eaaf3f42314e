//! The release part of todobackend with its images built: from nothing to accepted, and back to nothing.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::contest::{Contest, Goal, Took, Turn, take_turns};
use crate::{compose, daemon, pipe, raw};

/// Names for the images that pipe builds, by which the raw calls find them.
const RELEASE: &str = "pipe-bench-release:latest";
const ACCEPTANCE: &str = "pipe-bench-acceptance:latest";

pub fn contest(rounds: usize) -> Contest {
    raw::sweep();
    let directory = example();
    let with_compose = compose::is_here();
    let mut turns: Vec<(&str, Turn<'_>)> =
        vec![("pipe", Box::new(|| pipe::run_tests(&directory, &["run"]))), ("raw API", Box::new(by_hand))];
    if with_compose {
        turns.push(("compose", Box::new(compose::release)));
    }
    let contest = Contest {
        name: "release",
        task: "todobackend's database, migrations, static files, application and bats tests (pipe: its own HTTP tests \
               too), images built beforehand",
        contestants: take_turns(rounds, turns),
        goal: if with_compose { Goal::Times(0.7, "compose") } else { Goal::Times(1.4, "raw API") },
    };
    for image in [RELEASE, ACCEPTANCE] {
        daemon::call("DELETE", &format!("/images/{image}?noprune=true"), None);
    }
    contest
}

/// The example without its unit tests, which need another image; its images get names.
fn example() -> PathBuf {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/examples/todobackend");
    let text = std::fs::read_to_string(from.join("pipeline.kdl")).expect("the example");
    let text = replaced(&text, "    needs unit\n", "");
    let text = replaced(&text, "param registry env=REGISTRY default=\"127.0.0.1:5000\"\n", "");
    let text = replaced(
        &text,
        "image acceptance { build . target=acceptance }",
        &format!("image acceptance {{\n    build . target=acceptance\n    tag \"{ACCEPTANCE}\"\n}}"),
    );
    let text =
        replaced(&text, "    tag \"{{registry}}/todobackend:{{app-version}}\"", &format!("    tag \"{RELEASE}\""));
    let to = pipe::pipeline("release", &text);
    copy(&from, &to);
    to
}

fn replaced(text: &str, old: &str, new: &str) -> String {
    assert!(text.contains(old), "the example has no `{old}` any more");
    text.replace(old, new)
}

/// Copies what is not there yet, but for what the example's own runs leave.
fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a directory").map(|entry| entry.expect("an entry").path()) {
        let target = to.join(entry.file_name().expect("a name"));
        if entry.is_dir() && !entry.ends_with("reports") {
            std::fs::create_dir_all(&target).expect("the target directory is ours");
            copy(&entry, &target);
        } else if entry.is_file() && !target.exists() {
            std::fs::copy(&entry, &target).expect("the target directory is ours");
        }
    }
}

/// The perfect order by hand: static files while the database comes up, a look every 100 ms, everything removed by force.
fn by_hand() -> Took {
    let began = Instant::now();
    let ground = raw::Ground::new("release");
    let volume = json!({ "Name": "pipe-bench-public", "Labels": { "dev.pipe.bench": "floor" } });
    daemon::call("POST", "/volumes/create", Some(&volume));
    std::thread::scope(|scope| {
        let collected = scope.spawn(|| {
            let spec = json!({
                "Image": RELEASE,
                "Cmd": ["python3", "manage.py", "collectstatic", "--no-input"],
                "HostConfig": { "Init": true, "Binds": ["pipe-bench-public:/public"] },
            });
            raw::run(&ground.create("collectstatic", spec));
        });
        let database = ground.create(
            "db",
            json!({
                "Image": "mariadb:10.11",
                "Env": [
                    "MARIADB_DATABASE=todobackend", "MARIADB_USER=todo", "MARIADB_PASSWORD=password",
                    "MARIADB_RANDOM_ROOT_PASSWORD=yes",
                ],
                "HostConfig": { "Tmpfs": { "/var/lib/mysql": "" } },
            }),
        );
        raw::start(&database);
        let migrate =
            django(&ground, "migrate", &["python3", "manage.py", "migrate", "--no-input"], json!({ "Init": true }));
        let uwsgi = [
            "uwsgi",
            "--http=0.0.0.0:8000",
            "--module=todobackend.wsgi",
            "--static-map=/static=/public/static",
            "--master",
            "--die-on-term",
        ];
        let app = django(&ground, "app", &uwsgi, json!({ "Binds": ["pipe-bench-public:/public"] }));
        let spec = json!({ "Image": ACCEPTANCE, "Env": ["APP_URL=http://app:8000"], "HostConfig": { "Init": true } });
        let bats = ground.create("bats", spec);
        let look = "mariadb-show -h 127.0.0.1 -u $MARIADB_USER -p$MARIADB_PASSWORD";
        while !raw::exec(&database, &["/bin/sh", "-c", look]) {
            std::thread::sleep(Duration::from_millis(100));
        }
        raw::run(&migrate);
        collected.join().expect("static files");
        raw::start(&app);
        let address = ground.address(&app);
        while !answers(&address) {
            std::thread::sleep(Duration::from_millis(25));
        }
        raw::run(&bats);
    });
    let aim = began.elapsed();
    drop(ground);
    Took { aim, whole: began.elapsed() }
}

fn django(ground: &raw::Ground, name: &str, command: &[&str], host: serde_json::Value) -> String {
    let env = [
        "DJANGO_SETTINGS_MODULE=todobackend.settings_release",
        "MYSQL_HOST=db",
        "MYSQL_DATABASE=todobackend",
        "MYSQL_USER=todo",
        "MYSQL_PASSWORD=password",
    ];
    ground.create(name, json!({ "Image": RELEASE, "Cmd": command, "Env": env, "HostConfig": host }))
}

fn answers(address: &str) -> bool {
    let Ok(mut stream) = TcpStream::connect((address, 8000)) else { return false };
    let asked = stream.write_all(b"GET /todos HTTP/1.0\r\nHost: localhost\r\n\r\n");
    let mut line = String::new();
    asked.is_ok() && BufReader::new(stream).read_line(&mut line).is_ok() && line.contains(" 200")
}
