use tokio::sync::mpsc;

use super::bases;
use super::build_output::tell;
use super::import::import;
use super::pull::pull;
use crate::engine::{BuildFailure, BuildRequest, BuildSecret, EngineError, ErrorKind, ImageFacts, ImageId};
use crate::event::Failure;
use crate::model::{Build, Image, ImageSource};
use crate::run::end::{Done, End};
use crate::run::session::Task;

/// Builds, pulls, imports or loads a declared image, and gives it its tags.
pub(super) async fn provide(task: &Task, image: &Image) -> Done {
    let tags: Vec<String> = image.tags.iter().map(|tag| task.fill(tag)).collect::<Done<_>>()?;
    let id = match &image.source {
        ImageSource::Build(build) => return build_image(task, build, tags).await,
        ImageSource::Pull { reference, policy } => pull(task, &reference.value, None, *policy).await?.id,
        ImageSource::Import(tar) => import(task, &task.path(&tar.value)).await?,
        ImageSource::Load(archive) => unless_cancelled(task, task.engine.load(&task.path(&archive.value))).await?,
    };
    for tag in &tags {
        task.engine.tag(&id, tag).await?;
    }
    remember(task, &id).await
}

async fn build_image(task: &Task, build: &Build, tags: Vec<String>) -> Done {
    let mut request = request(task, build, tags)?;
    bases::provide(task, &mut request).await?;
    let (progress, seen) = mpsc::channel(256);
    let built = tokio::select! {
        (built, ()) = async { tokio::join!(task.engine.build(request, progress), tell(task, seen)) } => built,
        _ = task.cancel.requested() => return Err(End::Cancelled),
    };
    match built {
        Ok(built) => remember(task, &built.image).await,
        Err(EngineError { kind: ErrorKind::BuildFailed(failure), .. }) => Err(failed(build, *failure).into()),
        Err(error) => Err(error.into()),
    }
}

fn request(task: &Task, build: &Build, tags: Vec<String>) -> Done<BuildRequest> {
    let labels = task.identity().image_labels(task.node(), task.fill_all(&build.labels)?);
    let secret =
        |(id, value): (&String, _)| Ok(BuildSecret { id: id.clone(), value: task.value_of(value)?.into_bytes() });
    Ok(BuildRequest {
        context: task.path(&build.context.value),
        dockerfile: task.path(&build.dockerfile.value),
        inline: task.fill_any(&build.inline)?,
        target: task.fill_any(&build.target)?,
        args: task.fill_all(&build.args)?,
        labels,
        tags,
        secrets: build.secrets.iter().map(secret).collect::<Done<_>>()?,
        pull: build.pull,
        no_cache: build.no_cache,
        platform: task.fill_any(&build.platform)?,
        network: build.network.clone(),
        cache_from: build.cache_from.iter().map(|reference| task.fill(reference)).collect::<Done<_>>()?,
        inline_cache: build.inline_cache,
    })
}

/// Notes what is known of the image: everybody who names it runs this very id.
async fn remember(task: &Task, id: &ImageId) -> Done {
    let gone = || EngineError::new(ErrorKind::NotFound, format!("look at image `{id}`"), "it is gone again");
    let facts: ImageFacts = task.engine.image(&id.0).await?.ok_or_else(gone)?;
    task.facts.image_is(task.step().node, facts);
    Ok(())
}

pub(super) async fn unless_cancelled<T>(task: &Task, work: impl Future<Output = crate::engine::Result<T>>) -> Done<T> {
    tokio::select! {
        done = work => Ok(done?),
        _ = task.cancel.requested() => Err(End::Cancelled),
    }
}

fn failed(build: &Build, failure: BuildFailure) -> Failure {
    let BuildFailure { step, exit_code, log, lines, message } = failure;
    let dockerfile = build.dockerfile.value.strip_prefix(".").unwrap_or(&build.dockerfile.value).display().to_string();
    Failure::BuildFailed { step, exit_code, log, dockerfile, lines, message }
}
