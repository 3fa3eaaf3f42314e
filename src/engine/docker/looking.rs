use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};

use bollard::models::{ContainerStateStatusEnum, EndpointSettings, HealthStatusEnum, ImageSummary, PortSummary};
use bollard::query_parameters::{
    InspectContainerOptions, ListContainersOptionsBuilder, ListImagesOptionsBuilder, ListNetworksOptionsBuilder,
    ListVolumesOptionsBuilder,
};

use super::Docker;
use super::address::Address;
use super::time::seconds;
use crate::engine::{
    ContainerId, ContainerState, ContainerStatus, EngineInfo, ImageId, Joined, NetworkId, Object, ObjectKind, Protocol,
    PublishedPort, Result,
};

impl Docker {
    /// Who is there.
    pub(super) async fn who(&self) -> Result<EngineInfo> {
        let info = self.line.ask("ask the engine who it is", self.line.patience.ask, || self.api.info()).await?;
        let system = info.operating_system.unwrap_or_default();
        let address = self.dialer.address();
        let local = matches!(address, Address::Unix(_)) && cfg!(target_os = "linux");
        let rootless = info.security_options.unwrap_or_default().iter().any(|option| option.contains("rootless"));
        Ok(EngineInfo {
            host: self.dialer.host().await?,
            address: address.to_string(),
            version: info.server_version.unwrap_or_default(),
            api_version: self.version.to_string(),
            platform: platform(info.os_type.as_deref(), info.architecture.as_deref()),
            cpus: usize::try_from(info.ncpu.unwrap_or(1)).unwrap_or(1).max(1),
            // Docker Desktop has its containers in a machine of its own, a rootless engine in a network of its own.
            direct: local && !rootless && !system.contains("Docker Desktop"),
        })
    }

    /// What a container is doing.
    pub(super) async fn look_at(&self, id: &ContainerId) -> Result<ContainerState> {
        let operation = format!("inspect container `{id}`");
        let ask = || self.api.inspect_container(&id.0, None::<InspectContainerOptions>);
        let found = self.line.ask(&operation, self.line.patience.ask, ask).await?;
        let state = found.state.unwrap_or_default();
        let status = match state.status {
            Some(ContainerStateStatusEnum::RUNNING | ContainerStateStatusEnum::STOPPING) => ContainerStatus::Running,
            Some(ContainerStateStatusEnum::PAUSED) => ContainerStatus::Paused,
            Some(ContainerStateStatusEnum::RESTARTING) => ContainerStatus::Restarting,
            Some(ContainerStateStatusEnum::EXITED) => ContainerStatus::Exited,
            Some(ContainerStateStatusEnum::REMOVING | ContainerStateStatusEnum::DEAD) => ContainerStatus::Dead,
            Some(ContainerStateStatusEnum::CREATED | ContainerStateStatusEnum::EMPTY) | None => {
                ContainerStatus::Created
            }
        };
        let settings = found.network_settings.unwrap_or_default();
        let networks = settings.networks.unwrap_or_default();
        let mut joined: Vec<Joined> = networks.into_values().filter_map(joined).collect();
        joined.sort_unstable_by(|one, other| one.network.0.cmp(&other.network.0));
        let mut addresses: Vec<IpAddr> =
            joined.iter().flat_map(|joined| &joined.addresses).filter(|address| address.is_ipv4()).copied().collect();
        // Networks come in no order, and the first address is the one that is spoken to.
        addresses.sort_unstable();
        let mut ports = Vec::new();
        for (container, bindings) in settings.ports.unwrap_or_default() {
            for binding in bindings.unwrap_or_default() {
                ports.extend(published(&container, binding.host_ip.as_deref(), binding.host_port.as_deref()));
            }
        }
        ports.sort_by_key(|port| (port.protocol, port.container, port.host, port.bind));
        Ok(ContainerState {
            status,
            exit_code: state.exit_code.unwrap_or_default(),
            oom_killed: state.oom_killed.unwrap_or_default(),
            error: state.error.unwrap_or_default(),
            ports,
            addresses,
            networks: joined,
            health: health(state.health.and_then(|health| health.status)).to_owned(),
            image: ImageId(found.image.unwrap_or_default()),
        })
    }

    /// Everything that carries this label.
    pub(super) async fn labelled(&self, label: &str, value: Option<&str>) -> Result<Vec<Object>> {
        let wanted = value.map_or_else(|| label.to_owned(), |value| format!("{label}={value}"));
        let filters = HashMap::from([("label".to_owned(), vec![wanted])]);
        let operation = format!("list what carries `{label}`");
        let containers = ListContainersOptionsBuilder::default().all(true).filters(&filters).build();
        let networks = ListNetworksOptionsBuilder::default().filters(&filters).build();
        let volumes = ListVolumesOptionsBuilder::default().filters(&filters).build();
        let images = ListImagesOptionsBuilder::default().filters(&filters).build();
        let limit = self.line.patience.ask;
        let (containers, networks, volumes, images) = tokio::try_join!(
            self.line.ask(&operation, limit, || self.api.list_containers(Some(containers.clone()))),
            self.line.ask(&operation, limit, || self.api.list_networks(Some(networks.clone()))),
            self.line.ask(&operation, limit, || self.api.list_volumes(Some(volumes.clone()))),
            self.line.ask(&operation, limit, || self.api.list_images(Some(images.clone()))),
        )?;
        let containers = containers.into_iter().map(|it| Object {
            kind: ObjectKind::Container,
            id: it.id.unwrap_or_default(),
            name: first_name(it.names),
            labels: sorted(it.labels),
            created: it.created.unwrap_or_default(),
            size: 0,
            status: it.state.map(|state| state.to_string()).unwrap_or_default(),
        });
        let networks = networks.into_iter().map(|it| Object {
            kind: ObjectKind::Network,
            id: it.id.unwrap_or_default(),
            name: it.name.unwrap_or_default(),
            labels: sorted(it.labels),
            created: seconds(it.created.as_deref().unwrap_or_default()),
            size: 0,
            status: String::new(),
        });
        let volumes = volumes.volumes.unwrap_or_default().into_iter().map(|it| Object {
            kind: ObjectKind::Volume,
            id: it.name.clone(),
            name: it.name,
            labels: sorted(Some(it.labels)),
            created: seconds(it.created_at.as_deref().unwrap_or_default()),
            size: 0,
            status: String::new(),
        });
        let images = images.into_iter().map(image);
        Ok(containers.chain(networks).chain(volumes).chain(images).collect())
    }

