//! What becomes of a request: the image, its names, its labels; arguments, targets, secrets, progress.

use std::collections::HashMap;
use std::path::Path;

use pipe::engine::docker::buildkit::Builder;
use pipe::engine::docker::{Dialer, Environment};
use pipe::engine::{BuildProgress, BuildRequest, BuildSecret};

use super::site::Site;
use crate::daemon::{docker, wanted};

#[tokio::test]
async fn an_image_has_the_id_the_tags_and_the_labels_that_were_asked_for() {
    if !wanted() {
        return;
    }
    let site = Site::new("FROM busybox:1.35\nARG WORD\nENV WORD=$WORD\n");
    let tags = vec![format!("pipe-test-{}:one", site.word), format!("pipe-test-{}:two", site.word)];
    let image = site.build(BuildRequest { tags: tags.clone(), ..site.request() }).await.image();
    assert!(image.starts_with("sha256:"), "{image}");
    for name in tags.iter().chain([&image]) {
        assert_eq!(docker(&["inspect", "--format", "{{.Id}}", name]), image);
    }
    let format = "{{index .Config.Labels \"dev.pipe.test\"}} {{.Config.Env}}";
    let facts = docker(&["inspect", "--format", format, &image]);
    assert!(facts.starts_with(&site.word) && facts.contains(&format!("WORD={}", site.word)), "{facts}");
}

#[tokio::test]
async fn a_target_is_the_end_and_an_argument_is_seen() {
    if !wanted() {
        return;
    }
    let site =
        Site::new("FROM busybox:1.35 AS first\nARG WORD\nRUN echo $WORD > /word\nFROM first AS second\nRUN exit 1\n");
    let first = BuildRequest { target: Some("first".into()), ..site.request() };
    assert_eq!(site.shell(first, "cat /word").await, site.word);
}

#[tokio::test]
async fn a_dockerfile_may_live_elsewhere_or_nowhere() {
    if !wanted() {
        return;
    }
    let site = Site::new("FROM scratch\n");
    site.write("app/file", "from the context");
    site.write("docker/web.Dockerfile", "FROM busybox:1.35\nCOPY file /file\n");
    let elsewhere =
        BuildRequest { context: site.path("app"), dockerfile: site.path("docker/web.Dockerfile"), ..site.request() };
    assert_eq!(site.shell(elsewhere, "cat /file").await, "from the context");
    let inline = BuildRequest {
        context: site.path("app"),
        dockerfile: site.path("none"),
        inline: Some("FROM busybox:1.35\nCOPY . /all\nRUN cp /all/file /copy\n".into()),
        ..site.request()
    };
    assert_eq!(site.shell(inline, "ls /all; cat /copy").await, "file\nfrom the context");
}

#[tokio::test]
async fn a_secret_of_any_bytes_is_seen_and_not_kept() {
    if !wanted() {
        return;
    }
    let site = Site::new(
        "FROM busybox:1.35\nARG WORD\nRUN --mount=type=secret,id=key,required=true wc -c < /run/secrets/key > /size && md5sum /run/secrets/key | cut -d' ' -f1 > /sum\n",
    );
    let value: Vec<u8> = (0..=255).cycle().take(5000).collect();
    let request = BuildRequest { secrets: vec![BuildSecret { id: "key".into(), value }], ..site.request() };
    let seen = site.shell(request, "cat /size /sum; ls -A /run/secrets 2>/dev/null | wc -l").await;
    let lines: Vec<&str> = seen.lines().collect();
    assert_eq!((lines[0].trim(), lines[1].len(), lines[2].trim()), ("5000", 32, "0"), "{seen}");
    let without = site.build(BuildRequest { no_cache: true, ..site.request() }).await;
    assert!(without.error().message.contains("key"), "{}", without.error());
}

#[tokio::test]
async fn builds_with_different_secrets_under_one_id_do_not_mix() {
    if !wanted() {
        return;
    }
    let site = Site::new(
        "FROM busybox:1.35\nARG WORD\nARG WHO\nRUN --mount=type=secret,id=key sleep 1; cp /run/secrets/key /seen\n",
    );
    let request = |who: &str| BuildRequest {
        secrets: vec![BuildSecret { id: "key".into(), value: who.as_bytes().to_vec() }],
        args: vec![("WORD".into(), site.word.clone()), ("WHO".into(), who.into())],
        ..site.request()
    };
    let (alice, bob) = tokio::join!(site.build(request("alice")), site.build(request("bob")));
    assert_eq!(super::site::run(&alice.image(), "cat /seen"), "alice");
    assert_eq!(super::site::run(&bob.image(), "cat /seen"), "bob");
}

