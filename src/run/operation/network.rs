use crate::engine::{NetworkId, NetworkSpec, ObjectKind};
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

async fn make(task: &Task, spec: NetworkSpec) -> Done {
    let name = spec.name.clone();
    task.ledger.making(ObjectKind::Network, &name);
    let made = task.engine.create_network(spec).await;
    let network = made.inspect_err(|error| task.ledger.not_made(ObjectKind::Network, &name, error))?;
    let node = task.step().node;
    task.ledger.made(node, ObjectKind::Network, &name, network.0.clone());
    task.facts.network_is(node, network);
    Ok(())
}
