use crate::engine::labels;
use crate::model::Name;
use crate::plan::{Node, NodeKind};

/// Whose run it is: what distinguishes its objects from those of any other run, of any checkout, on any machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The run's id: a few lower-case letters and digits, fit for a container's name.
    pub run: String,
    /// The pipeline's name.
    pub pipeline: Name,
    /// A hash of the pipeline file's absolute path.
    pub spec: String,
    /// Who runs it, in the form of [`labels::OWNER`].
    pub owner: String,
    /// When it began, in seconds since 1970.
    pub created: i64,
    /// Its objects may be left on purpose, and by what: `up` or `keep`.
    pub keep: Option<&'static str>,
}

impl Identity {
    /// The name of a node's object on the engine: `<pipeline>-<run>-<node>`, the run's own network without a node. What a name
    /// on the engine must not hold becomes `-`.
    pub fn object_name(&self, node: &Node, is_run_network: bool) -> String {
        if is_run_network { self.plain_name("") } else { self.plain_name(&format!("-{}", node.object)) }
    }

    /// The name of an object of the run that is no node's: `<pipeline>-<run>` and `rest`.
    pub fn plain_name(&self, rest: &str) -> String {
        let name = format!("{}-{}{rest}", self.pipeline, self.run);
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        name.chars().map(|c| if fits(c) { c } else { '-' }).collect()
    }

    /// The labels of a volume that says that the run wants `concurrency`, with its number in the queue once it has one. Whatever is kept
    /// of the run, these are not.
    pub fn turn_labels(&self, concurrency: &Name, number: Option<u64>) -> Vec<(String, String)> {
        let label = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let mut labels = vec![
            label(labels::PIPELINE, self.pipeline.as_str()),
            label(labels::NODE, concurrency.as_str()),
            label(labels::KIND, labels::TURN_KIND),
            label(labels::SPEC, &self.spec),
            label(labels::RUN, &self.run),
            label(labels::OWNER, &self.owner),
            label(labels::CREATED, &self.created.to_string()),
            label(labels::CONCURRENCY, concurrency.as_str()),
        ];
        labels.extend(number.map(|number| label(labels::TURN, &number.to_string())));
        labels
    }

    /// The labels of a node's container, network or volume: those that its author wants, and ours. None of theirs takes the place of one of
    /// ours, nor of one that we would have left out.
    pub fn labels(&self, node: &Node, theirs: Vec<(String, String)>) -> Vec<(String, String)> {
        let mut labels = self.image_labels(node, theirs);
        let mut add = |key: &str, value: String| labels.push((key.to_owned(), value));
        add(labels::RUN, self.run.clone());
        add(labels::OWNER, self.owner.clone());
        add(labels::CREATED, self.created.to_string());
        if let Some(by) = self.keep {
            add(labels::KEEP, by.to_owned());
        }
        add(labels::COMPOSE_PROJECT, format!("{}-{}", self.pipeline, self.run));
        if matches!(node.kind, NodeKind::Service | NodeKind::Stage | NodeKind::Bats | NodeKind::Tool) {
            add(labels::COMPOSE_SERVICE, node.object.clone());
        }
        labels
    }

    /// The labels of an image that is built or imported: those that its author wants, and ours. None of ours differs from run to run: an
    /// image's labels are part of its id, and what did not change must keep its id. So an image does not say which run made it, and is
    /// nobody's.
    pub fn image_labels(&self, node: &Node, mut theirs: Vec<(String, String)>) -> Vec<(String, String)> {
        theirs.retain(|(key, _)| !key.starts_with(labels::PREFIX));
        let ours = [
            (labels::PIPELINE, self.pipeline.as_str()),
            (labels::NODE, node.name.as_str()),
            (labels::KIND, node.kind.as_str()),
            (labels::SPEC, self.spec.as_str()),
        ];
        theirs.extend(ours.map(|(key, value)| (key.to_owned(), value.to_owned())));
        theirs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sample::Sample;
    use crate::plan::{Goal, plan};

    /// What is on every object, so that anybody can tell what it is, whose it is, and whether it may go.
    #[test]
    fn every_object_says_whose_it_is_whatever_its_author_wants() {
        let pipeline = Sample::new("demo").service("db", &[]).stage("a", &["db"]).build();
        let plan = plan(&pipeline, &Goal::default());
        let identity = Identity {
            run: "r1".to_owned(),
            pipeline: "demo".into(),
            spec: "hash".to_owned(),
            owner: "host:boot:1:2:3".to_owned(),
            created: 7,
            keep: None,
        };
        let theirs = || {
            let wanted = [("team", "us"), (labels::RUN, "r0"), (labels::OWNER, "me"), (labels::KEEP, labels::UP)];
            wanted.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec()
        };
        let expected = [
            ("team", "us"),
            (labels::PIPELINE, "demo"),
            (labels::SPEC, "hash"),
            (labels::RUN, "r1"),
            (labels::OWNER, "host:boot:1:2:3"),
            (labels::CREATED, "7"),
        ];
        for node in &plan.nodes {
            let labels = identity.labels(node, theirs());
            for (key, value) in expected {
                let held: Vec<&str> =
                    labels.iter().filter(|(held, _)| held == key).map(|(_, value)| value.as_str()).collect();
                assert_eq!(held, [value], "{key} of {}", node.name);
            }
            assert!(labels.iter().all(|(key, _)| key != labels::KEEP), "it is not to be kept");
            let image = identity.image_labels(node, theirs());
            assert!(
                image.iter().all(|(key, _)| key != labels::RUN && key != labels::OWNER),
                "it is the same in each run"
            );
        }
        let kept = Identity { keep: Some(labels::KEPT), ..identity };
        assert!(kept.labels(&plan.nodes[0], theirs()).contains(&(labels::KEEP.to_owned(), labels::KEPT.to_owned())));
    }
}
