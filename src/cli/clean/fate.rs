use std::collections::HashSet;

use crate::cli::owner::{Life, Owner};
use crate::engine::{Object, ObjectKind, labels};

/// How old must be, in seconds, what may be of a living run of another machine, unless somebody says otherwise.
const DAY: u64 = 24 * 60 * 60;

/// What may go, besides what nobody can want any more.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Images that have a tag too.
    pub images: bool,
    /// What runs on other machines left too.
    pub all_hosts: bool,
    /// Only what is older, in seconds.
    pub older: Option<u64>,
    /// Runs that somebody works on, or cleans up behind, as their directories tell.
    pub held: HashSet<String>,
    /// Pipelines of which a run is alive, by the hash of their file.
    pub alive: HashSet<String>,
    /// Seconds since 1970.
    pub now: u64,
}

/// What becomes of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is removed.
    Goes,
    /// It stays, and why.
    Stays(&'static str),
    /// It stays, and nobody will ask why: a product.
    Product,
}

impl Wish {
    /// What becomes of an object that carries our labels.
    pub fn fate(&self, object: &Object) -> Fate {
        if age(object, self.now) < self.older.unwrap_or(0) {
            return Fate::Stays("it is not as old as that");
        }
        if object.kind == ObjectKind::Image { self.image(object) } else { self.made(object) }
    }

    /// Images have no owner, and what a living run has built looks like what a dead one left.
    fn image(&self, image: &Object) -> Fate {
        if image.label(labels::SPEC).is_some_and(|spec| self.alive.contains(spec)) {
            return Fate::Stays("a run of its pipeline is alive");
        }
        if image.name.is_empty() || self.images { Fate::Goes } else { Fate::Product }
    }

    fn made(&self, object: &Object) -> Fate {
        if object.label(labels::RUN).is_some_and(|run| self.held.contains(run)) {
            return Fate::Stays("it is at work, or its guardian cleans up behind it");
        }
        let owner = object.label(labels::OWNER).and_then(Owner::parse);
        match owner.map(|owner| owner.life()) {
            Some(Life::Alive) => Fate::Stays("it is at work"),
            Some(Life::Dead) => Fate::Goes,
            // Its pipe may have ended long ago; it was left on purpose, and is removed on purpose.
            Some(Life::Elsewhere) if object.label(labels::KEEP).is_some() => Fate::Goes,
            Some(Life::Elsewhere) if self.all_hosts => match age(object, self.now) >= self.older.unwrap_or(DAY) {
                true => Fate::Goes,
                false => Fate::Stays(
                    "it belongs to another machine or container, and is not a day old; `--older 1h` says what is old",
                ),
            },
            Some(Life::Elsewhere) => {
                Fate::Stays("it belongs to another machine or container; `--all-hosts` removes it too")
            }
            None => Fate::Stays("it does not say whose it is"),
        }
    }
}

/// Whether the run of an object is at work, as far as this machine can tell.
pub fn is_alive(object: &Object) -> bool {
    object.label(labels::OWNER).and_then(Owner::parse).is_some_and(|owner| owner.life() == Life::Alive)
}

/// How old something is, in seconds: since its run began, or since it was made where it is no run's.
pub fn age(object: &Object, now: u64) -> u64 {
    let began = object.label(labels::CREATED).and_then(|began| began.parse().ok());
    now.saturating_sub(began.unwrap_or(u64::try_from(object.created).unwrap_or(0)))
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

    fn goes(wish: &Wish, object: &Object) -> bool {
        wish.fate(object) == Fate::Goes
    }

    fn dead() -> String {
        let this = Owner::this().to_string();
        let mut parts: Vec<&str> = this.split(':').collect();
        parts[3] = "1";
        parts.join(":")
    }

    #[test]
    fn what_a_living_run_owns_is_never_touched() {
        let alive = Owner::this().to_string();
        for wish in [Wish::default(), Wish { images: true, all_hosts: true, ..Wish::default() }] {
            assert!(!goes(&wish, &container(&[(labels::OWNER, &alive)])));
            assert!(!goes(&wish, &container(&[(labels::OWNER, &alive), (labels::KEEP, labels::UP)])));
            assert!(!goes(&wish, &container(&[])), "without an owner nobody can tell");
            let held = Wish { held: HashSet::from(["r1".to_owned()]), ..wish };
            assert!(!goes(&held, &container(&[(labels::OWNER, &dead()), (labels::RUN, "r1")])), "its guardian does it");
        }
    }

    #[test]
    fn what_nobody_owns_any_more_goes() {
        let (wish, elsewhere) = (Wish::default(), "other:boot:1:1:ns");
        assert!(goes(&wish, &container(&[(labels::OWNER, &dead())])));
        assert!(goes(&wish, &container(&[(labels::OWNER, elsewhere), (labels::KEEP, labels::UP)])));
        assert!(!goes(&wish, &container(&[(labels::OWNER, elsewhere)])));
    }

    /// Nobody here can tell whether a run of another machine lives; no run takes a day.
    #[test]
    fn what_may_live_elsewhere_goes_when_it_is_a_day_old_or_as_old_as_somebody_says() {
        let began = 1_000_000;
        let theirs = container(&[(labels::OWNER, "other:boot:1:1:ns"), (labels::CREATED, &began.to_string())]);
        let after = |seconds, older| Wish { all_hosts: true, older, now: began + seconds, ..Wish::default() };
        assert!(!goes(&after(DAY - 1, None), &theirs) && goes(&after(DAY, None), &theirs));
        assert!(!goes(&after(59, Some(60)), &theirs) && goes(&after(60, Some(60)), &theirs));
        assert!(goes(&after(0, Some(0)), &theirs));
        assert!(!goes(&Wish { all_hosts: false, ..after(2 * DAY, None) }, &theirs), "nobody asked for it");
    }

    #[test]
    fn what_is_too_young_stays() {
        let old = container(&[(labels::OWNER, &dead()), (labels::CREATED, "1000")]);
        let wish = |older| Wish { older: Some(older), now: 1_060, ..Wish::default() };
        assert!(goes(&wish(60), &old) && !goes(&wish(61), &old));
        let image = Object { kind: ObjectKind::Image, name: String::new(), created: 1_030, ..container(&[]) };
        assert!(goes(&wish(30), &image) && !goes(&wish(31), &image));
    }

    #[test]
    fn a_dangling_image_stays_while_a_run_of_its_pipeline_lives() {
        let dangling = Object { kind: ObjectKind::Image, name: String::new(), ..container(&[(labels::SPEC, "a")]) };
        let lives = |spec: &str| Wish { alive: HashSet::from([spec.to_owned()]), images: true, ..Wish::default() };
        assert!(goes(&lives("b"), &dangling) && !goes(&lives("a"), &dangling));
        let tagged = Object { name: "web:1".to_owned(), ..dangling };
        assert_eq!(Wish::default().fate(&tagged), Fate::Product);
        assert!(goes(&lives("b"), &tagged) && !goes(&lives("a"), &tagged));
    }
}
