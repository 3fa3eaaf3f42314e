use std::collections::HashMap;

use bollard_buildkit_proto::moby::buildkit::v1::{StatusResponse, Vertex, VertexWarning};

use super::noise::without_noise;
use super::source::without_hash;
use super::tail::Tail;
use crate::engine::BuildProgress;

/// Turns what the daemon tells of a build into progress: every step begins once and ends once, whatever the daemon repeats.
#[derive(Debug, Default)]
pub(super) struct Tracker {
    steps: HashMap<String, Step>,
    /// Steps with an error, in the order in which they failed.
    failed: Vec<String>,
    /// Failures not told yet, since the build may get a second chance.
    held: Option<Vec<BuildProgress>>,
}

/// What is known of a step.
#[derive(Debug, Default)]
pub(super) struct Step {
    /// As the builder names it.
    pub name: String,
    /// In the builder's words.
    pub error: String,
    /// Its last output.
    pub tail: Tail,
    begun: bool,
    ended: bool,
}

impl Tracker {
    /// Failures are held back from now on, until [`Tracker::release`] or [`Tracker::forget_failures`].
    pub fn hold_failures(&mut self) {
        self.held.get_or_insert_default();
    }

    /// The failures that were held back: there is no second chance.
    pub fn release(&mut self) -> Vec<BuildProgress> {
        self.held.take().unwrap_or_default()
    }

    /// The build is tried again: what has failed counts as not yet ended.
    pub fn forget_failures(&mut self) {
        self.held = None;
        for digest in self.failed.drain(..) {
            if let Some(step) = self.steps.get_mut(&digest) {
                step.ended = false;
                step.error.clear();
            }
        }
    }

    /// The step that failed: the one with this digest, else the first that failed by itself.
    pub fn failed(&self, digest: Option<&str>) -> Option<&Step> {
        let named = digest.and_then(|digest| self.steps.get(digest)).filter(|step| !step.name.is_empty());
        named.or_else(|| {
            let failed = self.failed.iter().filter_map(|digest| self.steps.get(digest));
            failed.into_iter().find(|step| !is_cancellation(&step.error))
        })
    }

    /// What is new in a message of the daemon.
    pub fn absorb(&mut self, status: StatusResponse) -> Vec<BuildProgress> {
        let mut news = Vec::new();
        for vertex in status.vertexes {
            self.vertex(vertex, &mut news);
        }
        for log in status.logs {
            let step = self.steps.entry(log.vertex.clone()).or_default();
            step.tail.push(&log.msg);
            news.push(BuildProgress::Log { step: log.vertex, data: log.msg });
        }
        for transfer in status.statuses {
            news.push(BuildProgress::Transfer {
                step: transfer.vertex,
                id: without_hash(&transfer.id),
                current: u64::try_from(transfer.current).unwrap_or_default(),
                total: u64::try_from(transfer.total).unwrap_or_default(),
            });
        }
        news.extend(status.warnings.iter().map(|warning| BuildProgress::Warning(warning_text(warning))));
        news
    }

    fn vertex(&mut self, vertex: Vertex, news: &mut Vec<BuildProgress>) {
        let id = vertex.digest;
        let step = self.steps.entry(id.clone()).or_default();
        if !vertex.name.is_empty() {
            step.name = vertex.name;
        }
        let ends = vertex.completed.is_some();
        if (vertex.started.is_some() || ends) && !step.begun {
            step.begun = true;
            news.push(BuildProgress::Started { step: id.clone(), name: step.name.clone() });
        }
        if !vertex.error.is_empty() {
            if step.error.is_empty() {
                step.error = vertex.error;
                step.ended = true;
                let error =
                    if is_cancellation(&step.error) { "canceled".to_owned() } else { without_noise(&step.error) };
                let failure = BuildProgress::Failed { step: id.clone(), error };
                self.failed.push(id);
                match &mut self.held {
                    Some(held) => held.push(failure),
                    None => news.push(failure),
                }
            }
        } else if ends && !step.ended {
            step.ended = true;
            news.push(BuildProgress::Finished { step: id, cached: vertex.cached });
        }
    }
}

/// Whether a step ended only because another one failed, or nobody wants the build any more.
fn is_cancellation(error: &str) -> bool {
    error.ends_with("context canceled")
}

