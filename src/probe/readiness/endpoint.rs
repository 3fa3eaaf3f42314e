use std::net::SocketAddr;

use crate::engine::{ContainerState, EngineInfo, ImageFacts, Protocol};
use crate::model::{self, Command, Container, HealthTest, Healthcheck, Service, Text};

/// Where a port of a container is reached from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endpoint {
    /// The address to connect to.
    pub address: SocketAddr,
    /// The container's port.
    pub port: u16,
    /// It is a port published on the host: the engine's proxy takes connections there whether or not anybody listens inside,
    /// and closes them at once where nobody does.
    pub published: bool,
}

/// Where `port` of a container is reached from here: at its own address where that is possible, else where it is published.
pub fn endpoint(info: &EngineInfo, state: &ContainerState, port: u16) -> Option<Endpoint> {
    let own = state.addresses.first().filter(|_| info.direct).map(|ip| Endpoint {
        address: SocketAddr::new(*ip, port),
        port,
        published: false,
    });
    own.or_else(|| {
        let mut published = state.ports.iter().filter(|it| it.container == port && it.protocol == Protocol::Tcp);
        let address = published.find_map(|published| info.reached(published))?;
        Some(Endpoint { address, port, published: true })
    })
}

/// Ports of which one must take a connection before a passed command counts.
///
/// A database image starts a temporary server without networking while it initialises; a check over its socket passes then.
/// So a command's word is confirmed from the network side, at the ports that the service declares, else at those that its
/// image exposes while its own program runs. An author who asked for `successes` or `stable` has a guard of
/// his own, and a service that uses no port has none to confirm.
pub fn to_confirm(health: &Healthcheck, service: &Service, image: &ImageFacts) -> Vec<u16> {
    let command = matches!(health.test, HealthTest::Shell(_) | HealthTest::Command(_));
    if !command || health.successes > 1 || health.stable.is_some_and(|stable| !stable.is_zero()) {
        return Vec::new();
    }
    let tcp: Vec<u16> = service
        .ports
        .iter()
        .filter(|port| port.protocol == model::Protocol::Tcp)
        .map(|port| port.container.value)
        .collect();
    if !service.ports.is_empty() {
        return tcp;
    }
    if runs_its_own(&service.container, image) { image.exposed.clone() } else { Vec::new() }
}

/// Whether the container runs the program that its image is for: no other entrypoint, and at most other arguments.
fn runs_its_own(container: &Container, image: &ImageFacts) -> bool {
    let command = match &container.command {
        None => true,
        Some(Command::Shell { .. }) => false,
        Some(Command::Exec { words, .. }) => words
            .first()
            .and_then(Text::as_literal)
            .is_some_and(|word| word.starts_with('-') || image.command.first().is_some_and(|program| program == word)),
    };
    container.entrypoint.is_none() && command
}
