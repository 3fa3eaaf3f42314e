use super::create::NAMES;
use crate::engine::{ErrorKind, NetworkId, NetworkSpec, ObjectKind};
use crate::event::Failure;
use crate::model::Network;
use crate::run::end::Done;
use crate::run::session::Task;

/// Makes the run's own network.
pub(super) async fn create_for_run(task: &Task) -> Done {
    let spec = NetworkSpec {
        name: task.identity().object_name(task.node(), true),
        labels: task.identity().labels(task.node(), Vec::new()),
        ..NetworkSpec::default()
    };
    make(task, spec).await
}

/// Makes a declared network; where it is external, finds it.
pub(super) async fn create(task: &Task, network: &Network) -> Done {
    if let Some(name) = &network.external {
        let name = task.fill(name)?;
        let found: Option<NetworkId> = task.engine.network(&name).await?;
        let found = found.ok_or(Failure::MissingExternal { kind: "network", name })?;
        task.facts.network_is(task.step().node, found);
        return Ok(());
    }
    let labels = task.identity().labels(task.node(), task.fill_all(&network.labels)?);
    let spec = NetworkSpec {
        name: task.identity().object_name(task.node(), false),
        internal: network.internal,
        driver: task.fill_any(&network.driver)?,
        driver_opts: task.fill_all(&network.driver_opts)?,
        labels,
    };
    make(task, spec).await
}

/// Makes a network, and where somebody else has its name, under another one.
async fn make(task: &Task, mut spec: NetworkSpec) -> Done {
    let wanted = spec.name.clone();
    let mut names = 1..=NAMES;
    let (name, network) = loop {
        let name = spec.name.clone();
        task.ledger.making(ObjectKind::Network, &name);
        let made = task.engine.create_network(spec.clone()).await;
        let made = made.inspect_err(|error| task.ledger.not_made(ObjectKind::Network, &name, error));
        match (made, names.next()) {
            (Err(error), Some(n)) if matches!(error.kind, ErrorKind::Conflict) => {
                spec.name = format!("{wanted}-{}", n + 1);
            }
            (Err(error), None) if matches!(error.kind, ErrorKind::Conflict) => {
                return Err(Failure::NameTaken { kind: "network", name, span: None }.into());
            }
            (made, _) => break (name, made?),
        }
    };
    let node = task.step().node;
    task.ledger.made(node, ObjectKind::Network, &name, network.0.clone());
    task.facts.network_is(node, network);
    Ok(())
}
