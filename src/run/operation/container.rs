use std::net::Ipv4Addr;

use super::{cache, host};
use crate::engine::{ContainerSpec, HealthSpec, MountSpec, NetworkId, PortSpec, Protocol};
use crate::model::{self, Command, Container, HealthTest, Healthcheck, Mount, Service};
use crate::run::end::Done;
use crate::run::session::Task;

/// The container of a node, with everything resolved; reached in its networks under `alias`.
pub(super) async fn spec(task: &Task, container: &Container, alias: Option<&str>) -> Done<ContainerSpec> {
    let (entrypoint, command) = process(task, container)?;
    let mut env = Vec::new();
    for (key, value) in &container.env {
        env.push((key.clone(), task.value_of(value)?));
    }
    let mut labels = task.fill_all(&task.plan.labels)?;
    labels.extend(task.fill_all(&container.labels)?);
    let labels = task.identity().labels(task.node(), labels);
    Ok(ContainerSpec {
        name: task.identity().object_name(task.node(), false),
        image: task.image_of(container)?.id,
        entrypoint,
        command,
        env,
        workdir: task.fill_any(&container.workdir)?,
        user: task.fill_any(&container.user)?,
        hostname: task.fill_any(&container.hostname)?,
        networks: networks(task, container, alias)?,
        mounts: mounts(task, container).await?,
        ports: Vec::new(),
        init: container.init,
        read_only: container.read_only,
        stop_signal: container.stop.signal.as_ref().map(|signal| signal.value.clone()),
        health: HealthSpec::None,
        labels,
        host: host::spec(task, container).await?,
        platform: container.platform.as_ref().map(|platform| platform.value.clone()),
        tty: container.tty,
        stdin: false,
    })
}

/// The ports of a service on the host: those that it declares, and, where its own address cannot be reached from here, those
/// that checks and tests go to.
pub(super) fn ports(task: &Task, service: &Service) -> Vec<PortSpec> {
    let mut ports: Vec<PortSpec> = service
        .ports
        .iter()
        .map(|port| PortSpec {
            container: port.container.value,
            protocol: match port.protocol {
                model::Protocol::Tcp => Protocol::Tcp,
                model::Protocol::Udp => Protocol::Udp,
                model::Protocol::Sctp => Protocol::Sctp,
            },
            bind: port.bind,
            host: port.host.as_ref().map(|host| host.value),
        })
        .collect();
    if !task.info.direct && !service.container.isolated {
        // Of another machine, only what is published at its other addresses is reached.
        let bind = if task.info.is_remote() { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST };
        for container in task.index.reached(&service.name.value) {
            let reached = |port: &PortSpec| {
                port.container == container && port.protocol == Protocol::Tcp && task.info.reaches(port.bind)
            };
            if !ports.iter().any(reached) {
                ports.push(PortSpec { container, protocol: Protocol::Tcp, bind: bind.into(), host: None });
            }
        }
    }
    ports
}

/// A service's healthcheck as the engine runs it too; none where pipe looks from the network side, since the image's own check
/// would tell another story.
pub(super) fn health(task: &Task, healthcheck: Option<&Healthcheck>) -> Done<HealthSpec> {
    let Some(healthcheck) = healthcheck else { return Ok(HealthSpec::Image) };
    let test = match &healthcheck.test {
        HealthTest::Shell(script) => vec!["CMD-SHELL".to_owned(), task.fill(script)?],
        HealthTest::Command(words) => {
            let words: Vec<String> = words.iter().map(|word| task.fill(word)).collect::<Done<_>>()?;
            std::iter::once("CMD".to_owned()).chain(words).collect()
        }
        HealthTest::Image(_) => return Ok(HealthSpec::Image),
        HealthTest::Http { .. } | HealthTest::Tcp { .. } | HealthTest::Log { .. } | HealthTest::None => {
            return Ok(HealthSpec::None);
        }
    };
    Ok(HealthSpec::Command {
        test,
        interval: healthcheck.interval,
        timeout: healthcheck.timeout,
        retries: healthcheck.retries,
        start_period: healthcheck.start_period,
        start_interval: healthcheck.start_interval,
    })
}

type Words = Option<Vec<String>>;

fn process(task: &Task, container: &Container) -> Done<(Words, Words)> {
    let fill = |words: &[_]| words.iter().map(|word| task.fill(word)).collect::<Done<Vec<String>>>();
    let entrypoint = container.entrypoint.as_deref().map(fill).transpose()?;
    Ok(match &container.command {
        None => (entrypoint, None),
        Some(Command::Exec { words, .. }) => (entrypoint, Some(fill(words)?)),
        Some(Command::Shell { script, interpreter, .. }) => {
            (Some(entrypoint.unwrap_or_default()), Some(interpreter.words(task.fill(script)?)))
        }
    })
}

/// The networks of a container, with what it is called in each.
pub(super) fn networks(task: &Task, container: &Container, alias: Option<&str>) -> Done<Vec<(NetworkId, Vec<String>)>> {
    if container.isolated {
        return Ok(Vec::new());
    }
    let own: Vec<String> = alias.map(str::to_owned).into_iter().collect();
    let mut networks = Vec::new();
    let run = task.index.run_network().and_then(|node| task.facts.network(node));
    networks.extend(run.map(|network| (network, own.clone())));
    for joined in &container.networks {
        let node = task.index.network(&joined.name.value);
        let Some(network) = node.and_then(|node| task.facts.network(node)) else { continue };
        let mut aliases = own.clone();
        for alias in &joined.aliases {
            aliases.push(task.fill(alias)?);
        }
        networks.push((network, aliases));
    }
    Ok(networks)
}

async fn mounts(task: &Task, container: &Container) -> Done<Vec<MountSpec>> {
    let mut mounts = Vec::new();
    for mount in &container.mounts {
        mounts.push(match mount {
            Mount::Volume(mount) => {
                let name = task.index.volume(&mount.volume.value).and_then(|node| task.facts.volume(node));
                let Some(name) = name else { continue };
                MountSpec::Volume { name, target: task.fill(&mount.target)?, read_only: mount.read_only }
            }
            Mount::Bind(mount) => MountSpec::Bind {
                source: task.path(&mount.source.value),
                target: task.fill(&mount.target)?,
                read_only: mount.read_only,
            },
            Mount::Cache(mount) => MountSpec::Volume {
                name: cache::volume(task, &task.fill(&mount.name)?, mount.name.span).await?,
                target: task.fill(&mount.target)?,
                read_only: mount.read_only,
            },
            Mount::Tmpfs(mount) => {
                MountSpec::Tmpfs { target: task.fill(&mount.target)?, size: mount.size.map(|size| size.0) }
            }
        });
    }
    Ok(mounts)
}
