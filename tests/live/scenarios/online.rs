//! `pipe check --online`: what the engine and its registries say before anything runs.

use std::net::TcpListener;

use super::harness::{Checkout, Told, stage, unique};
use crate::daemon::{docker, wanted};

/// The registry of `tests/setup.sh`; where there is none, that is said.
fn registry() -> Option<String> {
    let registry = std::env::var("PIPE_TEST_REGISTRY").ok();
    if registry.is_none() {
        eprintln!("skipped: PIPE_TEST_REGISTRY is not set");
    }
    registry
}

/// Checks, and holds the check to having made nothing.
#[track_caller]
fn check(checkout: &Checkout, code: i32) -> Told {
    let told = checkout.pipe(&["check", "--online", "--pedantic", "--format", "concise"]);
    assert_eq!(told.code, code, "{}\n{}", told.out, told.err);
    assert_eq!(checkout.held(), Vec::<String>::new());
    told
}

#[test]
fn what_can_run_here_must_be_clean() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::with(&stage("a", "resources cpus=1\n    platform \"linux/amd64\"\n    command echo a"));
    assert_eq!(check(&checkout, 0).out, "");
    let checkout = Checkout::of("todobackend", "pipeline.kdl");
    checkout.pipe(&["check", "--online"]).never_says(&["image-unavailable", "port-taken", "missing-external"]);
}

#[test]
fn an_image_that_nobody_has_must_be_told_where_it_stands() {
    let (true, Some(registry)) = (wanted(), registry()) else { return };
    let missing = format!("{registry}/{}:1", unique("pipe-scenario-missing"));
    let checkout = Checkout::with(&format!(
        "image app {{ build . }}\nstage a {{\n    image \"{missing}\"\n    needs b\n}}\nstage b {{\n    image app\n}}\n"
    ));
    checkout.write("Dockerfile", &format!("FROM busybox:1.35\nFROM {missing}-base\n"));
    let told = check(&checkout, 1);
    told.says(&[
        &format!("pipeline.kdl:3:11: error[image-unavailable]: the image `{missing}` cannot be had"),
        &format!("Dockerfile:2:6: error[image-unavailable]: the image `{missing}-base` cannot be had"),
    ]);
    // What the check says the run says too.
    checkout.run(&[], 1).says(&["image-unavailable"]);
}

#[test]
fn an_image_must_be_told_that_wants_credentials() {
    let (true, Ok(registry)) = (wanted(), std::env::var("PIPE_TEST_REGISTRY_AUTH")) else { return };
    let empty = tempfile::tempdir().expect("a directory");
    let checkout = Checkout::with(&format!("stage a {{\n    image \"{registry}/private:1\"\n}}\n"));
    let mut command = checkout.command(&["check", "--online"]);
    let told = Told::of(command.env("DOCKER_CONFIG", empty.path()).output().expect("pipe can be run"));
    assert_eq!(told.code, 1, "{}\n{}", told.out, told.err);
    told.says(&["image-unavailable", &format!("run `docker login {registry}`")]);
}

#[test]
fn what_a_registry_has_must_be_found_and_its_platforms_compared() {
    let (true, Some(registry)) = (wanted(), registry()) else { return };
    let name = format!("{registry}/{}", unique("pipe-scenario-online"));
    docker(&["tag", "busybox:1.35", &format!("{name}:1")]);
    docker(&["push", "--quiet", &format!("{name}:1")]);
    // The name goes here, and stays there.
    let local = docker(&["image", "inspect", "--format", "{{index .RepoDigests 0}}", &format!("{name}:1")]);
    assert!(!local.is_empty());
    docker(&["rmi", &format!("{name}:1")]);
    let text = |more: &str| format!("stage a {{\n    image \"{name}:1\"\n    command echo a{more}\n}}\n");
    let told = check(&Checkout::with(&text("")), 0);
    told.says(&["advice[unpinned-image]"]);
    let told = check(&Checkout::with(&text("\n    platform \"linux/s390x\"")), 1);
    told.says(&["pipeline.kdl:2:11: error[platform-unavailable]", "for `linux/s390x`"]);
    // What the tag is now can be written down, and is found again.
    let json = Checkout::with(&text("")).pipe(&["check", "--online", "--pedantic", "--format", "json"]).out;
    let found = json.find(&format!("{name}:1@sha256:")).expect("a suggestion");
    let pinned = &json[found..found + name.len() + "1@sha256:".len() + 1 + 64];
    assert_eq!(check(&Checkout::with(&text("").replace(&format!("{name}:1"), pinned)), 0).out, "");
}

