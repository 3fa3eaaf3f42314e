use std::time::Duration;

use crate::engine::{ContainerId, ErrorKind, ObjectKind, Result};
use crate::run::end::{Done, End};
use crate::run::removal::remove_network;
use crate::run::session::Task;

/// How long the last output of a service may take to arrive, once its container is gone.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// How often and how long after a removal is tried again that the engine refuses while it is still letting go of what used
/// the object: an endpoint of a container that was removed a moment ago. With fifty containers at work an engine of 20.10 takes seconds.
const AGAIN: [Duration; 9] = [
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(200),
    Duration::from_millis(400),
    Duration::from_millis(800),
    Duration::from_millis(1_200),
    Duration::from_secs(2),
    Duration::from_secs(3),
    Duration::from_secs(4),
];

/// Kills the node's container where it still runs, and removes it.
pub(super) async fn container(task: &Task) -> Done {
    let node = task.step().node;
    let container = task.facts.container(node).ok_or(End::NotNeeded)?;
    task.facts.retire(node);
    by_force(task, &container).await?;
    // The last words of a service belong into its log.
    if let Some(up) = task.facts.service(node) {
        let _ = tokio::time::timeout(LAST_WORDS, up.ended()).await;
    }
    Ok(())
}

/// Removes a container, whatever it does, and has that in the books.
pub(super) async fn by_force(task: &Task, container: &ContainerId) -> Result<()> {
    let _through = task.doorway.pass().await;
    insist(|| task.engine.remove_container(container)).await.inspect_err(|_| task.ledger.doubt())?;
    task.ledger.removed(ObjectKind::Container, &container.0);
    Ok(())
}

/// Removes the node's network.
pub(super) async fn network(task: &Task) -> Done {
    let network = task.facts.network(task.step().node).ok_or(End::NotNeeded)?;
    insist(|| remove_network(task.engine.as_ref(), &network)).await.inspect_err(|_| task.ledger.doubt())?;
    task.ledger.removed(ObjectKind::Network, &network.0);
    Ok(())
}

/// Removes the node's volume.
pub(super) async fn volume(task: &Task) -> Done {
    let volume = task.facts.volume(task.step().node).ok_or(End::NotNeeded)?;
    insist(|| task.engine.remove_volume(&volume)).await.inspect_err(|_| task.ledger.doubt())?;
    task.ledger.removed(ObjectKind::Volume, &volume);
    Ok(())
}

/// Removes, and tries again where the engine is not yet through with what used the object.
pub(in crate::run) async fn insist<F: Future<Output = Result<()>>>(remove: impl Fn() -> F) -> Result<()> {
    for pause in AGAIN {
        match remove().await {
            Err(error) if matches!(error.kind, ErrorKind::Conflict) => tokio::time::sleep(pause).await,
            done => return done,
        }
    }
    remove().await
}
