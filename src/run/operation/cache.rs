use sha2::{Digest, Sha256};

use crate::engine::{ObjectKind, VolumeSpec, labels};
use crate::event::Failure;
use crate::run::end::Done;
use crate::run::session::Task;
use crate::source::Span;

/// The volume of the cache called `name`, which all pipelines of this name share. It is no run's: it is made where it is not there, has
/// no owner, and nothing takes it back but who asks for that. A volume of its name that nobody made for this is somebody else's.
pub(super) async fn volume(task: &Task, name: &str, at: Span) -> Done<String> {
    let pipeline = task.identity().pipeline.as_str();
    let hash: String = Sha256::digest(name.as_bytes()).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let label = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let spec = VolumeSpec {
        name: format!("{pipeline}-cache-{hash}"),
        labels: vec![label(labels::PIPELINE, pipeline), label(labels::NODE, name), label(labels::KIND, labels::CACHE)],
        ..VolumeSpec::default()
    };
    let volume = task.engine.create_volume(spec).await?;
    if task.facts.is_known_cache(&volume) {
        return Ok(volume);
    }
    // The engine answers with what is there, whoever made it.
    let caches = task.engine.list(labels::KIND, Some(labels::CACHE)).await?;
    if !caches.iter().any(|object| object.kind == ObjectKind::Volume && object.name == volume) {
        return Err(Failure::NameTaken { kind: "volume", name: volume, span: Some(at) }.into());
    }
    task.facts.cache_is_known(&volume);
    Ok(volume)
}
