use super::{Operation, Plan, Step, When};
use crate::model::Name;

impl Plan {
    /// Whether this plan puts an image to the test before it could be published: whether one of its acceptances cannot begin
    /// without a container of it. Where `without_suites`, since the pipeline has no acceptance at all, a stage or service that
    /// must succeed will do.
    pub fn accepts(&self, image: &Name, without_suites: bool) -> bool {
        let judges = |step: &&Step| match &step.operation {
            operation if operation.runs_tests() => true,
            Operation::RunStage(_) | Operation::StartService(_) => without_suites,
            _ => false,
        };
        let mut seen = vec![false; self.steps.len()];
        let mut pending: Vec<&Step> =
            self.steps.iter().filter(|step| step.required && !step.always).filter(judges).collect();
        while let Some(step) = pending.pop() {
            if std::mem::replace(&mut seen[step.id.index()], true) {
                continue;
            }
            if matches!(&step.operation, Operation::ProvideImage(provided) if provided.name.value == *image) {
                return true;
            }
            let before = step.deps.iter().filter(|dep| dep.when == When::Succeeded);
            pending.extend(before.map(|dep| self.step(dep.on)));
        }
        false
    }
}