    /// The ports that running containers hold, whoever made them.
    pub(super) async fn ports_held(&self) -> Result<Vec<(String, PublishedPort)>> {
        let options = ListContainersOptionsBuilder::default().build();
        let list = || self.api.list_containers(Some(options.clone()));
        let running = self.line.ask("list published ports", self.line.patience.ask, list).await?;
        let of = |ports: Option<Vec<PortSummary>>| ports.unwrap_or_default().into_iter().filter_map(held);
        let held = running.into_iter().flat_map(|container| {
            let name = first_name(container.names);
            of(container.ports).map(move |port| (name.clone(), port))
        });
        Ok(held.collect())
    }
}

/// The platform of a machine, of the kernel's word for its processor.
/// A network that a container is in; not one that it is only configured for.
fn joined(settings: EndpointSettings) -> Option<Joined> {
    let written = [settings.ip_address, settings.global_ipv6_address];
    let addresses: Vec<IpAddr> = written.iter().flatten().filter_map(|address| address.parse().ok()).collect();
    let network = NetworkId(settings.network_id.filter(|id| !id.is_empty())?);
    (!addresses.is_empty()).then(|| Joined { network, addresses, names: settings.aliases.unwrap_or_default() })
}

fn health(status: Option<HealthStatusEnum>) -> &'static str {
    match status {
        Some(HealthStatusEnum::HEALTHY) => "healthy",
        Some(HealthStatusEnum::UNHEALTHY) => "unhealthy",
        Some(HealthStatusEnum::STARTING) => "starting",
        Some(HealthStatusEnum::NONE | HealthStatusEnum::EMPTY) | None => "",
    }
}

fn platform(os: Option<&str>, processor: Option<&str>) -> String {
    let (Some(os), Some(processor)) = (os, processor) else { return String::new() };
    let architecture = match processor {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "armv7l" => "arm/v7",
        "armv6l" => "arm/v6",
        "i386" | "i686" => "386",
        other => other,
    };
    format!("{os}/{architecture}")
}

fn image(it: ImageSummary) -> Object {
    Object {
        kind: ObjectKind::Image,
        name: it.repo_tags.into_iter().find(|tag| !tag.contains("<none>")).unwrap_or_default(),
        id: it.id,
        labels: sorted(Some(it.labels)),
        created: it.created,
        size: u64::try_from(it.size).unwrap_or_default(),
        status: String::new(),
    }
}

/// The API puts a slash before the names of containers.
fn first_name(names: Option<Vec<String>>) -> String {
    let name = names.unwrap_or_default().into_iter().next().unwrap_or_default();
    name.trim_start_matches('/').to_owned()
}

fn sorted(labels: Option<HashMap<String, String>>) -> Vec<(String, String)> {
    let mut labels: Vec<_> = labels.unwrap_or_default().into_iter().collect();
    labels.sort();
    labels
}

fn held(port: PortSummary) -> Option<PublishedPort> {
    let bind = port.ip.and_then(|ip| ip.parse().ok()).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let protocol = port.typ.and_then(|typ| Protocol::named(typ.as_ref())).unwrap_or_default();
    port.public_port.map(|host| PublishedPort { container: port.private_port, protocol, bind, host })
}

/// `80/tcp` on `0.0.0.0:32768`.
fn published(container: &str, bind: Option<&str>, host: Option<&str>) -> Option<PublishedPort> {
    let (container, protocol) = container.split_once('/').unwrap_or((container, "tcp"));
    let (container, protocol) = (container.parse().ok()?, Protocol::named(protocol)?);
    let bind = bind.and_then(|bind| bind.parse().ok()).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    Some(PublishedPort { container, protocol, bind, host: host?.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_processor_has_the_name_that_images_give_it() {
        assert_eq!(platform(Some("linux"), Some("x86_64")), "linux/amd64");
        assert_eq!(platform(Some("linux"), Some("s390x")), "linux/s390x");
        assert_eq!(platform(None, Some("x86_64")), "");
    }

    #[test]
    fn published_ports_are_read_from_the_notation_of_the_api() {
        let port = published("8000/tcp", Some("127.0.0.1"), Some("32768")).expect("a port");
        assert_eq!(
            port,
            PublishedPort { container: 8000, protocol: Protocol::Tcp, bind: [127, 0, 0, 1].into(), host: 32768 }
        );
        assert!(published("8000/tcp", Some(""), Some("")).is_none());
        assert!(published("nonsense", None, Some("1")).is_none());
    }
}
