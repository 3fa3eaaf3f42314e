use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use bollard::models::{
    ContainerCreateBody, EndpointSettings, HealthConfig, HostConfig, Mount, MountTmpfsOptions, MountType,
    NetworkConnectRequest, NetworkingConfig, PortBinding,
};
use bollard::query_parameters::{CreateContainerOptions, CreateContainerOptionsBuilder, InspectContainerOptions};
use tokio::time::sleep;

use super::Docker;
use super::dialer::ApiVersion;
use super::error::within;
use super::host;
use super::line::Tries;
use crate::engine::{ContainerId, ContainerSpec, EngineError, ErrorKind, HealthSpec, MountSpec, PortSpec, Result};

/// How soon a container is looked for again that is still being made.
const SOON: Duration = Duration::from_millis(100);
/// Since this version a healthcheck has an interval of its own within its start period.
const START_INTERVAL: ApiVersion = ApiVersion { major: 1, minor: 44 };

impl Docker {
    /// Makes a container in its first network, and connects it to the others before it can start: older engines take only one at creation.
    pub(super) async fn make_container(&self, spec: ContainerSpec) -> Result<ContainerId> {
        let operation = format!("create container `{}`", spec.name);
        if let Some(path) = spec.mounts.iter().find_map(unspeakable) {
            let message = format!("the API speaks UTF-8, which the path `{}` is not", path.display());
            return Err(EngineError::new(ErrorKind::CannotStart, operation, message));
        }
        let options = CreateContainerOptionsBuilder::default().name(&spec.name);
        let options = match &spec.platform {
            Some(platform) => options.platform(platform),
            None => options,
        };
        let options = options.build();
        let body = body(&spec, self.version);
        let id = self.create_once(&operation, &spec, options, body).await?;
        self.lives.terminal_is(&id, spec.tty);
        for (network, aliases) in spec.networks.iter().skip(1) {
            let endpoint_config = Some(EndpointSettings { aliases: Some(aliases.clone()), ..Default::default() });
            let request = NetworkConnectRequest { container: id.0.clone(), endpoint_config };
            let connect = || self.api.connect_network(&network.0, request.clone());
            let connected = match self.line.ask(&operation, self.line.patience.change, connect).await {
                // By a call whose answer was lost.
                Err(error) if error.message.contains("already exists in network") => Ok(()),
                connected => connected,
            };
            if let Err(error) = connected {
                // What could not be made whole must not stay; why it could not is what the caller wants to know.
                let _ = self.drop_container(&id).await;
                return Err(error);
            }
        }
        Ok(id)
    }

    /// Makes it, once: where the answer is lost, the one that bears the name and our labels is it.
    async fn create_once(
        &self,
        operation: &str,
        spec: &ContainerSpec,
        options: CreateContainerOptions,
        body: ContainerCreateBody,
    ) -> Result<ContainerId> {
        let mut tries = Tries::default();
        let mut may_be_there = false;
        loop {
            let create = self.api.create_container(Some(options.clone()), body.clone());
            let error = match within(operation, self.line.patience.change, create).await {
                Ok(made) => return Ok(ContainerId(made.id)),
                Err(error) => error,
            };
            match &error.kind {
                ErrorKind::Conflict if may_be_there => match self.is_ours(spec).await? {
                    Some(true) => return self.id_of_container(&spec.name).await,
                    Some(false) => return Err(error),
                    // The name is taken, and what takes it is still being made.
                    None => sleep(SOON).await,
                },
                ErrorKind::Unreachable(_) | ErrorKind::Forbidden | ErrorKind::Broken => {
                    may_be_there = true;
                    self.line.doubt();
                    self.line.regain(operation, error, &mut tries).await?;
                }
                _ => return Err(error),
            }
        }
    }

    /// Whether the container of this name bears the labels that it was to be made with; `None` where there is none.
    async fn is_ours(&self, spec: &ContainerSpec) -> Result<Option<bool>> {
        let ask = || self.api.inspect_container(&spec.name, None::<InspectContainerOptions>);
        let operation = format!("inspect container `{}`", spec.name);
        let labels = match self.line.ask(&operation, self.line.patience.ask, ask).await {
            Err(error) if matches!(error.kind, ErrorKind::NotFound) => return Ok(None),
            found => found?.config.and_then(|config| config.labels).unwrap_or_default(),
        };
        Ok(Some(spec.labels.iter().all(|(name, value)| labels.get(name) == Some(value))))
    }

