//! Images that come from files.

use std::path::Path;
use std::process::Command;

use futures_util::TryStreamExt;
use pipe::engine::{BuildRequest, ErrorKind, ImageId};
use tokio::sync::mpsc;

use crate::contract::stage::{Act, LABEL, Stage, assert_kind};
use crate::daemon::docker;
use crate::stage::DockerStage;

/// The root file system of the stage's image, as a tar.
async fn root(stage: &dyn Stage, file: &Path) {
    let id = stage.create("root", Act::Ends(0)).await;
    let pieces: Vec<_> = stage.engine().copy_out(&id, "/").await.expect("all").try_collect().await.expect("a tar");
    std::fs::write(file, pieces.concat()).expect("a file");
}

#[tokio::test]
async fn a_root_file_system_becomes_a_labelled_image() {
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let stage: &dyn Stage = stage;
            let engine = stage.engine();
            let directory = tempfile::tempdir().expect("a directory");
            let tar = directory.path().join("root.tar");
            root(stage, &tar).await;
            let packed = Command::new("gzip").arg("-k1").arg(&tar).status().expect("gzip");
            assert!(packed.success());
            let mut labels = stage.labels();
            labels.push(("dev.pipe.test.words".into(), "a \"b\" \\ $HOME".into()));
            for file in [tar.clone(), directory.path().join("root.tar.gz")] {
                let reference = format!("pipe.test/{}:root", stage.word());
                let id = engine.import(&file, &labels).await.expect("an image");
                engine.tag(&id, &reference).await.expect("a name");
                assert_eq!(engine.image(&reference).await.expect("an answer").expect("an image").id, id);
                let found = engine.list(LABEL, Some(stage.word())).await.expect("a list");
                let image = found.iter().find(|object| object.id == id.0).expect("a labelled image");
                assert_eq!(image.label("dev.pipe.test.words"), Some("a \"b\" \\ $HOME"));
                assert_eq!(image.name, reference);
                let mut spec = stage.spec("born", Act::Ends(5));
                spec.image = id.clone();
                let made = engine.create_container(spec).await.expect("a container");
                assert_eq!(stage.start_made(&made).await.expect("a start").ended().await.code, 5);
                engine.remove_container(&made).await.expect("a removal");
                engine.remove_image(&id.0).await.expect("a removal");
                assert!(engine.image(&id.0).await.expect("an answer").is_none());
            }
        })
    })
    .await;
}

#[tokio::test]
async fn a_saved_image_is_loaded_under_its_own_id() {
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let stage: &dyn Stage = stage;
            let directory = tempfile::tempdir().expect("a directory");
            let archive = directory.path().join("saved.tar");
            docker(&["save", &stage.image(), "-o", &archive.to_string_lossy()]);
            let id = stage.engine().load(&archive).await.expect("an image");
            let there = stage.engine().image(&stage.image()).await.expect("an answer").expect("an image");
            assert_eq!(id, there.id);
        })
    })
    .await;
}

#[tokio::test]
async fn files_that_are_no_images_are_told() {
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let stage: &dyn Stage = stage;
            let engine = stage.engine();
            let directory = tempfile::tempdir().expect("a directory");
            let missing = directory.path().join("missing.tar");
            assert_kind!(engine.load(&missing).await, ErrorKind::NotFound);
            assert_kind!(engine.import(&missing, &[]).await, ErrorKind::NotFound);
            let nonsense = directory.path().join("nonsense.tar");
            std::fs::write(&nonsense, "this is no archive of anything").expect("a file");
            assert!(engine.load(&nonsense).await.is_err());
            assert!(engine.import(&nonsense, &[]).await.is_err());
        })
    })
    .await;
}

#[tokio::test]
async fn an_image_in_use_stays_and_goes_by_id_with_all_its_names() {
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let stage: &dyn Stage = stage;
            let engine = stage.engine();
            let directory = tempfile::tempdir().expect("a directory");
            let tar = directory.path().join("root.tar");
            root(stage, &tar).await;
            let (one, two) = (format!("pipe.test/{}:one", stage.word()), format!("pipe.test/{}:two", stage.word()));
            let id = engine.import(&tar, &stage.labels()).await.expect("an image");
            engine.tag(&id, &one).await.expect("a name");
            engine.tag(&id, &two).await.expect("a name");
            let mut spec = stage.spec("user", Act::Runs);
            spec.image = ImageId(two.clone());
            let user = engine.create_container(spec).await.expect("a container");
            let started = stage.start_made(&user).await.expect("a start");
            engine.remove_image(&one).await.expect("a name that nobody uses");
            assert_kind!(engine.remove_image(&two).await, ErrorKind::Conflict);
            engine.remove_container(&started.id).await.expect("a removal");
            engine.tag(&id, &one).await.expect("a name");
            engine.remove_image(&id.0).await.expect("a removal");
            assert!(engine.image(&id.0).await.expect("an answer").is_none());
        })
    })
    .await;
}

#[tokio::test]
async fn what_is_built_is_found_by_its_tag_and_its_label() {
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let stage: &dyn Stage = stage;
            let engine = stage.engine();
            let context = tempfile::tempdir().expect("a directory");
            std::fs::write(context.path().join("word"), "built").expect("a file");
            let tag = format!("pipe.test/{}:built", stage.word());
            let request = BuildRequest {
                context: context.path().into(),
                dockerfile: context.path().join("Dockerfile"),
                inline: Some("FROM busybox:1.35\nCOPY word /word\nCMD [\"cat\", \"/word\"]\n".into()),
                labels: stage.labels(),
                tags: vec![tag.clone()],
                ..BuildRequest::default()
            };
            let built = engine.build(request, mpsc::channel(64).0).await.expect("an image");
            let facts = engine.image(&tag).await.expect("an answer").expect("an image");
            assert_eq!(
                (&facts.id, facts.command.as_slice()),
                (&built.image, ["cat".into(), "/word".into()].as_slice())
            );
            let found = engine.list(LABEL, Some(stage.word())).await.expect("a list");
            assert_eq!(found.iter().map(|object| object.name.as_str()).collect::<Vec<_>>(), [tag.as_str()]);
        })
    })
    .await;
}
