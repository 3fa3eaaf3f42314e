//! What is published.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::harness::{Checkout, Told};
use crate::daemon::{docker, forget, wanted};

/// A registry of `tests/setup.sh`; a test that finds none says so and is over.
fn setting(name: &str) -> Option<String> {
    let value = std::env::var(name).ok().filter(|_| wanted());
    if value.is_none() {
        eprintln!("skipped: {name} is not set; tests/run.sh sets a registry up and sets it");
    }
    value
}

/// A tag that no other test and no other run of this one has.
fn tag(registry: &str, test: &str) -> String {
    format!("{registry}/pipe-scenario-{}/{test}:1", crate::daemon::process())
}

/// An image with a tag, and a stage that runs it and says its id.
fn site(tag: &str, command: &str) -> Checkout {
    let text = format!(
        "image web {{\n    build .\n    tag \"{tag}\"\n}}\nstage a {{\n    image web\n    sh \"echo id {{{{web.digest}}}}; {command}\"\n}}\n"
    );
    let checkout = Checkout::with(&text);
    checkout.write("Dockerfile", &format!("FROM busybox:1.35\nRUN echo '{tag}' > /hello\n"));
    checkout
}

/// The id of what a registry has under a tag, once the engine has forgotten its own; `None` where it has nothing.
fn published(tag: &str) -> Option<String> {
    forget(tag);
    let pull = std::process::Command::new("docker").args(["pull", tag]).output().expect("docker's own command line");
    let id = pull.status.success().then(|| docker(&["image", "inspect", "--format", "{{.Id}}", tag]));
    forget(tag);
    id
}

fn accepted_id(told: &Told) -> String {
    let line = told.out.lines().find_map(|line| line.split("| id ").nth(1)).expect("the stage said the image's id");
    line.to_owned()
}

#[test]
fn a_push_must_publish_the_very_image_that_was_accepted() {
    let Some(registry) = setting("PIPE_TEST_REGISTRY") else { return };
    let tag = tag(&registry, "accepted");
    let told = site(&tag, "cat /hello").pipe(&["push"]);
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    told.says(&["pushed in", ", left 0"]);
    assert_eq!(published(&tag), Some(accepted_id(&told)));
}

#[test]
fn a_push_must_not_publish_what_failed() {
    let Some(registry) = setting("PIPE_TEST_REGISTRY") else { return };
    let tag = tag(&registry, "failed");
    let told = site(&tag, "exit 3").pipe(&["push"]);
    assert_eq!(told.code, 1, "{}\n{}", told.out, told.err);
    assert!(!told.out.contains("push"), "{}", told.out);
    assert_eq!(published(&tag), None);
}

#[test]
fn a_push_must_not_publish_what_nothing_in_its_run_accepts() {
    let Some(registry) = setting("PIPE_TEST_REGISTRY") else { return };
    let tag = tag(&registry, "unseen");
    let text = format!(
        "image web {{\n    build .\n    tag \"{tag}\"\n}}\nstage a {{\n    image \"busybox:1.35\"\n    command echo fine\n}}\n"
    );
    let checkout = Checkout::with(&text);
    checkout.write("Dockerfile", "FROM busybox:1.35\n");
    let told = checkout.pipe(&["push"]);
    assert_eq!(told.code, 2, "{}", told.out);
    assert!(told.err.contains("error[not-accepted]: nothing in this run runs `web`"), "{}", told.err);
    assert_eq!(told.out, "", "nothing was begun");
}

#[test]
fn an_image_without_a_tag_must_be_an_error_and_not_skipped() {
    if !wanted() {
        return;
    }
    let text = "image web { build . }\nstage a {\n    image web\n    command \"true\"\n}\n";
    let checkout = Checkout::with(text);
    checkout.write("Dockerfile", "FROM busybox:1.35\n");
    for arguments in [&["push"][..], &["push", "web"]] {
        let told = checkout.pipe(arguments);
        assert_eq!(told.code, 2, "{}", told.out);
        assert!(told.err.contains("error[nothing-to-push]") && told.err.contains("tag \""), "{}", told.err);
    }
}

#[test]
fn a_registry_with_a_password_must_be_asked_with_the_users_login() {
    let (Some(registry), Some(user), Some(password)) = (
        setting("PIPE_TEST_REGISTRY_AUTH"),
        setting("PIPE_TEST_REGISTRY_USER"),
        setting("PIPE_TEST_REGISTRY_PASSWORD"),
    ) else {
        return;
    };
    let tag = tag(&registry, "login");
    let checkout = site(&tag, "cat /hello");
    let push = |login: Option<&str>| {
        let auths = login.map_or(
            serde_json::json!({}),
            |login| serde_json::json!({ registry.as_str(): { "auth": STANDARD.encode(login) } }),
        );
        checkout.write("docker/config.json", &serde_json::json!({ "auths": auths }).to_string());
        let mut push = checkout.command(&["push"]);
        push.env("DOCKER_CONFIG", checkout.directory.path().join("docker"));
        Told::of(push.output().expect("the binary of this package can be run"))
    };

    for wrong in [None, Some("pipe:wrong-password")] {
        let told = push(wrong);
        assert_eq!(told.code, 1, "{}\n{}", told.out, told.err);
        told.says(&["error[push-failed]", &tag, &format!("docker login {registry}"), ", left 0"]);
        assert!(!told.out.contains("wrong-password"), "{}", told.out);
    }
    let told = push(Some(&format!("{user}:{password}")));
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    told.says(&["pushed in"]);
    assert!(!told.out.contains(&password) && !told.err.contains(&password), "{}\n{}", told.out, told.err);
    forget(&tag);
}
