use std::collections::BTreeMap;

use futures_util::future::join_all;
use tokio::sync::mpsc;

use super::pull::tell;
use crate::engine::BuildRequest;
use crate::model::Dockerfile;
use crate::run::end::{Done, End};
use crate::run::session::Task;

/// What is read of a Dockerfile, in bytes.
const READ_AT_MOST: u64 = 1 << 20;

/// Sees to the base images of a build, each once a run: those that the engine has not got are had, and where the build wants so,
/// newer ones are looked for. Whatever a registry gets in the meantime, all builds of the run begin from the same base then, and
/// the builder need not look any up.
///
/// Where the bases cannot be told from the Dockerfile, the builder is left to look them up itself.
pub(super) async fn provide(task: &Task, request: &mut BuildRequest) -> Done {
    if request.platform.is_some() {
        return Ok(());
    }
    let text = match &request.inline {
        Some(text) => text.clone(),
        None => read(request).await,
    };
    let given: BTreeMap<String, String> = request.args.iter().cloned().collect();
    let dockerfile = Dockerfile::read_with(&text, &given);
    let Some(images) = dockerfile.images(request.target.as_deref()) else { return Ok(()) };
    for answer in join_all(images.into_iter().map(|image| once(task, image, request.pull))).await {
        answer?;
    }
    request.pull = false;
    Ok(())
}

async fn once(task: &Task, image: &str, anew: bool) -> Done {
    // A digest is what it is.
    let anew = anew && !image.contains('@');
    let base = task.facts.base(image, anew);
    tokio::select! {
        answer = base.get_or_try_init(|| have(task, image, anew)) => answer.map(|_| ()),
        _ = task.cancel.requested() => Err(End::Cancelled),
    }
}

async fn have(task: &Task, image: &str, anew: bool) -> Done {
    let there = task.engine.image(image).await?.is_some();
    if there && !anew {
        return Ok(());
    }
    let (progress, seen) = mpsc::channel(64);
    let what = format!("pulling {image}");
    let (pulled, ()) = tokio::join!(task.engine.pull(image, None, progress), tell(task, &what, seen));
    match pulled {
        Err(error) if there => {
            let reason = error.message.rsplit(": ").next().unwrap_or(&error.message).trim();
            let message =
                format!("base image `{image}` cannot be looked up ({reason}), so the one of this engine is used");
            task.warn(message).await;
        }
        // The builder says it better, with its place in the Dockerfile.
        Err(_) | Ok(_) => {}
    }
    Ok(())
}

/// The Dockerfile's text as far as it can be read; the builder says what is wrong with it.
async fn read(request: &BuildRequest) -> String {
    use tokio::io::AsyncReadExt;
    let mut bytes = Vec::new();
    if let Ok(file) = tokio::fs::File::open(&request.dockerfile).await {
        let _ = file.take(READ_AT_MOST).read_to_end(&mut bytes).await;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
