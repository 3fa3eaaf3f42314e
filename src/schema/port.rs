use std::net::IpAddr;
use std::ops::Range;

/// The parts of `"8000"`, `"8080:8000"` and `"127.0.0.1:8080:8000"`, each with its bytes in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedPort {
    /// The host's address.
    pub bind: Option<(IpAddr, Range<usize>)>,
    /// The host's port; `None`: a free one.
    pub host: Option<(u16, Range<usize>)>,
    /// The container's port.
    pub container: (u16, Range<usize>),
}

/// Why a text is no port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PortError {
    /// The bytes are no number from 1 to 65535.
    Number(Range<usize>),
    /// The bytes are no IP address.
    Address(Range<usize>),
    /// A protocol other than TCP, with its slash; not yet published.
    Protocol(Range<usize>),
}

/// Reads a port to publish: `[[address:]host:]container[/tcp]`; an IPv6 address stands in brackets.
pub fn parse_published_port(text: &str) -> Result<PublishedPort, PortError> {
    let (ports, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    if protocol != "tcp" {
        return Err(PortError::Protocol(ports.len()..text.len()));
    }
    let (rest, container) = ports.rsplit_once(':').map_or((None, ports), |(rest, port)| (Some(rest), port));
    let container = number(ports.len() - container.len(), container)?;
    let Some(rest) = rest else { return Ok(PublishedPort { bind: None, host: None, container }) };
    let (address, host) = match rest.rsplit_once(':') {
        Some((address, host)) if !rest.ends_with(']') => (Some(address), host),
        _ => (None, rest),
    };
    let host = match host {
        "" if address.is_some() => None,
        _ => Some(number(rest.len() - host.len(), host)?),
    };
    let bind = match address {
        None => None,
        Some(address) => {
            let bare = address.strip_prefix('[').and_then(|address| address.strip_suffix(']')).unwrap_or(address);
            let parsed = bare.parse().map_err(|_| PortError::Address(0..address.len()))?;
            Some((parsed, 0..address.len()))
        }
    };
    Ok(PublishedPort { bind, host, container })
}

fn number(at: usize, text: &str) -> Result<(u16, Range<usize>), PortError> {
    let span = at..at + text.len();
    match text.parse::<u16>() {
        Ok(port) if port > 0 && text.bytes().all(|b| b.is_ascii_digit()) => Ok((port, span)),
        _ => Err(PortError::Number(span)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Option<String>, Option<u16>, u16) {
        let port = parse_published_port(text).expect(text);
        (port.bind.map(|(bind, _)| bind.to_string()), port.host.map(|(host, _)| host), port.container.0)
    }

    #[test]
    fn all_forms_are_read() {
        assert_eq!(parts("8000"), (None, None, 8000));
        assert_eq!(parts("8080:8000"), (None, Some(8080), 8000));
        assert_eq!(parts("0.0.0.0:8080:8000"), (Some("0.0.0.0".into()), Some(8080), 8000));
        assert_eq!(parts("127.0.0.1::8000/tcp"), (Some("127.0.0.1".into()), None, 8000));
        assert_eq!(parts("[::1]:8080:8000"), (Some("::1".into()), Some(8080), 8000));
    }

    #[test]
    fn faults_are_placed() {
        assert_eq!(parse_published_port("8080:http"), Err(PortError::Number(5..9)));
        assert_eq!(parse_published_port("0:80"), Err(PortError::Number(0..1)));
        assert_eq!(parse_published_port("+1:80"), Err(PortError::Number(0..2)));
        assert_eq!(parse_published_port("70000"), Err(PortError::Number(0..5)));
        assert_eq!(parse_published_port(":80"), Err(PortError::Number(0..0)));
        assert_eq!(parse_published_port("localhost:80:80"), Err(PortError::Address(0..9)));
        assert_eq!(parse_published_port("53/udp"), Err(PortError::Protocol(2..6)));
    }
}