#[tokio::test]
async fn every_step_is_told_once_with_its_output() {
    if !wanted() {
        return;
    }
    let site = Site::new("FROM busybox:1.35\nARG WORD\nRUN echo hello-$WORD\nRUN echo more-$WORD\n");
    let told = site.build(site.request()).await;
    told.image();
    let mut begun: HashMap<&str, (&str, usize, usize)> = HashMap::new();
    let mut output = String::new();
    for one in &told.progress {
        match one {
            BuildProgress::Started { step, name } => {
                let entry = begun.entry(step).or_insert((name, 0, 0));
                entry.1 += 1;
            }
            BuildProgress::Finished { step, .. } => begun.get_mut(step.as_str()).expect("begun before").2 += 1,
            BuildProgress::Log { data, .. } => output.push_str(&String::from_utf8_lossy(data)),
            BuildProgress::Failed { .. } | BuildProgress::Transfer { .. } | BuildProgress::Warning(_) => {}
        }
    }
    assert!(begun.values().all(|(_, started, ended)| (*started, *ended) == (1, 1)), "{begun:?}");
    let names: Vec<&str> = begun.values().map(|(name, ..)| *name).collect();
    assert!(names.iter().any(|name| name.starts_with("[2/3] RUN echo hello-")), "{names:?}");
    assert!(names.contains(&"[internal] load build definition from Dockerfile"), "{names:?}");
    assert!(output.contains(&format!("hello-{}\n", site.word)), "{output}");

    let again = site.build(site.request()).await;
    let cached = |one: &&BuildProgress| matches!(one, BuildProgress::Finished { cached: true, .. });
    assert!(again.progress.iter().filter(cached).count() >= 2, "{:?}", again.progress);
    assert_eq!(again.image(), told.image());
}

#[tokio::test]
async fn whoever_reads_slowly_slows_the_telling_and_loses_nothing() {
    if !wanted() {
        return;
    }
    let script = "for i in $(seq 400); do echo line-$i; usleep 5000; done";
    let site = Site::new(&format!("FROM busybox:1.35\nARG WORD\nRUN echo $WORD; {script}\n"));
    let (sender, mut receiver) = tokio::sync::mpsc::channel(1);
    let listen = async {
        let mut output = Vec::new();
        while let Some(one) = receiver.recv().await {
            if let BuildProgress::Log { data, .. } = one {
                // As if the screen had stopped for a while.
                let pause = if output.is_empty() { 3000 } else { 1 };
                tokio::time::sleep(std::time::Duration::from_millis(pause)).await;
                output.extend(data);
            }
        }
        output
    };
    let (result, output) = tokio::join!(site.builder.build(site.request(), sender), listen);
    result.expect("an image");
    let output = String::from_utf8_lossy(&output);
    assert_eq!(output.lines().filter(|line| line.starts_with("line-")).count(), 400);
}

#[tokio::test]
async fn nothing_is_taken_from_the_cache_on_request() {
    if !wanted() {
        return;
    }
    let site = Site::new("FROM busybox:1.35\nARG WORD\nRUN cat /proc/sys/kernel/random/uuid > /uuid\n");
    let script = "cat /uuid";
    let first = site.shell(site.request(), script).await;
    assert_eq!(site.shell(site.request(), script).await, first);
    assert_ne!(site.shell(BuildRequest { no_cache: true, ..site.request() }, script).await, first);
}

#[tokio::test]
async fn a_base_that_only_this_engine_has_is_used_with_a_warning() {
    if !wanted() {
        return;
    }
    let site = Site::new("FROM busybox:1.35\nARG WORD\nRUN echo $WORD > /base\n");
    let base = format!("127.0.0.1:1/pipe-test-{}:base", site.word);
    let made = site.build(BuildRequest { tags: vec![base.clone()], ..site.request() }).await;
    made.image();
    site.write("Dockerfile", &format!("FROM {base}\nRUN cat /base\n"));
    let told = site.build(BuildRequest { pull: true, ..site.request() }).await;
    told.image();
    assert!(matches!(told.warnings()[..], [warning] if warning.contains(&base)), "{:?}", told.warnings());
    assert!(!told.progress.iter().any(|one| matches!(one, BuildProgress::Failed { .. })), "{:#?}", told.progress);
}

#[tokio::test]
async fn a_base_behind_a_password_is_had_with_docker_s_configuration() {
    if !wanted() {
        return;
    }
    let variable = |name: &str| std::env::var(format!("PIPE_TEST_REGISTRY_{name}")).ok();
    // Not every machine can have such a registry; tests/setup.sh says so.
    let Some(registry) = variable("AUTH") else { return };
    let (user, password) = (variable("USER").expect("a user"), variable("PASSWORD").expect("a password"));
    let site = Site::new(&format!("FROM {registry}/pipe/seed:1\nARG WORD\nRUN echo $WORD > /word\n"));
    let login = serde_json::json!({"auths": {registry: {"username": user, "password": password}}});
    site.write("config/config.json", &login.to_string());
    let dialer = Dialer::new(&Environment::read()).expect("a dialer");
    let builder = Builder::new(dialer, Some(site.path("config")));
    let told = super::site::build(&builder, BuildRequest { pull: true, ..site.request() }).await;
    assert_eq!(super::site::run(&told.image(), "cat /word"), site.word);
    assert!(told.warnings().is_empty(), "{:?}", told.warnings());
}

#[tokio::test]
async fn the_network_of_steps_is_the_one_asked_for() {
    if !wanted() {
        return;
    }
    let site = Site::new("FROM busybox:1.35\nARG WORD\nRUN ls /sys/class/net > /net\n");
    let request = |network: &str| BuildRequest { network: Some(network.into()), no_cache: true, ..site.request() };
    assert_eq!(site.shell(request("none"), "cat /net").await, "lo");
    let host = site.shell(request("host"), "cat /net").await;
    let here: Vec<bool> = host
        .lines()
        .filter(|name| !name.starts_with("veth"))
        .map(|name| Path::new("/sys/class/net").join(name).exists())
        .collect();
    assert!(here.len() > 1 && here.iter().all(|is| *is), "{host}");
    let refused = site.build(request("backend")).await;
    assert!(refused.failure().message.contains("`default`, `none` or `host`"));
}
