use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::image::unless_cancelled;
use crate::engine::{ImageId, Object, ObjectKind, labels};
use crate::event::Failure;
use crate::run::end::Done;
use crate::run::session::Task;

/// The image of a root file system. An engine makes a new image of every import; so that what did not change keeps its id, the
/// file's hash is a label of the image, and an image of the same file is taken again.
pub(super) async fn import(task: &Task, tar: &Path) -> Done<ImageId> {
    let source = hash(tar.to_owned())
        .await
        .map_err(|error| Failure::CannotStart { message: format!("`{}` cannot be read: {error}", tar.display()) })?;
    let mut labels = task.identity().image_labels(task.node(), Vec::new());
    labels.push((labels::SOURCE.to_owned(), source.clone()));
    let there = task.engine.list(labels::SOURCE, Some(&source)).await?;
    match there.into_iter().find(|object| is_ours(object, &labels)) {
        Some(object) => Ok(ImageId(object.id)),
        None => unless_cancelled(task, task.engine.import(tar, &labels)).await,
    }
}

fn is_ours(object: &Object, labels: &[(String, String)]) -> bool {
    object.kind == ObjectKind::Image && labels.iter().all(|(key, value)| object.label(key) == Some(value))
}

async fn hash(path: PathBuf) -> io::Result<String> {
    let hash = move || {
        let mut hasher = Sha256::new();
        io::copy(&mut std::fs::File::open(path)?, &mut hasher)?;
        let mut text = String::new();
        for byte in hasher.finalize() {
            write!(text, "{byte:02x}").expect("a string can be written to");
        }
        Ok(text)
    };
    tokio::task::spawn_blocking(hash).await.unwrap_or_else(|error| Err(io::Error::other(error)))
}
