//! What of a directory reaches the daemon.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;

use pipe::engine::{BuildProgress, BuildRequest};

use super::site::{Site, listing, run};
use crate::daemon::wanted;

const ALL: &str = "FROM busybox:1.35\nARG WORD\nCOPY . /all\n";

#[tokio::test]
async fn files_keep_their_modes_and_links_and_belong_to_root() {
    if !wanted() {
        return;
    }
    let site = Site::new(ALL);
    site.write("bin/tool", "#!/bin/sh\necho tool\n");
    fs::set_permissions(site.path("bin/tool"), Permissions::from_mode(0o4755)).expect("permissions");
    site.write("own", "secret");
    fs::set_permissions(site.path("own"), Permissions::from_mode(0o600)).expect("permissions");
    fs::set_permissions(site.path("bin"), Permissions::from_mode(0o1770)).expect("permissions");
    symlink("bin/tool", site.path("link")).expect("a link");
    symlink("/nowhere", site.path("dangling")).expect("a link");
    let _listener = UnixListener::bind(site.path("socket")).expect("a socket");
    let script = "cd /all; stat -c '%n %a %u %F' bin bin/tool own; readlink link; readlink dangling; ls; bin/tool";
    let seen = site.shell(site.request(), script).await;
    let expected = "bin 1770 0 directory\nbin/tool 4755 0 regular file\nown 600 0 regular file\nbin/tool\n/nowhere\nDockerfile\nbin\ndangling\nlink\nown\ntool";
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn what_dockerignore_names_stays_here() {
    if !wanted() {
        return;
    }
    let site = Site::new(ALL);
    for path in ["keep", "a.log", "logs/b.log", "docs/a", "docs/deep/README.md", "docs/README.md", "x/target/y", "x/z"]
    {
        site.write(path, "x");
    }
    // No newline at the end: the last line counts all the same.
    site.write(".dockerignore", "# a comment\n\n*.log\n/docs\n!docs/README.md\n**/target\nDockerfile\n.dockerignore");
    let seen = site.shell(site.request(), &listing(Path::new("/all"))).await;
    assert_eq!(seen, "./docs\n./docs/README.md\n./keep\n./logs\n./logs/b.log\n./x\n./x/z");
}

#[tokio::test]
async fn only_what_steps_copy_is_sent_links_included() {
    if !wanted() {
        return;
    }
    let site = Site::new("FROM busybox:1.35\nARG WORD\nCOPY link/file /file\nCOPY w*d /\n");
    site.write("real/file", "behind a link");
    site.write("word", "by a wildcard");
    site.write("unreadable/file", "x");
    symlink("real", site.path("link")).expect("a link");
    assert_eq!(site.shell(site.request(), "cat /file /word").await, "behind a linkby a wildcard");
}

#[tokio::test]
async fn a_changed_file_is_sent_alone() {
    if !wanted() {
        return;
    }
    let site = Site::new(ALL);
    site.write("big", &"x".repeat(8 << 20));
    site.write("small", "1");
    let first = site.build(site.request()).await;
    first.image();
    assert!(sent(&first.progress) > 8 << 20, "{}", sent(&first.progress));
    site.write("small", "22");
    // Another builder is another run: what was sent before is still known.
    let again = super::site::build(&super::site::builder(), site.request()).await;
    assert!(sent(&again.progress) < 1 << 20, "{}", sent(&again.progress));
    assert_eq!(run(&again.image(), "cat /all/small; wc -c < /all/big"), "228388608");
}

#[tokio::test]
async fn thousands_of_files_arrive() {
    if !wanted() {
        return;
    }
    let site = Site::new(ALL);
    for number in 0..4000 {
        site.write(&format!("d{}/f{number}", number % 40), &format!("{number}-{}\n", site.word));
    }
    let seen = site.shell(site.request(), "cd /all; find . -type f | wc -l; cat d1/f1").await;
    assert_eq!(seen, format!("4001\n1-{}", site.word));
}

/// Bytes of the context that were sent.
fn sent(progress: &[BuildProgress]) -> u64 {
    let bytes = progress.iter().map(|one| match one {
        BuildProgress::Transfer { id, current, .. } if id == "transferring context:" => *current,
        _ => 0,
    });
    bytes.max().unwrap_or_default()
}

#[tokio::test]
async fn a_context_that_is_not_there_is_named() {
    if !wanted() {
        return;
    }
    let site = Site::new(ALL);
    let none = site.build(BuildRequest { context: site.path("none"), ..site.request() }).await;
    assert!(none.failure().message.contains("is no directory"), "{}", none.error());
    let none = site.build(BuildRequest { dockerfile: site.path("none"), ..site.request() }).await;
    assert!(none.failure().message.contains("there is no Dockerfile at"), "{}", none.error());
}

#[tokio::test]
async fn a_name_that_cannot_be_sent_is_an_error_that_names_it() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    if !wanted() {
        return;
    }
    let site = Site::new(ALL);
    fs::write(site.root.path().join(OsStr::from_bytes(b"bad\xff")), "x").expect("a file");
    let told = site.build(site.request()).await;
    assert!(told.failure().message.contains("is not UTF-8"), "{}", told.error());
    site.write(".dockerignore", "bad*\n");
    site.build(site.request()).await.image();
}

#[tokio::test]
async fn a_pattern_that_cannot_be_read_is_an_error_that_names_it() {
    if !wanted() {
        return;
    }
    let site = Site::new(ALL);
    site.write(".dockerignore", "a[b\n");
    let told = site.build(site.request()).await;
    assert!(told.failure().message.contains("a[b"), "{}", told.error());
}
