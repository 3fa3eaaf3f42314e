use std::net::{IpAddr, SocketAddr};

use tokio::net::{TcpListener, UdpSocket};

use super::session::Session;
use crate::engine::{Protocol, PublishedPort, Result};
use crate::event::Failure;
use crate::model::{self, Port};
use crate::plan::{Operation, StepId};

/// Steps that will fail for want of a port of the host, found before anything is started: the step, and who holds the port.
pub(super) async fn taken_ports(session: &Session) -> Result<Vec<(StepId, Failure)>> {
    let mut asked = Vec::new();
    for step in &session.plan.steps {
        if let Operation::StartService(service) = &step.operation {
            asked.extend(service.ports.iter().filter(|port| port.host.is_some()).map(|port| (step.id, port)));
        }
    }
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let published = session.engine.published_ports().await?;
    let mut taken = Vec::new();
    for (step, port) in asked {
        let Some(host) = &port.host else { continue };
        let holder = published.iter().find(|(_, held)| collides(held, port, host.value)).map(|(name, _)| name.clone());
        if holder.is_some() || (session.info.direct && !is_free(port, host.value).await) {
            taken.push((step, Failure::PortTaken { port: host.value, span: Some(host.span), holder }));
        }
    }
    Ok(taken)
}

fn collides(held: &PublishedPort, asked: &Port, host: u16) -> bool {
    let everywhere = |ip: IpAddr| ip.is_unspecified();
    is_same(held.protocol, asked.protocol)
        && held.host == host
        && (held.bind == asked.bind || everywhere(held.bind) || everywhere(asked.bind))
}

/// Whether this machine lets the port be taken; a port that may not be tried (below 1024) is left to the engine.
async fn is_free(port: &Port, host: u16) -> bool {
    let at = SocketAddr::new(port.bind, host);
    let tried = match port.protocol {
        model::Protocol::Tcp => TcpListener::bind(at).await.map(drop),
        model::Protocol::Udp => UdpSocket::bind(at).await.map(drop),
        model::Protocol::Sctp => Ok(()),
    };
    tried.err().is_none_or(|error| error.kind() != std::io::ErrorKind::AddrInUse)
}

fn is_same(held: Protocol, asked: model::Protocol) -> bool {
    held.as_str() == asked.as_str()
}
