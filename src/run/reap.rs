use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::removal::{Effort, Removed, remove_objects};
use crate::engine::{Engine, Object, ObjectKind, labels};

/// What was begun to be made when its pipe died may appear later than it died: the engine is only held to be empty when it was so twice,
/// this long apart.
const SETTLED: Duration = Duration::from_millis(700);
/// How long something is awaited that was begun to be made and never answered.
const AWAITED: Duration = Duration::from_secs(15);
/// The first pause after which something that did not work is tried again; each next one is twice as long.
const PAUSE: Duration = Duration::from_millis(100);
/// The longest such pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Removes all that a run made whose pipe has died, until nothing of it is there any more and nothing more can come, at most for `limit`.
/// `awaited` are the kinds and names of what was begun to be made and may still appear. An engine that does not answer is asked again.
pub async fn reap(engine: &dyn Engine, run: &str, mut awaited: Vec<(String, String)>, limit: Duration) -> Removed {
    let begun = Instant::now();
    let (mut gone, mut left) = (Vec::new(), Vec::new());
    let (mut quiet, mut pause) = (0, PAUSE);
    while begun.elapsed() < limit {
        let found = engine.list(labels::RUN, Some(run)).await.map(objects);
        match found {
            Ok(found) if found.is_empty() => {
                left.clear();
                quiet += 1;
                if quiet >= 2 && (awaited.is_empty() || begun.elapsed() >= AWAITED) {
                    break;
                }
                sleep(SETTLED).await;
            }
            Ok(found) => {
                quiet = 0;
                awaited.retain(|(kind, name)| !found.iter().any(|it| it.kind.as_str() == kind && it.name == *name));
                let removed = remove_objects(engine, found, Effort::Once).await;
                gone.extend(removed.gone);
                left = removed.left;
                if !left.is_empty() {
                    sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
            Err(_) => {
                quiet = 0;
                sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
    // What was tried twice counts once.
    gone.sort_by(|a: &Object, b| (a.kind, &a.id).cmp(&(b.kind, &b.id)));
    gone.dedup_by(|a, b| a.kind == b.kind && a.id == b.id);
    Removed { gone, left }
}

/// What of a run has to go; images are products.
fn objects(mut found: Vec<Object>) -> Vec<Object> {
    found.retain(|object| object.kind != ObjectKind::Image);
    found
}