fn warning_text(warning: &VertexWarning) -> String {
    let mut text = String::from_utf8_lossy(&warning.short).into_owned();
    if let Some(line) = warning.ranges.first().and_then(|range| range.start).map(|start| start.line) {
        let file = warning.info.as_ref().map_or("Dockerfile", |info| info.filename.as_str());
        text = format!("{file}:{line}: {text}");
    }
    if !warning.url.is_empty() {
        text = format!("{text} ({})", warning.url);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use bollard_buildkit_proto::google::protobuf::Timestamp;
    use bollard_buildkit_proto::moby::buildkit::v1::{VertexLog, VertexStatus};

    fn vertex(digest: &str, started: bool, ended: bool) -> Vertex {
        let at = |is: bool| is.then(Timestamp::default);
        Vertex {
            digest: digest.into(),
            name: format!("step {digest}"),
            started: at(started),
            completed: at(ended),
            ..Vertex::default()
        }
    }

    fn failing(digest: &str, error: &str) -> Vertex {
        Vertex { error: error.into(), ..vertex(digest, true, true) }
    }

    fn absorb(tracker: &mut Tracker, vertexes: Vec<Vertex>) -> Vec<BuildProgress> {
        tracker.absorb(StatusResponse { vertexes, ..StatusResponse::default() })
    }

    #[test]
    fn every_step_begins_once_and_ends_once() {
        let mut tracker = Tracker::default();
        assert!(absorb(&mut tracker, vec![vertex("a", false, false)]).is_empty());
        let begun = absorb(&mut tracker, vec![vertex("a", true, false), vertex("a", true, false)]);
        assert_eq!(begun, [BuildProgress::Started { step: "a".into(), name: "step a".into() }]);
        let ended =
            absorb(&mut tracker, vec![vertex("a", true, true), vertex("a", true, false), vertex("a", true, true)]);
        assert_eq!(ended, [BuildProgress::Finished { step: "a".into(), cached: false }]);
    }

    #[test]
    fn a_cached_step_begins_too() {
        let cached = Vertex { cached: true, ..vertex("a", false, true) };
        let news = absorb(&mut Tracker::default(), vec![cached]);
        assert!(matches!(&news[..], [BuildProgress::Started { .. }, BuildProgress::Finished { cached: true, .. }]));
    }

    #[test]
    fn the_step_that_failed_by_itself_is_told_from_those_it_took_along() {
        let mut tracker = Tracker::default();
        let news = absorb(&mut tracker, vec![failing("a", "x: context canceled"), failing("b", "exit code: 7")]);
        assert!(news.contains(&BuildProgress::Failed { step: "a".into(), error: "canceled".into() }));
        assert_eq!(tracker.failed(None).expect("a step").name, "step b");
        assert_eq!(tracker.failed(Some("a")).expect("a step").name, "step a");
        assert_eq!(tracker.failed(Some("unknown")).expect("a step").name, "step b");
    }

    #[test]
    fn a_second_chance_hides_the_failures_of_the_first() {
        let mut tracker = Tracker::default();
        tracker.hold_failures();
        let news = absorb(&mut tracker, vec![failing("a", "not found")]);
        assert!(matches!(&news[..], [BuildProgress::Started { .. }]));
        tracker.forget_failures();
        let news = absorb(&mut tracker, vec![vertex("a", true, true)]);
        assert_eq!(news, [BuildProgress::Finished { step: "a".into(), cached: false }]);
        assert!(tracker.failed(None).is_none());
    }

    #[test]
    fn failures_that_were_held_are_told_when_there_is_no_second_chance() {
        let mut tracker = Tracker::default();
        tracker.hold_failures();
        absorb(&mut tracker, vec![failing("a", "not found")]);
        assert_eq!(tracker.release(), [BuildProgress::Failed { step: "a".into(), error: "not found".into() }]);
        assert!(tracker.release().is_empty());
    }

    #[test]
    fn output_transfers_and_warnings_pass() {
        let mut tracker = Tracker::default();
        let news = tracker.absorb(StatusResponse {
            vertexes: Vec::new(),
            statuses: vec![VertexStatus {
                vertex: "a".into(),
                id: "layer".into(),
                current: -1,
                total: 7,
                ..VertexStatus::default()
            }],
            logs: vec![VertexLog { vertex: "a".into(), msg: b"hi\n".to_vec(), ..VertexLog::default() }],
            warnings: vec![VertexWarning { short: b"Old".to_vec(), url: "u".into(), ..VertexWarning::default() }],
        });
        let expected = [
            BuildProgress::Log { step: "a".into(), data: b"hi\n".to_vec() },
            BuildProgress::Transfer { step: "a".into(), id: "layer".into(), current: 0, total: 7 },
            BuildProgress::Warning("Old (u)".into()),
        ];
        assert_eq!(news, expected);
    }
}
