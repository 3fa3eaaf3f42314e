use std::net::IpAddr;

/// How a container finds the addresses of names, besides those of services.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dns {
    /// Servers, in order.
    pub servers: Vec<IpAddr>,
    /// Domains in which short names are looked for.
    pub search: Vec<String>,
    /// Options of the resolver.
    pub options: Vec<String>,
    /// Names with their addresses.
    pub extra_hosts: Vec<(String, HostAddress)>,
}

/// The address of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostAddress {
    /// This one.
    Ip(IpAddr),
    /// `host-gateway`: the machine that the engine runs on.
    Gateway,
}
