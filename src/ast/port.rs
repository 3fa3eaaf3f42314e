use std::net::IpAddr;

use super::reader::Reader;
use crate::schema;
use crate::source::{Span, Spanned};

/// `port 8000`, `port 8000 host=8080 bind="0.0.0.0"`, or `port "8080:8000"`.
#[derive(Debug, Clone, PartialEq)]
pub struct Port {
    /// In the container.
    pub container: Spanned<u16>,
    /// On the host; a free one where it is missing.
    pub host: Option<Spanned<u16>>,
    /// The host's address.
    pub bind: Option<Spanned<IpAddr>>,
    /// The node.
    pub span: Span,
}

impl Port {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        let (host, bind) = (node.property("host"), node.property("bind"));
        if let Some(container) = node.argument(0) {
            return Some(Port { container, host, bind, span: node.span() });
        }
        let text: Spanned<String> = node.argument(0)?;
        let port = schema::parse_published_port(&text.value).ok()?;
        Some(Port {
            container: Spanned::new(port.container.0, node.inside(&text, port.container.1)),
            host: port.host.map(|(host, at)| Spanned::new(host, node.inside(&text, at))).or(host),
            bind: port.bind.map(|(bind, at)| Spanned::new(bind, node.inside(&text, at))).or(bind),
            span: node.span(),
        })
    }
}
