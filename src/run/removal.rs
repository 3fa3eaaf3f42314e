use futures_util::{StreamExt, stream};

use super::doorway::AT_ONCE;
use super::operation::remove::insist;
use crate::engine::{ContainerId, Engine, EngineError, ErrorKind, NetworkId, Object, ObjectKind, Result};

/// What became of objects that were to be removed.
#[derive(Debug, Default)]
pub struct Removed {
    /// Those that are gone.
    pub gone: Vec<Object>,
    /// Those that are not, and why.
    pub left: Vec<(Object, EngineError)>,
}

impl Removed {
    /// `3 containers, 1 network`.
    pub fn counted(&self) -> String {
        ObjectKind::counted(self.gone.iter().map(|object| object.kind))
    }
}

/// How a removal goes about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Once: somebody will try again, and nobody is held up meanwhile.
    Once,
    /// Again, for seconds, as long as the engine is not through with what used the object.
    Insisting,
}

/// Removes objects by force, those first that others depend on; all that can go goes, whatever else fails.
pub async fn remove_objects(engine: &dyn Engine, mut objects: Vec<Object>, effort: Effort) -> Removed {
    objects.sort_by(|a, b| (a.kind, &a.name, &a.id).cmp(&(b.kind, &b.name, &b.id)));
    let mut removed = Removed::default();
    for group in objects.chunk_by(|a, b| a.kind == b.kind) {
        let removals = stream::iter(group.iter().cloned())
            .map(async |object| (remove_object(engine, &object, effort).await, object))
            .buffered(AT_ONCE);
        let answers: Vec<(Result<()>, Object)> = removals.collect().await;
        for (answer, object) in answers {
            match answer {
                Ok(()) => removed.gone.push(object),
                Err(error) => removed.left.push((object, error)),
            }
        }
    }
    removed
}

/// Kills and removes an object; a container with its anonymous volumes.
pub async fn remove_object(engine: &dyn Engine, object: &Object, effort: Effort) -> Result<()> {
    match remove_once(engine, object).await {
        Err(error) if effort == Effort::Insisting && matches!(error.kind, ErrorKind::Conflict) => {
            insist(|| remove_once(engine, object)).await
        }
        done => done,
    }
}

async fn remove_once(engine: &dyn Engine, object: &Object) -> Result<()> {
    match object.kind {
        ObjectKind::Container => engine.remove_container(&ContainerId(object.id.clone())).await,
        ObjectKind::Network => remove_network(engine, &NetworkId(object.id.clone())).await,
        ObjectKind::Volume => engine.remove_volume(&object.id).await,
        ObjectKind::Image => engine.remove_image(&object.id).await,
    }
}

/// Removes a network, and takes those out of it who are in it: containers that somebody has put there run on without it, and of
/// containers that are gone a busy engine may keep an endpoint.
pub async fn remove_network(engine: &dyn Engine, network: &NetworkId) -> Result<()> {
    match engine.remove_network(network).await {
        Err(error) if matches!(error.kind, ErrorKind::Conflict) => {
            engine.vacate_network(network).await?;
            engine.remove_network(network).await
        }
        done => done,
    }
}
