use std::fmt;
use std::net::IpAddr;
use std::ops::{Range, RangeInclusive};

/// The most ports that one range may stand for.
const MOST: u16 = 100;

/// The parts of `"8000"`, `"8080:8000"`, `"127.0.0.1:8080:8000"`, `"8000-8010"` and `"53/udp"`, each with its bytes in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedPort {
    /// The host's address.
    pub bind: Option<(IpAddr, Range<usize>)>,
    /// The host's ports, as many as the container's; `None`: free ones.
    pub host: Option<(RangeInclusive<u16>, Range<usize>)>,
    /// The container's ports.
    pub container: (RangeInclusive<u16>, Range<usize>),
    /// The protocol, where it is said.
    pub protocol: Option<Protocol>,
}

/// What is spoken at a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Protocol {
    /// Streams.
    #[default]
    Tcp,
    /// Datagrams.
    Udp,
    /// Messages in streams.
    Sctp,
}

/// Why a text is no port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PortError {
    /// The bytes are no number from 1 to 65535.
    Number(Range<usize>),
    /// The bytes are no IP address.
    Address(Range<usize>),
    /// No protocol of these; without its slash.
    Protocol(Range<usize>),
    /// A range that ends before it begins.
    Backwards(Range<usize>),
    /// A range of too many ports.
    TooMany(Range<usize>),
    /// Another number of ports of the host than of the container: the host's.
    Lengths(Range<usize>),
}

impl Protocol {
    /// The protocol of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Protocol::Tcp, Protocol::Udp, Protocol::Sctp].into_iter().find(|protocol| protocol.as_str() == name)
    }

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
            Protocol::Sctp => "sctp",
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Reads ports to publish: `[[address:]host:]container[/protocol]`; an IPv6 address stands in brackets.
pub fn parse_published_port(text: &str) -> Result<PublishedPort, PortError> {
    let (ports, protocol) = match text.split_once('/') {
        Some((ports, name)) => {
            (ports, Some(Protocol::named(name).ok_or(PortError::Protocol(ports.len() + 1..text.len()))?))
        }
        None => (text, None),
    };
    let (rest, container) = ports.rsplit_once(':').map_or((None, ports), |(rest, port)| (Some(rest), port));
    let container = range(ports.len() - container.len(), container)?;
    let Some(rest) = rest else { return Ok(PublishedPort { bind: None, host: None, container, protocol }) };
    let (address, host) = match rest.rsplit_once(':') {
        Some((address, host)) if !rest.ends_with(']') => (Some(address), host),
        _ => (None, rest),
    };
    let host = match host {
        "" if address.is_some() => None,
        _ => Some(range(rest.len() - host.len(), host)?),
    };
    if let Some((ports, at)) = &host
        && ports.len() != container.0.len()
    {
        return Err(PortError::Lengths(at.clone()));
    }
    let bind = match address {
        None => None,
        Some(address) => {
            let bare = address.strip_prefix('[').and_then(|address| address.strip_suffix(']')).unwrap_or(address);
            let parsed = bare.parse().map_err(|_| PortError::Address(0..address.len()))?;
            Some((parsed, 0..address.len()))
        }
    };
    Ok(PublishedPort { bind, host, container, protocol })
}

/// `8000` or `8000-8010`.
fn range(at: usize, text: &str) -> Result<(RangeInclusive<u16>, Range<usize>), PortError> {
    let span = at..at + text.len();
    let Some((first, last)) = text.split_once('-') else {
        let port = number(at, text)?;
        return Ok((port..=port, span));
    };
    let (first, last) = (number(at, first)?, number(at + first.len() + 1, last)?);
    match last.checked_sub(first) {
        None => Err(PortError::Backwards(span)),
        Some(more) if more >= MOST => Err(PortError::TooMany(span)),
        Some(_) => Ok((first..=last, span)),
    }
}

fn number(at: usize, text: &str) -> Result<u16, PortError> {
    match text.parse::<u16>() {
        Ok(port) if port > 0 && text.bytes().all(|b| b.is_ascii_digit()) => Ok(port),
        _ => Err(PortError::Number(at..at + text.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Option<String>, Option<RangeInclusive<u16>>, RangeInclusive<u16>) {
        let port = parse_published_port(text).expect(text);
        (port.bind.map(|(bind, _)| bind.to_string()), port.host.map(|(host, _)| host), port.container.0)
    }

    #[test]
    fn all_forms_are_read() {
        assert_eq!(parts("8000"), (None, None, 8000..=8000));
        assert_eq!(parts("8080:8000"), (None, Some(8080..=8080), 8000..=8000));
        assert_eq!(parts("0.0.0.0:8080:8000"), (Some("0.0.0.0".into()), Some(8080..=8080), 8000..=8000));
        assert_eq!(parts("127.0.0.1::8000/tcp"), (Some("127.0.0.1".into()), None, 8000..=8000));
        assert_eq!(parts("[::1]:8080:8000"), (Some("::1".into()), Some(8080..=8080), 8000..=8000));
        assert_eq!(parts("8000-8010"), (None, None, 8000..=8010));
        assert_eq!(parts("9000-9001:8000-8001/udp"), (None, Some(9000..=9001), 8000..=8001));
        assert_eq!(parse_published_port("53/udp").map(|port| port.protocol), Ok(Some(Protocol::Udp)));
    }

    #[test]
    fn faults_are_placed() {
        assert_eq!(parse_published_port("8080:http"), Err(PortError::Number(5..9)));
        assert_eq!(parse_published_port("0:80"), Err(PortError::Number(0..1)));
        assert_eq!(parse_published_port("+1:80"), Err(PortError::Number(0..2)));
        assert_eq!(parse_published_port("70000"), Err(PortError::Number(0..5)));
        assert_eq!(parse_published_port(":80"), Err(PortError::Number(0..0)));
        assert_eq!(parse_published_port("80-x"), Err(PortError::Number(3..4)));
        assert_eq!(parse_published_port("localhost:80:80"), Err(PortError::Address(0..9)));
        assert_eq!(parse_published_port("53/upd"), Err(PortError::Protocol(3..6)));
        assert_eq!(parse_published_port("90-80"), Err(PortError::Backwards(0..5)));
        assert_eq!(parse_published_port("1-101"), Err(PortError::TooMany(0..5)));
        assert_eq!(parse_published_port("1:80-81"), Err(PortError::Lengths(0..1)));
    }
}