    async fn id_of_container(&self, name: &str) -> Result<ContainerId> {
        let ask = || self.api.inspect_container(name, None::<InspectContainerOptions>);
        let found = self.line.ask(&format!("inspect container `{name}`"), self.line.patience.ask, ask).await?;
        Ok(ContainerId(found.id.unwrap_or_default()))
    }
}

/// The source of a mount that JSON cannot name.
fn unspeakable(mount: &MountSpec) -> Option<&Path> {
    match mount {
        MountSpec::Bind { source, .. } if source.to_str().is_none() => Some(source),
        MountSpec::Bind { .. } | MountSpec::Volume { .. } | MountSpec::Anonymous { .. } | MountSpec::Tmpfs { .. } => {
            None
        }
    }
}

/// The specification in the API's form.
fn body(spec: &ContainerSpec, version: ApiVersion) -> ContainerCreateBody {
    ContainerCreateBody {
        image: Some(spec.image.0.clone()),
        entrypoint: spec.entrypoint.clone(),
        cmd: spec.command.clone(),
        env: Some(spec.env.iter().map(|(name, value)| format!("{name}={value}")).collect()),
        working_dir: spec.workdir.clone(),
        user: spec.user.clone(),
        hostname: spec.hostname.clone(),
        exposed_ports: Some(spec.ports.iter().map(name_of).collect()),
        stop_signal: spec.stop_signal.clone(),
        healthcheck: health(&spec.health, version),
        labels: Some(spec.labels.iter().cloned().collect()),
        tty: Some(spec.tty),
        open_stdin: Some(spec.stdin),
        stdin_once: Some(spec.stdin),
        attach_stdout: Some(true),
        attach_stderr: Some(true),
        host_config: Some(host_config(spec)),
        networking_config: networking(spec),
        ..Default::default()
    }
}

fn host_config(spec: &ContainerSpec) -> HostConfig {
    let mut bindings: HashMap<String, Option<Vec<PortBinding>>> = HashMap::new();
    for port in &spec.ports {
        let binding = PortBinding {
            host_ip: Some(port.bind.to_string()),
            host_port: Some(port.host.map_or_else(String::new, |host| host.to_string())),
        };
        bindings.entry(name_of(port)).or_default().get_or_insert_default().push(binding);
    }
    HostConfig {
        network_mode: Some(spec.networks.first().map_or("none", |(network, _)| network.0.as_str()).to_owned()),
        port_bindings: Some(bindings),
        mounts: Some(spec.mounts.iter().map(mount).collect()),
        init: Some(spec.init),
        readonly_rootfs: Some(spec.read_only),
        ..host::host(&spec.host)
    }
}

/// `8000/tcp`.
fn name_of(port: &PortSpec) -> String {
    format!("{}/{}", port.container, port.protocol.as_str())
}

fn networking(spec: &ContainerSpec) -> Option<NetworkingConfig> {
    let (network, aliases) = spec.networks.first()?;
    let endpoint = EndpointSettings { aliases: Some(aliases.clone()), ..Default::default() };
    Some(NetworkingConfig { endpoints_config: Some(HashMap::from([(network.0.clone(), endpoint)])) })
}

fn mount(mount: &MountSpec) -> Mount {
    match mount {
        MountSpec::Volume { name, target, read_only } => Mount {
            typ: Some(MountType::VOLUME),
            source: Some(name.clone()),
            target: Some(target.clone()),
            read_only: Some(*read_only),
            ..Default::default()
        },
        MountSpec::Bind { source, target, read_only } => Mount {
            typ: Some(MountType::BIND),
            source: Some(source.to_string_lossy().into_owned()),
            target: Some(target.clone()),
            read_only: Some(*read_only),
            ..Default::default()
        },
        MountSpec::Anonymous { target } => {
            Mount { typ: Some(MountType::VOLUME), target: Some(target.clone()), ..Default::default() }
        }
        MountSpec::Tmpfs { target, size } => Mount {
            typ: Some(MountType::TMPFS),
            target: Some(target.clone()),
            tmpfs_options: size.map(|size| MountTmpfsOptions {
                size_bytes: Some(i64::try_from(size).unwrap_or(i64::MAX)),
                ..Default::default()
            }),
            ..Default::default()
        },
    }
}

