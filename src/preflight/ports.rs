use std::collections::HashSet;
use std::net::{IpAddr, SocketAddr};

use tokio::net::{TcpListener, UdpSocket};

use super::Subject;
use crate::diagnostic::{Diagnostics, port_taken};
use crate::engine::{Engine, EngineInfo, PublishedPort, Result, labels};
use crate::model::{Port, Protocol, Runnable};

/// Who has a port of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// A container, by its name.
    Container(String),
    /// Something else on this machine.
    Process,
}

/// Who has each of these ports now; `None` where it is free, or the engine is to choose one.
pub async fn holders(engine: &dyn Engine, info: &EngineInfo, ports: &[&Port]) -> Result<Vec<Option<Holder>>> {
    if ports.iter().all(|port| port.host.is_none()) {
        return Ok(vec![None; ports.len()]);
    }
    let published = engine.published_ports().await?;
    let mut found = Vec::with_capacity(ports.len());
    for port in ports {
        let Some(host) = &port.host else {
            found.push(None);
            continue;
        };
        let holder = published.iter().find(|(_, held)| collides(held, port, host.value));
        found.push(match holder {
            Some((name, _)) => Some(Holder::Container(name.clone())),
            None if info.direct && !is_free(port, host.value).await => Some(Holder::Process),
            None => None,
        });
    }
    Ok(found)
}

/// Ports of the host that services ask for by number and that somebody has.
pub(super) async fn judged(subject: &Subject<'_>, engine: &dyn Engine, info: &EngineInfo) -> Result<Diagnostics> {
    let services = subject.pipeline.runnables().values().filter_map(|runnable| match runnable {
        Runnable::Service(service) => Some(service),
        Runnable::Stage(_) | Runnable::Acceptance(_) => None,
    });
    let ports: Vec<&Port> = services.flat_map(|service| &service.ports).filter(|port| port.host.is_some()).collect();
    let mut told = Diagnostics::new();
    let holders = holders(engine, info, &ports).await?;
    if holders.iter().all(Option::is_none) {
        return Ok(told);
    }
    let own = left_up(engine, subject.spec).await?;
    for (port, holder) in ports.into_iter().zip(holders) {
        let (Some(host), Some(holder)) = (&port.host, holder) else { continue };
        let name = match &holder {
            Holder::Container(name) if own.contains(name) => continue,
            Holder::Container(name) => Some(name.as_str()),
            Holder::Process => None,
        };
        told.push(port_taken(host.span, host.value, name));
    }
    Ok(told)
}

/// The containers that runs of this file left up on purpose.
async fn left_up(engine: &dyn Engine, spec: &str) -> Result<HashSet<String>> {
    let objects = engine.list(labels::SPEC, Some(spec)).await?.into_iter();
    Ok(objects.filter(|object| object.label(labels::KEEP).is_some()).map(|object| object.name).collect())
}

fn collides(held: &PublishedPort, asked: &Port, host: u16) -> bool {
    let everywhere = |ip: IpAddr| ip.is_unspecified();
    held.protocol.as_str() == asked.protocol.as_str()
        && held.host == host
        && (held.bind == asked.bind || everywhere(held.bind) || everywhere(asked.bind))
}

/// Whether this machine lets the port be taken; a port that may not be tried (below 1024) is left to the engine.
async fn is_free(port: &Port, host: u16) -> bool {
    let at = SocketAddr::new(port.bind, host);
    let tried = match port.protocol {
        Protocol::Tcp => TcpListener::bind(at).await.map(drop),
        Protocol::Udp => UdpSocket::bind(at).await.map(drop),
        Protocol::Sctp => Ok(()),
    };
    tried.err().is_none_or(|error| error.kind() != std::io::ErrorKind::AddrInUse)
}
