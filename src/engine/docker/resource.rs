use std::time::Duration;

use bollard::models::{NetworkCreateRequest, VolumeCreateRequest};
use bollard::query_parameters::{ListNetworksOptions, RemoveVolumeOptions};

use super::Docker;
use super::error::within;
use super::reference::path;
use crate::engine::{ErrorKind, NetworkId, NetworkSpec, Result, VolumeSpec};

/// How long a question may take.
const ASK: Duration = Duration::from_secs(10);
/// How long making or removing may take.
const CHANGE: Duration = Duration::from_secs(60);

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
        within(&operation, CHANGE, self.api.create_network(request)).await.map(|made| NetworkId(made.id))
    }

    pub(super) async fn drop_network(&self, network: &NetworkId) -> Result<()> {
        let operation = format!("remove network `{network}`");
        gone(within(&operation, CHANGE, self.api.remove_network(&network.0)).await)
    }

    /// By listing: asking for one by name fails where two have it.
    pub(super) async fn find_network(&self, name: &str) -> Result<Option<NetworkId>> {
        let operation = format!("find network `{name}`");
        let all = within(&operation, ASK, self.api.list_networks(None::<ListNetworksOptions>)).await?;
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
        within(&operation, CHANGE, self.api.create_volume(request)).await.map(|made| made.name)
    }

    pub(super) async fn drop_volume(&self, name: &str) -> Result<()> {
        let operation = format!("remove volume `{name}`");
        gone(within(&operation, CHANGE, self.api.remove_volume(path(name)?, None::<RemoveVolumeOptions>)).await)
    }

    pub(super) async fn find_volume(&self, name: &str) -> Result<bool> {
        let operation = format!("find volume `{name}`");
        match within(&operation, ASK, self.api.inspect_volume(path(name)?)).await {
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
