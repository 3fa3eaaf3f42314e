use sha2::{Digest, Sha256};

use crate::engine::{VolumeSpec, labels};
use crate::run::end::Done;
use crate::run::session::Task;

/// The volume of the cache called `name`, which all pipelines of this name share. It is no run's: it is made where it is not there, has
/// no owner, and nothing takes it back but who asks for that.
pub(super) async fn volume(task: &Task, name: &str) -> Done<String> {
    let pipeline = task.identity().pipeline.as_str();
    let hash: String = Sha256::digest(name.as_bytes()).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let label = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let spec = VolumeSpec {
        name: format!("{pipeline}-cache-{hash}"),
        labels: vec![label(labels::PIPELINE, pipeline), label(labels::NODE, name), label(labels::KIND, labels::CACHE)],
        ..VolumeSpec::default()
    };
    Ok(task.engine.create_volume(spec).await?)
}
