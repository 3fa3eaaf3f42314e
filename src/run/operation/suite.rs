use tokio::sync::mpsc;

use super::action::Hands;
use super::site::Ground;
use super::unwell;
use crate::event::{Event, Failure, TestCase};
use crate::model::{Acceptance, Name};
use crate::probe::http::{Connections, parse_url};
use crate::probe::{References, Suite, Witness, run_suite};
use crate::run::end::{Done, End};
use crate::run::output::Tail;
use crate::run::session::Task;

/// Runs the tests of an acceptance.
pub(super) async fn run(task: &Task, acceptance: &Acceptance) -> Done {
    if let Some(target) = &acceptance.target {
        let name = &target.service.value;
        let address = task.reach(name, target.port).ok_or_else(|| Failure::CannotStart {
            message: format!("port {} of `{name}` cannot be reached from here", target.port),
        })?;
        parse_url(&format!("http://{address}"), None)
            .map_err(|error| Failure::CannotStart { message: format!("`http://{address}` is no URL: {error}") })?;
    }
    let base = || {
        let target = acceptance.target.as_ref()?;
        let address = task.reach(&target.service.value, target.port)?;
        parse_url(&format!("http://{address}"), None).ok()
    };
    let mask = |text: &str| task.teller.masker().text(text);
    let output = target_output(task, acceptance);
    let witness = output.as_ref().map(|output| output as &dyn Witness);
    let site = Ground::of(task);
    let hands = Hands::of(task);
    let enough = || task.failures.enough();
    if enough().is_some() {
        return Err(End::Cancelled);
    }
    let suite = Suite {
        acceptance,
        base: &base,
        scope: &*task.session,
        directory: &task.options.root,
        enough: &enough,
        references: References::read(acceptance, &task.options.root, task.options.update_snapshots).await,
        connections: Connections::default(),
        mask: &mask,
        site: &site,
        actor: &hands,
        witness,
    };

    // Room for all of them: not one is lost, and no test waits for those who listen.
    let (ended, seen) = mpsc::channel(acceptance.cases() + 2);
    let session = task.session.clone();
    let tests = run_suite(suite, move |case| {
        session.noticed(&case);
        let _ = ended.try_send(case);
    });
    let limit = acceptance.timeout.as_ref().map(|limit| limit.value);
    let ended = tokio::select! {
        (failed, ()) = async { tokio::join!(tests, tell(task, seen)) } => Ok(failed),
        () = task.teller.awake().until(limit) => {
            hands.restore_all().await;
            Err(Failure::TimedOut { limit: limit.unwrap_or_default(), log: Vec::new() }.into())
        }
        failure = site.broken() => Err(failure.into()),
        _ = task.cancel.requested() => Err(End::Cancelled),
    };
    site.settle().await;
    match ended? {
        Ok(0) => Ok(()),
        Ok(failed) => {
            unwell::tell(task).await;
            let log = output.map(|output| output.tail.lines()).unwrap_or_default();
            Err(Failure::TestsFailed { failed, total: acceptance.cases(), log }.into())
        }
        Err(_) => Err(Failure::NoTests { log: Vec::new() }.into()),
    }
}

async fn tell(task: &Task, mut cases: mpsc::Receiver<TestCase>) {
    while let Some(case) = cases.recv().await {
        task.teller.tell(Event::Tested { node: task.step().node, case }).await;
    }
}

/// What the service under test writes.
struct TargetOutput<'a> {
    service: &'a Name,
    tail: Tail,
}

fn target_output<'a>(task: &Task, acceptance: &'a Acceptance) -> Option<TargetOutput<'a>> {
    let service = &acceptance.target.as_ref()?.service.value;
    let (node, _) = task.index.service(service)?;
    Some(TargetOutput { service, tail: task.facts.tail(node) })
}

impl Witness for TargetOutput<'_> {
    fn service(&self) -> &str {
        self.service.as_str()
    }

    fn mark(&self) -> u64 {
        self.tail.mark()
    }

    fn since(&self, mark: u64) -> Vec<String> {
        self.tail.since(mark)
    }
}
