use std::time::Duration;

use futures_util::future::join_all;

use super::owner::{Life, Owner};
use super::terminal::remark;
use crate::diagnostic::WHEN_SIGNAL_IGNORED;
use crate::engine::{ContainerId, Engine, EngineError, Object, ObjectKind, Result, labels};
use crate::run::{Effort, remove_object};

/// What runs of one pipeline file left standing on purpose, and no living pipe works on.
pub struct Standing {
    /// What is there.
    pub objects: Vec<Object>,
    /// Runs that are still at it; nothing of theirs is touched.
    pub busy: Vec<String>,
}

impl Standing {
    /// What `kept` (`up` or `keep`; both where there is none) left of the pipeline file `spec`.
    pub async fn of(engine: &dyn Engine, spec: &str, kept: Option<&str>) -> Result<Self> {
        let mut objects = engine.list(labels::SPEC, Some(spec)).await?;
        objects.retain(|object| object.label(labels::KEEP).is_some_and(|by| kept.is_none_or(|kept| kept == by)));
        let (busy, objects) = objects.into_iter().partition::<Vec<_>, _>(is_at_work);
        Ok(Standing { objects, busy: runs(&busy) })
    }

    /// Lets its services end as their pipeline asks, each before those that it needs; services that do not ask are killed when
    /// they are removed.
    pub async fn end_services(&self, engine: &dyn Engine) -> Result<()> {
        let asked: Vec<(&Object, Duration)> =
            self.objects.iter().filter_map(|object| Some((object, grace(object)?))).collect();
        for wave in waves(asked) {
            let stops = wave.into_iter().map(async |(object, grace)| {
                (object, grace, engine.stop(&ContainerId(object.id.clone()), None, grace).await)
            });
            for (object, grace, stopped) in join_all(stops).await {
                if !stopped? {
                    let name = object.label(labels::NODE).unwrap_or(&object.name);
                    remark(&format!(
                        "`{name}` ignored its stop signal for {grace:?} and was killed; {}",
                        WHEN_SIGNAL_IGNORED
                    ));
                }
            }
        }
        Ok(())
    }

    /// Makes room for a new environment: ends and removes this one, and says so.
    pub async fn make_room(mut self, engine: &dyn Engine) -> Result<()> {
        if self.objects.is_empty() {
            return Ok(());
        }
        remark(&format!("replacing what run {} left up", runs(&self.objects).join(", ")));
        self.end_services(engine).await?;
        self.objects.sort_by_key(|object| object.kind);
        for group in self.objects.chunk_by(|a, b| a.kind == b.kind) {
            let removals = join_all(group.iter().map(|object| remove_object(engine, object, Effort::Insisting))).await;
            removals.into_iter().collect::<std::result::Result<Vec<()>, EngineError>>()?;
        }
        Ok(())
    }
}

/// What may be asked to end at once, wave after wave: a service goes before those that it needs.
fn waves(mut services: Vec<(&Object, Duration)>) -> Vec<Vec<(&Object, Duration)>> {
    let mut waves = Vec::new();
    while !services.is_empty() {
        let needed = |one: &Object| services.iter().any(|(other, _)| needs(other, one));
        let (stay, go): (Vec<_>, Vec<_>) = services.iter().partition(|(object, _)| needed(object));
        // Pipelines have no circles; labels that say otherwise keep nobody up.
        let (stay, go) = if go.is_empty() { (go, stay) } else { (stay, go) };
        waves.push(go);
        services = stay;
    }
    waves
}

fn needs(service: &Object, other: &Object) -> bool {
    let named =
        |name: &str| service.label(labels::NEEDS).is_some_and(|needs| needs.split(',').any(|need| need == name));
    service.label(labels::RUN) == other.label(labels::RUN) && other.label(labels::NODE).is_some_and(named)
}

/// How long a running container may take to end; `None` where it does not run, or nobody asked for a graceful end.
fn grace(object: &Object) -> Option<Duration> {
    let runs = object.kind == ObjectKind::Container && object.status == "running";
    let grace = object.label(labels::GRACE).filter(|_| runs)?;
    grace.parse().ok().map(Duration::from_millis)
}

fn is_at_work(object: &Object) -> bool {
    object.label(labels::OWNER).and_then(Owner::parse).is_some_and(|owner| owner.life() == Life::Alive)
}

/// The runs that objects are of, each once.
fn runs(objects: &[Object]) -> Vec<String> {
    let mut runs: Vec<String> =
        objects.iter().filter_map(|object| object.label(labels::RUN)).map(str::to_owned).collect();
    runs.sort_unstable();
    runs.dedup();
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(node: &str, needs: &str) -> Object {
        let labels = [(labels::RUN, "r1"), (labels::NODE, node), (labels::NEEDS, needs)];
        Object {
            kind: ObjectKind::Container,
            id: node.to_owned(),
            name: node.to_owned(),
            labels: labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            created: 0,
            size: 0,
            status: "running".to_owned(),
        }
    }

    fn order(services: &[Object]) -> Vec<Vec<&str>> {
        let services = services.iter().map(|object| (object, Duration::ZERO)).collect();
        let waves = waves(services).into_iter();
        waves.map(|wave| wave.into_iter().map(|(object, _)| object.name.as_str()).collect()).collect()
    }

    #[test]
    fn a_service_ends_before_those_that_it_needs() {
        let services = [service("db", ""), service("app", "db,cache"), service("cache", ""), service("other", "")];
        assert_eq!(order(&services), [vec!["app", "other"], vec!["db", "cache"]]);
        let stranger = Object { labels: vec![(labels::RUN.to_owned(), "r2".to_owned())], ..service("app", "") };
        assert_eq!(order(&[service("db", ""), stranger]).len(), 1, "services of other runs do not matter");
    }

    #[test]
    fn labels_that_run_in_a_circle_keep_nobody_up() {
        assert_eq!(order(&[service("a", "b"), service("b", "a")]).concat().len(), 2);
    }
}
