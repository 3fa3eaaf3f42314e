use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::Instant;

use super::image_check;
use crate::event::Attempt;
use crate::plan::NodeId;
use crate::probe::{Check, Endpoint, look_once, readiness};
use crate::run::session::Task;

/// How long a service may take to answer when it is asked for evidence.
const PATIENCE: Duration = Duration::from_secs(3);

/// Services that a step needs, that are up and that do not pass their check any more: the likely cause of its failure. Each with
/// what its check said just now.
pub(super) async fn services(task: &Task) -> Vec<(String, Attempt)> {
    let looks = task.step().uses.iter().map(async |&service| {
        let attempt = look(task, service).await.filter(|attempt| !attempt.passed)?;
        Some((task.plan.node(service).name.clone(), attempt))
    });
    join_all(looks).await.into_iter().flatten().collect()
}

/// Tells of them where there is no failure to tell it with.
pub(super) async fn tell(task: &Task) {
    for (name, attempt) in services(task).await {
        let code = attempt.code.map_or_else(|| "no answer".to_owned(), |code| format!("code {code}"));
        let output = attempt.output.lines().next().unwrap_or_default();
        let who = &task.node().name;
        task.warn(format!("`{name}`, which `{who}` needs, does not pass its check any more: {code}, {output}")).await;
    }
}

pub(super) async fn look(task: &Task, node: NodeId) -> Option<Attempt> {
    let service = task.index.service_of(&task.plan, node)?;
    let healthcheck = image_check::in_place_of(task, service, service.healthcheck.as_ref()?).ok()?;
    let (up, container) = (task.facts.service(node)?, task.facts.container(node)?);
    if up.ended.borrow().is_some() {
        return None;
    }
    let check = Check::fill(&healthcheck.test, &*task.session).ok()?;
    let endpoint: Option<Endpoint> = check.port().and_then(|port| readiness::endpoint(&task.info, &up.state, port));
    let began = Instant::now();
    let timeout = healthcheck.timeout.min(PATIENCE);
    let seen = look_once(&*task.engine, &container, &check, endpoint, timeout).await?;
    Some(Attempt {
        number: 1,
        at: began - up.since,
        took: began.elapsed(),
        passed: seen.passed,
        code: seen.code,
        output: seen.output,
    })
}
