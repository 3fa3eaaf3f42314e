use std::collections::BTreeMap;

use super::fate::{Fate, Wish, age};
use crate::cli::removal::Group;
use crate::cli::words::elapsed;
use crate::engine::{Object, ObjectKind, labels};

/// What was found, sorted by what becomes of it.
#[derive(Debug, Default)]
pub struct Leftovers {
    /// What goes, run by run, the oldest first; then images and caches.
    pub goes: Vec<Group>,
    /// What stays, in words.
    pub skipped: Vec<String>,
}

impl Leftovers {
    /// Sorts what carries our labels.
    pub fn of(objects: Vec<Object>, caches: Vec<Object>, wish: &Wish) -> Self {
        let mut goes: BTreeMap<Place, Vec<Object>> = BTreeMap::new();
        let mut stays: BTreeMap<(Place, &str), Vec<Object>> = BTreeMap::new();
        for object in objects {
            match wish.fate(&object) {
                Fate::Goes => goes.entry(Place::of(&object, wish.now)).or_default().push(object),
                Fate::Stays(why) => stays.entry((Place::of(&object, wish.now), why)).or_default().push(object),
                Fate::Product => {}
            }
        }
        let mut groups: Vec<Group> =
            goes.into_iter().map(|(place, objects)| Group { title: place.title(&objects), objects }).collect();
        if !caches.is_empty() {
            groups.push(Group { title: "caches".to_owned(), objects: caches });
        }
        let skipped = stays.iter().map(|((place, why), objects)| {
            let counted = ObjectKind::counted(objects.iter().map(|object| object.kind));
            format!("skipped {} ({counted}): {why}", place.name(objects))
        });
        Leftovers { skipped: skipped.collect(), goes: groups }
    }
}

/// What things are shown under. Runs come before images, and the oldest before the others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// A run, by how many seconds it is short of all time, and its id.
    Run(u64, String),
    /// The images of a pipeline.
    Images(String),
}

impl Place {
    fn of(object: &Object, now: u64) -> Self {
        match object.label(labels::RUN) {
            Some(run) if object.kind != ObjectKind::Image => Place::Run(u64::MAX - age(object, now), run.to_owned()),
            _ => Place::Images(object.label(labels::PIPELINE).unwrap_or_default().to_owned()),
        }
    }

    fn name(&self, objects: &[Object]) -> String {
        match self {
            Place::Run(_, run) => {
                let pipeline = objects.iter().find_map(|object| object.label(labels::PIPELINE)).unwrap_or("?");
                format!("run {run} of {pipeline}")
            }
            Place::Images(pipeline) => format!("images of {pipeline}"),
        }
    }

    fn title(&self, objects: &[Object]) -> String {
        let kept = objects.iter().find_map(|object| object.label(labels::KEEP));
        match self {
            Place::Run(rest, _) => {
                let how = match kept {
                    Some(labels::UP) => "left by `pipe up`",
                    Some(_) => "left by `--keep`",
                    None => "left behind",
                };
                format!("{}, {} old, {how}", self.name(objects), elapsed(u64::MAX - rest))
            }
            Place::Images(_) => self.name(objects),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(kind: ObjectKind, name: &str, labels: &[(&str, &str)]) -> Object {
        Object {
            kind,
            id: name.to_owned(),
            name: name.to_owned(),
            labels: labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            created: 0,
            size: 0,
            status: String::new(),
        }
    }

    #[test]
    fn what_was_found_is_sorted_by_run_the_oldest_first() {
        let elsewhere = "other:boot:1:1:ns";
        let of = |run: &'static str, created: &'static str| {
            vec![
                (labels::RUN, run),
                (labels::PIPELINE, "todo"),
                (labels::CREATED, created),
                (labels::OWNER, elsewhere),
                (labels::KEEP, labels::UP),
            ]
        };
        let objects = vec![
            object(ObjectKind::Network, "young", &of("r1", "9000")),
            object(ObjectKind::Container, "old", &of("r2", "1000")),
            object(ObjectKind::Container, "young", &of("r1", "9000")),
            object(ObjectKind::Image, "", &[(labels::PIPELINE, "todo")]),
            object(ObjectKind::Volume, "theirs", &of("r3", "1000")[..4]),
            object(ObjectKind::Container, "theirs", &of("r3", "1000")[..4]),
        ];
        let wish = Wish { now: 10_000, ..Wish::default() };
        let leftovers = Leftovers::of(objects, vec![object(ObjectKind::Volume, "cache", &[])], &wish);
        let titles: Vec<&str> = leftovers.goes.iter().map(|group| group.title.as_str()).collect();
        let expected = [
            "run r2 of todo, 2h old, left by `pipe up`",
            "run r1 of todo, 16m old, left by `pipe up`",
            "images of todo",
            "caches",
        ];
        assert_eq!(titles, expected);
        let skipped = "skipped run r3 of todo (1 container, 1 volume): it belongs to another machine or container; \
                       `--all-hosts` removes it too";
        assert_eq!(leftovers.skipped, [skipped]);
    }
}
