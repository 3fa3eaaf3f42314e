use std::collections::HashSet;

use super::ExitStatus;
use super::args::{CleanArgs, SetArgs};
use super::connect::with_engine;
use super::identity::spec_hash;
use super::load::load;
use super::owner::{Life, Owner};
use super::removal::remove_all;
use super::terminal::print;
use crate::engine::{Object, ObjectKind, labels};

/// Removes what runs left: what has our labels, belongs to this pipeline (or to any, with `--all`) and to no living run.
///
/// Tagged images stay: they are the pipeline's product. Dangling ones go, unless a living run of their pipeline may be about to
/// use them.
pub fn clean(args: &CleanArgs) -> ExitStatus {
    let loaded = if args.all {
        None
    } else {
        match load(args.file.as_deref(), &SetArgs { set: Vec::new() }) {
            Ok(loaded) => Some(loaded),
            Err(status) => return status,
        }
    };
    let spec = loaded.as_ref().map(|loaded| spec_hash(&loaded.identity));
    let pipeline =
        loaded.as_ref().map(|loaded| loaded.analysis.pipeline.as_ref().map(|it| it.header().name.to_string()));
    if args.caches && pipeline == Some(None) {
        print("skipped caches: the file has errors, so the pipeline's name is not known");
    }
    with_engine(async |engine, _| {
        let objects = match &spec {
            Some(spec) => engine.list(labels::SPEC, Some(spec)).await?,
            None => engine.list(labels::SPEC, None).await?,
        };
        let lives: HashSet<String> = objects.iter().filter(|object| is_alive(object)).filter_map(spec_of).collect();
        let mut caches = Vec::new();
        if args.caches {
            // They belong to all pipelines of a name, wherever their files lie.
            let all = engine.list(labels::KIND, Some(labels::CACHE)).await?;
            let is_meant = |object: &Object| match &pipeline {
                None => true,
                Some(name) => name.is_some() && object.label(labels::PIPELINE) == name.as_deref(),
            };
            caches.extend(all.into_iter().filter(is_meant));
        }
        let (mut goes, stays): (Vec<Object>, Vec<Object>) =
            objects.into_iter().partition(|object| may_go(object, &lives));
        for object in stays.iter().filter(|object| object.kind == ObjectKind::Container) {
            print(&format!("skipped container {}: its run is alive, or runs on another machine", object.name));
        }
        goes.extend(caches);
        Ok(remove_all(engine.as_ref(), goes, args.dry_run).await)
    })
}

/// Whether an object may be removed; `lives` are the pipelines of which a run is alive. Images have no owner, and what a living
/// run has built looks like what a dead one left.
fn may_go(object: &Object, lives: &HashSet<String>) -> bool {
    if object.kind == ObjectKind::Image {
        return object.name.is_empty() && spec_of(object).is_none_or(|spec| !lives.contains(&spec));
    }
    if object.label(labels::KEEP).is_some() {
        // Its pipe may have ended long ago; it was left on purpose, and is removed on purpose.
        return !is_alive(object);
    }
    object.label(labels::OWNER).and_then(Owner::parse).is_some_and(|owner| owner.life() == Life::Dead)
}

fn is_alive(object: &Object) -> bool {
    object.label(labels::OWNER).and_then(Owner::parse).is_some_and(|owner| owner.life() == Life::Alive)
}

fn spec_of(object: &Object) -> Option<String> {
    object.label(labels::SPEC).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(labels: &[(&str, &str)]) -> Object {
        Object {
            kind: ObjectKind::Container,
            id: "1".to_owned(),
            name: "x".to_owned(),
            labels: labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            created: 0,
            size: 0,
            status: "running".to_owned(),
        }
    }

    fn goes(object: &Object) -> bool {
        may_go(object, &HashSet::new())
    }

    #[test]
    fn what_a_living_run_owns_is_never_touched() {
        let alive = Owner::this().to_string();
        assert!(!goes(&container(&[(labels::OWNER, &alive)])));
        assert!(!goes(&container(&[(labels::OWNER, &alive), (labels::KEEP, labels::UP)])));
        assert!(!goes(&container(&[])), "without an owner nobody can tell");
    }

    #[test]
    fn what_nobody_owns_any_more_goes() {
        let this = Owner::this().to_string();
        let mut parts: Vec<&str> = this.split(':').collect();
        parts[3] = "1";
        let dead = parts.join(":");
        assert!(goes(&container(&[(labels::OWNER, &dead)])));
        assert!(goes(&container(&[(labels::OWNER, "other:boot:1:1:ns"), (labels::KEEP, labels::UP)])));
        assert!(!goes(&container(&[(labels::OWNER, "other:boot:1:1:ns")])));
    }

    #[test]
    fn a_dangling_image_stays_while_a_run_of_its_pipeline_lives() {
        let dangling = Object { kind: ObjectKind::Image, name: String::new(), ..container(&[(labels::SPEC, "a")]) };
        assert!(may_go(&dangling, &HashSet::from(["b".to_owned()])));
        assert!(!may_go(&dangling, &HashSet::from(["a".to_owned()])));
        assert!(!goes(&Object { name: "web:1".to_owned(), ..dangling }), "a tagged one is the pipeline's product");
    }
}
