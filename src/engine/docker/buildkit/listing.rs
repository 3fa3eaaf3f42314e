use std::ops::ControlFlow;

use bollard_buildkit_proto::fsutil::types::Stat;

use super::source::{DOCKERFILE, Source};
use super::walk::walk;
use super::wish::Wish;

/// Tells `visit` every file of a source that is wished for, in BuildKit's order. Blocks.
///
/// # Errors
/// Words for people: what cannot be read, and why.
pub(super) fn list(source: &Source, wish: &Wish, visit: &mut dyn FnMut(Stat) -> ControlFlow<()>) -> Result<(), String> {
    match source {
        Source::Directory(root) => {
            let filter = wish.filter(root).map_err(|error| error.to_string())?;
            walk(root, &filter, visit).map_err(|error| error.to_string())
        }
        Source::Text(text) => {
            if wish.wants(DOCKERFILE) {
                // One file: whether more is wanted makes no difference.
                let _ = visit(text_stat(text));
            }
            Ok(())
        }
    }
}

/// The same text always has the same time: its source has another name as soon as it changes.
fn text_stat(text: &str) -> Stat {
    Stat {
        path: DOCKERFILE.to_owned(),
        mode: 0o644,
        size: i64::try_from(text.len()).unwrap_or(i64::MAX),
        ..Stat::default()
    }
}
