use std::net::IpAddr;

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
