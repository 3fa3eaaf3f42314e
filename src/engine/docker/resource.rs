use std::time::Duration;

use bollard::models::{NetworkCreateRequest, NetworkDisconnectRequest, VolumeCreateRequest};
use bollard::query_parameters::{InspectNetworkOptions, ListNetworksOptions, RemoveVolumeOptions};

use tokio::time::sleep;

use super::Docker;
use super::error::within;
use super::line::Tries;
use super::reference::path;
use crate::engine::{ErrorKind, NetworkId, NetworkSpec, Result, VolumeSpec};

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
        gone(self.line.ask(&operation, self.line.patience.change, || self.api.remove_network(&network.0)).await)
    }

    pub(super) async fn empty_network(&self, network: &NetworkId) -> Result<()> {
        let operation = format!("take containers out of network `{network}`");
        let (ask, change) = (self.line.patience.ask, self.line.patience.change);
        let looked =
            self.line.ask(&operation, ask, || self.api.inspect_network(&network.0, None::<InspectNetworkOptions>));
        let members = match looked.await {
            Err(error) if matches!(error.kind, ErrorKind::NotFound) => return Ok(()),
            found => found?.containers.unwrap_or_default(),
        };
        for (id, endpoint) in members {
            // An endpoint that has outlived its container is known by its name alone.
            let container = if id.starts_with("ep-") { endpoint.name.unwrap_or(id) } else { id };
            let request = NetworkDisconnectRequest { container: container.clone(), force: Some(true) };
            let leave = || self.api.disconnect_network(&network.0, request.clone());
            gone(self.line.ask(&operation, change, leave).await)?;
        }
        Ok(())
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
