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
    /// Who runs it: `host:boot:pid:start`.
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

    /// The labels of a node's container, network or volume.
    pub fn labels(&self, node: &Node) -> Vec<(String, String)> {
        let mut labels = self.image_labels(node);
        let mut add = |key: &str, value: String| labels.push((key.to_owned(), value));
        add(labels::RUN, self.run.clone());
        add(labels::OWNER, self.owner.clone());
        add(labels::CREATED, self.created.to_string());
        if let Some(by) = self.keep {
            add(labels::KEEP, by.to_owned());
        }
        add(labels::COMPOSE_PROJECT, format!("{}-{}", self.pipeline, self.run));
        if matches!(node.kind, NodeKind::Service | NodeKind::Stage | NodeKind::Bats) {
            add(labels::COMPOSE_SERVICE, node.object.clone());
        }
        labels
    }

    /// The labels of an image that is built or imported. None of them differs from run to run: an image's labels are part of
    /// its id, and what did not change must keep its id.
    pub fn image_labels(&self, node: &Node) -> Vec<(String, String)> {
        let label = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        vec![
            label(labels::PIPELINE, self.pipeline.as_str()),
            label(labels::NODE, &node.name),
            label(labels::KIND, node.kind.as_str()),
            label(labels::SPEC, &self.spec),
        ]
    }
}
