use std::collections::HashMap;

use tokio::sync::mpsc;
use tokio::time::{Duration, Instant};

use crate::engine::{EngineError, ErrorKind, ImageFacts, PullProgress};
use crate::event::{Event, Failure};
use crate::model::{ImageReference, PullPolicy};
use crate::run::end::{Done, End, engine_failure};
use crate::run::session::Task;

/// How often progress is told at most.
const PACE: Duration = Duration::from_millis(100);

/// Makes sure that the engine has an image of a registry.
pub(super) async fn pull(
    task: &Task,
    reference: &ImageReference,
    platform: Option<&str>,
    policy: PullPolicy,
) -> Done<ImageFacts> {
    let known = task.engine.image(reference.as_str()).await?;
    // The engine knows one image by a name; that of another platform is not the one that is wanted.
    let known = known.filter(|facts| platform.is_none_or(|wanted| is_for(&facts.platform, wanted)));
    let facts = match (policy, known) {
        (PullPolicy::Missing | PullPolicy::Never, Some(facts)) => facts,
        (PullPolicy::Never, None) => {
            let message = "it is not on this engine, and is never to be pulled".to_owned();
            return Err(Failure::ImageUnavailable { reference: reference.to_string(), message, auth: false }.into());
        }
        (PullPolicy::Always, _) | (PullPolicy::Missing, None) => fetch(task, reference, platform).await?,
    };
    task.facts.image_is(task.step().node, facts.clone());
    Ok(facts)
}

/// Whether an image of platform `has` is one for `wanted`; a variant that is not said fits any.
fn is_for(has: &str, wanted: &str) -> bool {
    has == wanted || has.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('/'))
}

async fn fetch(task: &Task, reference: &ImageReference, platform: Option<&str>) -> Done<ImageFacts> {
    let (progress, seen) = mpsc::channel(64);
    let unavailable = |error| End::from(unavailable(reference.as_str(), error));
    let pulled = tokio::select! {
        (pulled, ()) = async { tokio::join!(task.engine.pull(reference.as_str(), platform, progress), tell(task, "pulling", seen)) } => pulled,
        _ = task.cancel.requested() => return Err(End::Cancelled),
    };
    let image = pulled.map_err(unavailable)?;
    let gone = || EngineError::new(ErrorKind::NotFound, format!("look at image `{reference}`"), "it is gone again");
    Ok(task.engine.image(&image.0).await?.ok_or_else(gone)?)
}

/// Tells that a pull or a push begins and how far it is, all layers together and not too often.
pub(super) async fn tell(task: &Task, what: &str, mut progress: mpsc::Receiver<PullProgress>) {
    let begins = Event::Transfer { node: task.step().node, what: what.to_owned(), current: 0, total: 0 };
    task.teller.tell(begins).await;
    let mut layers: HashMap<String, (u64, u64)> = HashMap::new();
    let mut told: Option<Instant> = None;
    while let Some(PullProgress { layer, current, total, .. }) = progress.recv().await {
        if total == 0 {
            continue;
        }
        layers.insert(layer, (current, total));
        if told.is_some_and(|told| told.elapsed() < PACE) {
            continue;
        }
        told = Some(Instant::now());
        let (current, total) =
            layers.values().fold((0, 0), |(done, all), (current, total)| (done + current, all + total));
        let what = what.to_owned();
        task.teller.tell(Event::Transfer { node: task.step().node, what, current, total }).await;
    }
}

fn unavailable(reference: &str, error: EngineError) -> Failure {
    let reference = reference.to_owned();
    match error.kind {
        ErrorKind::AuthRequired => Failure::ImageUnavailable { reference, message: error.message, auth: true },
        ErrorKind::NotFound | ErrorKind::Protocol | ErrorKind::Conflict => {
            Failure::ImageUnavailable { reference, message: error.message, auth: false }
        }
        _ => engine_failure(error),
    }
}
