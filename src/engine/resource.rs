use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::{Protocol, PublishedPort};
use std::fmt;

/// A network's id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NetworkId(pub String);

impl fmt::Display for NetworkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A network to make.
#[derive(Debug, Clone, Default)]
pub struct NetworkSpec {
    /// Its name; not unique on older engines.
    pub name: String,
    /// Without a way out.
    pub internal: bool,
    /// The driver; `bridge` where there is none.
    pub driver: Option<String>,
    /// The driver's options.
    pub driver_opts: Vec<(String, String)>,
    /// Labels.
    pub labels: Vec<(String, String)>,
}

/// A volume to make.
#[derive(Debug, Clone, Default)]
pub struct VolumeSpec {
    /// Its name, which is its identity.
    pub name: String,
    /// The driver; `local` where there is none.
    pub driver: Option<String>,
    /// The driver's options.
    pub driver_opts: Vec<(String, String)>,
    /// Labels.
    pub labels: Vec<(String, String)>,
}

/// Who is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineInfo {
    /// Where: `unix:///var/run/docker.sock`.
    pub address: String,
    /// The engine's version.
    pub version: String,
    /// The API version agreed upon.
    pub api_version: String,
    /// What its machine runs by itself: `os/architecture`; empty where it does not say.
    pub platform: String,
    /// Processors of the engine's machine.
    pub cpus: usize,
    /// Whether a container's own address can be reached from here: an engine on this very Linux machine.
    pub direct: bool,
    /// Where ports that it publishes at every address of its machine are reached from here: loopback where that is this machine.
    pub host: IpAddr,
}

impl EngineInfo {
    /// Stands in for an engine that does not answer; nothing will be asked of it.
    pub fn nobody() -> Self {
        EngineInfo {
            address: String::new(),
            version: String::new(),
            api_version: String::new(),
            platform: String::new(),
            cpus: 1,
            direct: false,
            host: Ipv4Addr::LOCALHOST.into(),
        }
    }

    /// Whether the engine is on another machine.
    pub fn is_remote(&self) -> bool {
        !self.host.is_loopback()
    }

    /// Whether a port that is published at `bind` is reached from here. Another machine's loopback is not.
    pub fn reaches(&self, bind: IpAddr) -> bool {
        !(self.is_remote() && bind.is_loopback())
    }

    /// Where a published port is reached from here, if at all.
    pub fn reached(&self, published: &PublishedPort) -> Option<SocketAddr> {
        let ip = match published.bind {
            bind if !bind.is_unspecified() => bind,
            IpAddr::V6(_) if !self.is_remote() => Ipv6Addr::LOCALHOST.into(),
            _ => self.host,
        };
        self.reaches(published.bind).then(|| SocketAddr::new(ip, published.host))
    }

    /// The same as a URL; what is TCP is taken for HTTP.
    pub fn url(&self, published: &PublishedPort) -> Option<String> {
        let scheme = match published.protocol {
            Protocol::Tcp => "http",
            other => other.as_str(),
        };
        self.reached(published).map(|address| format!("{scheme}://{address}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(host: &str) -> EngineInfo {
        EngineInfo { host: host.parse().expect("an address"), ..EngineInfo::nobody() }
    }

    fn url(host: &str, bind: &str) -> Option<String> {
        let bind = bind.parse().expect("an address");
        at(host).url(&PublishedPort { container: 80, protocol: Protocol::Tcp, bind, host: 32_768 })
    }

    #[test]
    fn what_is_published_is_reached_at_the_machine_of_its_engine() {
        assert_eq!(url("127.0.0.1", "127.0.0.1").as_deref(), Some("http://127.0.0.1:32768"));
        assert_eq!(url("127.0.0.1", "0.0.0.0").as_deref(), Some("http://127.0.0.1:32768"));
        assert_eq!(url("127.0.0.1", "::").as_deref(), Some("http://[::1]:32768"));
        assert_eq!(url("127.0.0.1", "10.0.0.7").as_deref(), Some("http://10.0.0.7:32768"));
        assert_eq!(url("10.0.0.7", "0.0.0.0").as_deref(), Some("http://10.0.0.7:32768"));
        assert_eq!(url("10.0.0.7", "::").as_deref(), Some("http://10.0.0.7:32768"));
        assert_eq!(url("10.0.0.7", "10.0.0.7").as_deref(), Some("http://10.0.0.7:32768"));
        assert_eq!(url("10.0.0.7", "127.0.0.1"), None, "another machine's loopback");
    }
}
