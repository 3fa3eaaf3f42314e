use std::collections::HashMap;
use std::time::Duration;

use bollard::models::{
    EndpointResource, EndpointSettings, NetworkConnectRequest, NetworkCreateRequest, NetworkDisconnectRequest,
    VolumeCreateRequest,
};
use bollard::query_parameters::{InspectNetworkOptions, ListNetworksOptions, RemoveVolumeOptions};

use tokio::time::sleep;

use super::Docker;
use super::error::within;
use super::line::Tries;
use super::reference::path;
use crate::engine::{ContainerId, ErrorKind, NetworkId, NetworkSpec, Result, VolumeSpec};

/// How often, and how soon each time, a network is looked for whose making was asked for and not answered.
const LOOKS: usize = 10;
const SOON: Duration = Duration::from_millis(100);

impl Docker {
    pub(super) async fn make_network(&self, spec: NetworkSpec) -> Result<NetworkId> {
        let operation = format!("create network `{}`", spec.name);
        let request = NetworkCreateRequest {
            name: spec.name,
            driver: Some(spec.driver.unwrap_or_else(|| "bridge".into())),
            internal: Some(spec.internal),
            options: Some(spec.driver_opts.into_iter().collect()),
            labels: Some(spec.labels.into_iter().collect()),
            ..Default::default()
        };
        let mut tries = Tries::default();
        loop {
            let make = self.api.create_network(request.clone());
            match within(&operation, self.line.patience.change, make).await {
                Err(error) if error.is_of_contact() && !matches!(error.kind, ErrorKind::TimedOut) => {
                    self.line.regain(&operation, error, &mut tries).await?;
                }
                made => return made.map(|made| NetworkId(made.id)),
            }
            // The answer was lost; the network may be there, or soon be. Its name is ours alone.
            self.line.doubt();
            for _ in 0..LOOKS {
                if let Some(made) = self.find_network(&request.name).await? {
                    return Ok(made);
                }
                sleep(SOON).await;
            }
        }
    }

    pub(super) async fn drop_network(&self, network: &NetworkId) -> Result<()> {
        let operation = format!("remove network `{network}`");
        let remove = || self.api.remove_network(&network.0);
        let mut removed = gone(self.line.ask(&operation, self.line.patience.change, remove).await);
        if let Err(error) = &mut removed
            && matches!(error.kind, ErrorKind::Conflict)
            && self.members(network, &operation).await.is_ok_and(|members| members.is_empty())
        {
            // It counts them apart, and under load the count may be lost for good: moby/moby#42119.
            error
                .message
                .push_str("; no container is in it: Docker has miscounted, and lets go of it at its next start");
        }
        removed
    }

    /// What is in a network; nothing in one that is gone.
    async fn members(&self, network: &NetworkId, operation: &str) -> Result<HashMap<String, EndpointResource>> {
        let look = || self.api.inspect_network(&network.0, None::<InspectNetworkOptions>);
        match self.line.ask(operation, self.line.patience.ask, look).await {
            Err(error) if matches!(error.kind, ErrorKind::NotFound) => Ok(HashMap::new()),
            found => Ok(found?.containers.unwrap_or_default()),
        }
    }

    pub(super) async fn empty_network(&self, network: &NetworkId) -> Result<()> {
        let operation = format!("take containers out of network `{network}`");
        let change = self.line.patience.change;
        for (id, endpoint) in self.members(network, &operation).await? {
            // An endpoint that has outlived its container is known by its name alone.
            let container = if id.starts_with("ep-") { endpoint.name.unwrap_or(id) } else { id };
            let request = NetworkDisconnectRequest { container: container.clone(), force: Some(true) };
            let leave = || self.api.disconnect_network(&network.0, request.clone());
            gone(self.line.ask(&operation, change, leave).await)?;
        }
        Ok(())
    }

    pub(super) async fn take_off(&self, container: &ContainerId, network: &NetworkId) -> Result<()> {
        let operation = format!("take container `{container}` out of network `{network}`");
        if !self.is_member(container, network).await? {
            return Ok(());
        }
        let request = NetworkDisconnectRequest { container: container.0.clone(), force: Some(false) };
        let leave = || self.api.disconnect_network(&network.0, request.clone());
        self.line.ask(&operation, self.line.patience.change, leave).await
    }

    pub(super) async fn put_on(&self, container: &ContainerId, network: &NetworkId, names: &[String]) -> Result<()> {
        let operation = format!("put container `{container}` into network `{network}`");
        let settings = EndpointSettings { aliases: Some(names.to_vec()), ..Default::default() };
        let request = NetworkConnectRequest { container: container.0.clone(), endpoint_config: Some(settings) };
        let join = || self.api.connect_network(&network.0, request.clone());
        match self.line.ask(&operation, self.line.patience.change, join).await {
            // An answer may have been lost, and the question asked again.
            Err(_) if self.is_member(container, network).await? => Ok(()),
            joined => joined,
        }
    }

    async fn is_member(&self, container: &ContainerId, network: &NetworkId) -> Result<bool> {
        Ok(self.look_at(container).await?.networks.iter().any(|joined| joined.network == *network))
    }

    /// By listing: asking for one by name fails where two have it.
    pub(super) async fn find_network(&self, name: &str) -> Result<Option<NetworkId>> {
        let operation = format!("find network `{name}`");
        let list = || self.api.list_networks(None::<ListNetworksOptions>);
        let all = self.line.ask(&operation, self.line.patience.ask, list).await?;
        let fits = |wanted: &Option<String>| wanted.as_deref() == Some(name);
        let found = all.into_iter().find(|network| fits(&network.name) || fits(&network.id));
        Ok(found.and_then(|network| network.id).map(NetworkId))
    }

    pub(super) async fn make_volume(&self, spec: VolumeSpec) -> Result<String> {
        let operation = format!("create volume `{}`", spec.name);
        let request = VolumeCreateRequest {
            name: Some(spec.name),
            driver: Some(spec.driver.unwrap_or_else(|| "local".into())),
            driver_opts: Some(spec.driver_opts.into_iter().collect()),
            labels: Some(spec.labels.into_iter().collect()),
            ..Default::default()
        };
        // One of this name that is there already is answered as if it had just been made.
        let make = || self.api.create_volume(request.clone());
        self.line.ask(&operation, self.line.patience.change, make).await.map(|made| made.name)
    }

    pub(super) async fn drop_volume(&self, name: &str) -> Result<()> {
        let operation = format!("remove volume `{name}`");
        let name = path(name)?;
        let remove = || self.api.remove_volume(name, None::<RemoveVolumeOptions>);
        gone(self.line.ask(&operation, self.line.patience.change, remove).await)
    }

    pub(super) async fn find_volume(&self, name: &str) -> Result<bool> {
        let operation = format!("find volume `{name}`");
        let name = path(name)?;
        match self.line.ask(&operation, self.line.patience.ask, || self.api.inspect_volume(name)).await {
            Err(error) if matches!(error.kind, ErrorKind::NotFound) => Ok(false),
            result => result.map(|_| true),
        }
    }
}

/// Removing what is gone already succeeds.
pub(super) fn gone(result: Result<()>) -> Result<()> {
    match result {
        Err(error) if matches!(error.kind, ErrorKind::NotFound) => Ok(()),
        result => result,
    }
}
