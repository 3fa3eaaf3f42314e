//! What builds of one session have in common.

use std::sync::Arc;

use pipe::engine::BuildRequest;

use super::site::{Site, run};
use crate::daemon::wanted;

#[tokio::test]
async fn a_stage_that_two_builds_need_runs_once() {
    if !wanted() {
        return;
    }
    let site = Site::new(
        "FROM busybox:1.35 AS base\nARG WORD\nCOPY . /all\nRUN echo $WORD; sleep 2; cat /proc/sys/kernel/random/uuid > /uuid\nFROM base AS test\nRUN cp /uuid /test\nFROM base AS release\nRUN cp /uuid /release\n",
    );
    let target = |name: &str| BuildRequest { target: Some(name.into()), ..site.request() };
    let (test, release) = tokio::join!(site.build(target("test")), site.build(target("release")));
    let uuid = run(&test.image(), "cat /test");
    assert_eq!(uuid.len(), 36);
    assert_eq!(run(&release.image(), "cat /release"), uuid);
}

#[tokio::test]
async fn a_change_between_two_builds_of_a_run_is_seen() {
    if !wanted() {
        return;
    }
    let site = Site::new("FROM busybox:1.35\nARG WORD\nCOPY file /file\n");
    for text in ["one", "three"] {
        site.write("file", text);
        assert_eq!(site.shell(site.request(), "cat /file").await, text);
    }
    site.write("Dockerfile", "FROM busybox:1.35\nARG WORD\nCOPY file /other\n");
    assert_eq!(site.shell(site.request(), "cat /other").await, "three");
}

#[tokio::test]
async fn several_contexts_are_built_at_once() {
    if !wanted() {
        return;
    }
    let site = Arc::new(Site::new("FROM scratch\n"));
    let mut builds = Vec::new();
    for name in ["one", "two", "three", "four"] {
        site.write(
            &format!("{name}/Dockerfile"),
            "FROM busybox:1.35\nARG WORD\nCOPY . /all\nRUN cat /all/file > /copy\n",
        );
        site.write(&format!("{name}/file"), name);
        let site = Arc::clone(&site);
        builds.push(tokio::spawn(async move {
            let request = BuildRequest {
                context: site.path(name),
                dockerfile: site.path(&format!("{name}/Dockerfile")),
                ..site.request()
            };
            (name, site.build(request).await.image())
        }));
    }
    for build in builds {
        let (name, image) = build.await.expect("a build");
        assert_eq!(run(&image, "cat /copy"), name);
    }
}
