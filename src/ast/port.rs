use std::net::IpAddr;

use super::reader::{Reader, words};
use crate::schema;
use crate::source::{Span, Spanned};

/// What is spoken at a port.
pub use crate::schema::Protocol;

/// `port 8000`, `port 8000 host=8080 bind="0.0.0.0"`, or `port "8080:8000"`; one port of a range.
#[derive(Debug, Clone, PartialEq)]
pub struct Port {
    /// In the container.
    pub container: Spanned<u16>,
    /// On the host; a free one where it is missing.
    pub host: Option<Spanned<u16>>,
    /// The host's address.
    pub bind: Option<Spanned<IpAddr>>,
    /// What is spoken there.
    pub protocol: Protocol,
    /// The node.
    pub span: Span,
}

words!(Protocol:
    "tcp" => Protocol::Tcp,
    "udp" => Protocol::Udp,
    "sctp" => Protocol::Sctp,
);

impl Port {
    /// One for each port of a range.
    pub(super) fn decode(node: Reader<'_>) -> Vec<Self> {
        let (host, bind) = (node.property("host"), node.property("bind"));
        let protocol = node.property("protocol").map(|protocol| protocol.value);
        if let Some(container) = node.argument(0) {
            let protocol = protocol.unwrap_or_default();
            return vec![Port { container, host, bind, protocol, span: node.span() }];
        }
        let Some(text) = node.argument::<String>(0) else { return Vec::new() };
        let Ok(port) = schema::parse_published_port(&text.value) else { return Vec::new() };
        let (containers, at) = port.container;
        let first = *containers.start();
        let bind = port.bind.map(|(bind, at)| Spanned::new(bind, node.inside(&text, at))).or(bind);
        let hosts = port.host.map(|(hosts, at)| Spanned::new(*hosts.start(), node.inside(&text, at))).or(host);
        let one = |container: u16| Port {
            container: Spanned::new(container, node.inside(&text, at.clone())),
            // The host's ports go side by side with the container's.
            host: hosts.map(|host| host.map(|host| host.saturating_add(container - first))),
            bind,
            protocol: port.protocol.or(protocol).unwrap_or_default(),
            span: node.span(),
        };
        containers.map(one).collect()
    }
}
