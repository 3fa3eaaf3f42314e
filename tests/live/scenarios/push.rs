//! What is published.

use super::harness::Checkout;
use crate::daemon::{docker, wanted};

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
    checkout.write("Dockerfile", "FROM busybox:1.35\nRUN echo hello > /hello\n");
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