#[test]
fn ports_that_somebody_has_must_be_told_and_free_ones_not() {
    if !wanted() {
        return;
    }
    let web = |host: u16| {
        format!(
            "service web {{\n    image \"busybox:1.35\"\n    command httpd \"-f\" \"-p\" \"8000\"\n    \
             port 8000 host={host}\n    healthcheck tcp=8000\n}}\nstage a {{\n    image \"busybox:1.35\"\n    needs web\n    command echo a\n}}\n"
        )
    };
    let holder = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = holder.local_addr().expect("its address").port();
    let checkout = Checkout::with(&web(port));
    check(&checkout, 1).says(&[&format!("error[port-taken]: port {port} of this host is in use")]);
    drop(holder);
    check(&checkout, 0).never_says(&["port-taken"]);
    // What this very file left up gives its place to the next run.
    let up = checkout.pipe(&["up", "web"]);
    assert_eq!(up.code, 0, "{}\n{}", up.out, up.err);
    let told = checkout.pipe(&["check", "--online"]);
    let other = Checkout::with(&web(port));
    let strangers = other.pipe(&["check", "--online"]);
    checkout.pipe(&["clean"]);
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    strangers.says(&["port-taken", "in use by `"]);
}

#[test]
fn what_is_external_must_be_there() {
    if !wanted() {
        return;
    }
    let name = unique("pipe-scenario-external");
    let text = format!(
        "volume data external name={name}\nnetwork shop external name={name}\n\
         stage a {{\n    image \"busybox:1.35\"\n    mount data \"/data\"\n    network shop\n    command echo a\n}}\n"
    );
    let checkout = Checkout::with(&text);
    check(&checkout, 1).says(&[
        &format!("pipeline.kdl:1:8: error[missing-external]: the external volume `{name}` is not on this engine"),
        &format!("pipeline.kdl:2:9: error[missing-external]: the external network `{name}` is not on this engine"),
    ]);
    docker(&["volume", "create", &name]);
    docker(&["network", "create", &name]);
    let told = checkout.pipe(&["check", "--online"]);
    docker(&["volume", "rm", &name]);
    docker(&["network", "rm", &name]);
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
}

#[test]
fn more_processors_than_there_are_must_be_told_as_the_engine_would() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::with(&stage("a", "resources cpus=4096\n    command echo a"));
    check(&checkout, 1).says(&["pipeline.kdl:3:20: error[not-enough-cpus]"]);
    assert_ne!(checkout.pipe(&["run"]).code, 0, "the engine refuses it too");
}

#[test]
fn an_image_without_a_check_must_be_told_where_its_check_was_to_be_used() {
    if !wanted() {
        return;
    }
    let text = "service web {\n    image \"busybox:1.35\"\n    command httpd -f -p \"8000\"\n    healthcheck image\n}\n\
                stage a {\n    image \"busybox:1.35\"\n    needs web\n    command echo a\n}\n";
    check(&Checkout::with(text), 1).says(&["pipeline.kdl:4:5: error[unchecked-image]"]);
}

#[test]
fn nothing_must_be_asked_of_a_broken_file() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::with("stage a {\n    image \"nowhere.invalid/x:1\"\n    needs nobody\n}\n");
    let told = check(&checkout, 1);
    assert!(told.err.contains("the engine was not asked"), "{}", told.err);
    told.never_says(&["image-unavailable"]);
}