fn health(spec: &HealthSpec, version: ApiVersion) -> Option<HealthConfig> {
    let nanoseconds = |time: &Duration| Some(i64::try_from(time.as_nanos()).unwrap_or(i64::MAX));
    match spec {
        HealthSpec::Image => None,
        HealthSpec::None => Some(HealthConfig { test: Some(vec!["NONE".into()]), ..Default::default() }),
        HealthSpec::Command { test, interval, timeout, retries, start_period, start_interval } => Some(HealthConfig {
            test: Some(test.clone()),
            interval: nanoseconds(interval),
            timeout: nanoseconds(timeout),
            retries: Some(i64::from(*retries)),
            start_period: nanoseconds(start_period),
            start_interval: start_interval.as_ref().filter(|_| version >= START_INTERVAL).and_then(nanoseconds),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{ImageId, NetworkId, Protocol};

    const OLD: ApiVersion = ApiVersion { major: 1, minor: 41 };

    fn spec() -> ContainerSpec {
        ContainerSpec {
            name: "n".into(),
            image: ImageId("sha256:1".into()),
            entrypoint: Some(vec![]),
            command: None,
            env: vec![("A".into(), "b=c".into())],
            workdir: None,
            user: None,
            hostname: None,
            networks: vec![],
            mounts: vec![],
            ports: vec![],
            init: true,
            read_only: false,
            stop_signal: None,
            health: HealthSpec::Image,
            labels: vec![],
            ..ContainerSpec::default()
        }
    }

    fn json(spec: &ContainerSpec, version: ApiVersion) -> serde_json::Value {
        serde_json::to_value(body(spec, version)).expect("the models are JSON")
    }

    #[test]
    fn a_path_that_json_cannot_name_is_refused_and_not_guessed() {
        use std::os::unix::ffi::OsStrExt;
        let bind = |path: &[u8]| MountSpec::Bind {
            source: Path::new(std::ffi::OsStr::from_bytes(path)).to_owned(),
            target: "/t".into(),
            read_only: false,
        };
        assert_eq!(unspeakable(&bind(b"/\xff/a")), Some(Path::new(std::ffi::OsStr::from_bytes(b"/\xff/a"))));
        assert_eq!(unspeakable(&bind("/é/a".as_bytes())), None);
    }

    #[test]
    fn no_network_is_said_and_no_entrypoint_is_an_empty_list() {
        let value = json(&spec(), OLD);
        assert_eq!(value["HostConfig"]["NetworkMode"], "none");
        assert_eq!(value["Entrypoint"], serde_json::json!([]));
        assert_eq!(value["Env"], serde_json::json!(["A=b=c"]));
        assert!(value.get("Cmd").is_none());
    }

    #[test]
    fn the_first_network_stands_in_the_creation_with_its_aliases() {
        let networks = vec![(NetworkId("n1".into()), vec!["db".into()]), (NetworkId("n2".into()), vec![])];
        let value = json(&ContainerSpec { networks, ..spec() }, OLD);
        assert_eq!(value["HostConfig"]["NetworkMode"], "n1");
        let endpoints = value["NetworkingConfig"]["EndpointsConfig"].as_object().expect("endpoints");
        assert_eq!(endpoints.len(), 1);
        assert_eq!(endpoints["n1"]["Aliases"], serde_json::json!(["db"]));
    }

    #[test]
    fn ports_of_one_container_port_stand_side_by_side() {
        let port = |host| PortSpec { container: 80, protocol: Protocol::Tcp, bind: [127, 0, 0, 1].into(), host };
        let value = json(&ContainerSpec { ports: vec![port(Some(8080)), port(None)], ..spec() }, OLD);
        let bindings = &value["HostConfig"]["PortBindings"]["80/tcp"];
        assert_eq!(bindings[0]["HostPort"], "8080");
        assert_eq!(bindings[1]["HostPort"], "");
        assert_eq!(bindings[1]["HostIp"], "127.0.0.1");
    }

    #[test]
    fn the_start_interval_is_for_those_who_know_it() {
        let second = Duration::from_secs(1);
        let health = HealthSpec::Command {
            test: vec!["CMD".into(), "true".into()],
            interval: second,
            timeout: second,
            retries: 3,
            start_period: second,
            start_interval: Some(Duration::from_millis(500)),
        };
        let spec = ContainerSpec { health, ..spec() };
        assert!(json(&spec, OLD)["Healthcheck"].get("StartInterval").is_none());
        assert_eq!(json(&spec, START_INTERVAL)["Healthcheck"]["StartInterval"], 500_000_000);
        assert_eq!(json(&spec, OLD)["Healthcheck"]["Interval"], 1_000_000_000);
        let none = ContainerSpec { health: HealthSpec::None, ..spec };
        assert_eq!(json(&none, OLD)["Healthcheck"]["Test"], serde_json::json!(["NONE"]));
    }
}
