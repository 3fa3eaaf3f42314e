use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::owner::{Life, Owner};
use crate::engine::{Engine, Object, ObjectKind, labels};
use crate::run::{Effort, Removed, remove_objects};
use crate::store::{Begun, Entry, RunDirectory, Story};

/// Removes what runs left that are provably dead, and that nobody else cleans up behind; answers what to say of it, a line a run.
///
/// Dead is a run whose process is gone from this machine, and whose directory nobody holds. What was left on purpose stays, unless its
/// journal proves that the run never came so far. An engine that does not answer is asked by the next run.
pub async fn recover(engine: Arc<dyn Engine>, homes: Vec<PathBuf>) -> Vec<String> {
    let Ok(found) = engine.list(labels::RUN, None).await else { return Vec::new() };
    let mut told = Vec::new();
    for (run, objects) in by_run(found) {
        if !may_be_recovered(&objects, &homes, &run) {
            continue;
        }
        let removed = remove_objects(engine.as_ref(), objects, Effort::Once).await;
        note(&homes, &run, &removed);
        if !removed.gone.is_empty() {
            told.push(format!("recovered run {run}: removed {}", removed.counted()));
        }
    }
    told
}

fn by_run(found: Vec<Object>) -> BTreeMap<String, Vec<Object>> {
    let mut runs: BTreeMap<String, Vec<Object>> = BTreeMap::new();
    for object in found.into_iter().filter(|object| object.kind != ObjectKind::Image) {
        if let Some(run) = object.label(labels::RUN) {
            runs.entry(run.to_owned()).or_default().push(object);
        }
    }
    runs
}

fn may_be_recovered(objects: &[Object], homes: &[PathBuf], run: &str) -> bool {
    let owner = |object: &Object| object.label(labels::OWNER).and_then(Owner::parse);
    let is_dead = objects.iter().all(|object| owner(object).is_some_and(|owner| owner.life() == Life::Dead));
    if !is_dead {
        return false;
    }
    let remembered = RunDirectory::recall(homes, run);
    if remembered.as_ref().is_some_and(|remembered| remembered.alive) {
        return false;
    }
    let is_kept = objects.iter().any(|object| object.label(labels::KEEP).is_some());
    !is_kept || remembered.is_some_and(|remembered| never_came_so_far(&remembered.story))
}

/// Whether a run that was to leave something on purpose died before it could decide to.
fn never_came_so_far(story: &Story) -> bool {
    let leaves = story.begun.as_ref().map(|begun| begun.leaves.as_str());
    story.kept.is_none() && matches!(leaves, Some(Begun::SERVICES | Begun::FAILURE))
}

fn note(homes: &[PathBuf], run: &str, removed: &Removed) {
    if let Some((directory, _)) = RunDirectory::path_of(homes, run).and_then(|path| RunDirectory::take_over(&path).ok())
    {
        directory.journal().note(&Entry::Reaped { removed: removed.gone.len(), left: removed.left.len() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{ContainerSpec, NetworkSpec, fake::Fake};

    /// An owner of this machine that has ended.
    fn dead() -> String {
        let this = Owner::this().to_string();
        let mut parts: Vec<&str> = this.split(':').collect();
        parts[3] = "1";
        parts.join(":")
    }

    async fn made(fake: &Fake, run: &str, owner: &str, keep: Option<&str>) {
        let label = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let mut labels = vec![label(labels::RUN, run), label(labels::OWNER, owner)];
        labels.extend(keep.map(|keep| label(labels::KEEP, keep)));
        let network = NetworkSpec { name: format!("n-{run}"), labels: labels.clone(), ..NetworkSpec::default() };
        fake.create_network(network).await.expect("nothing keeps it from that");
        let image = fake.image("busybox:1.35").await.expect("it answers").expect("it is there").id;
        let container = ContainerSpec { name: format!("c-{run}"), image, labels, ..ContainerSpec::default() };
        fake.create_container(container).await.expect("nothing keeps it from that");
    }

    fn begun(home: &std::path::Path, run: &str, leaves: &str) -> RunDirectory {
        let begun = Begun { run: run.to_owned(), leaves: leaves.to_owned(), ..Begun::default() };
        RunDirectory::create(&[home.to_owned()], &begun).expect("it can be made")
    }

    fn ended(directory: &RunDirectory) {
        directory.journal().note(&Entry::Ended { verdict: "passed".to_owned(), kept: 2, left: 0 });
    }

    #[tokio::test]
    async fn exactly_what_dead_runs_left_is_removed() {
        let place = tempfile::tempdir().expect("a place");
        let home = place.path();
        let fake = Fake::new();
        fake.with_image("busybox:1.35");
        made(&fake, "dead", &dead(), None).await;
        made(&fake, "alive", &Owner::this().to_string(), None).await;
        made(&fake, "elsewhere", "other:boot:1:1:ns", None).await;
        made(&fake, "nonsense", "nonsense", None).await;
        // Its guardian is at work.
        made(&fake, "guarded", &dead(), None).await;
        let _guardian = begun(home, "guarded", Begun::NOTHING);
        // Left on purpose, by runs that came to their end, and by one of which nobody knows.
        made(&fake, "up", &dead(), Some(labels::UP)).await;
        ended(&begun(home, "up", Begun::SERVICES));
        made(&fake, "forgotten", &dead(), Some(labels::UP)).await;
        made(&fake, "all", &dead(), Some(labels::KEPT)).await;
        drop(begun(home, "all", Begun::EVERYTHING));
        // To be left on purpose, but they died before that.
        made(&fake, "coming-up", &dead(), Some(labels::UP)).await;
        drop(begun(home, "coming-up", Begun::SERVICES));
        made(&fake, "red", &dead(), Some(labels::KEPT)).await;
        drop(begun(home, "red", Begun::FAILURE));

        let told = recover(Arc::new(fake.clone()), vec![home.to_owned()]).await;
        let gone = ["coming-up", "dead", "red"];
        assert_eq!(told, gone.map(|run| format!("recovered run {run}: removed 1 container, 1 network")));
        let ledger = fake.ledger();
        let mut names = ledger.names(ObjectKind::Container);
        names.sort_unstable();
        assert_eq!(names, ["c-alive", "c-all", "c-elsewhere", "c-forgotten", "c-guarded", "c-nonsense", "c-up"]);
        assert_eq!(ledger.names(ObjectKind::Network).len(), 7);
        assert!(recover(Arc::new(fake), vec![home.to_owned()]).await.is_empty(), "nothing is said twice");
    }
}
