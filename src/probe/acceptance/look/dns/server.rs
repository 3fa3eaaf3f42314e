use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;

use super::message::{Reply, question, reply};
use crate::model::DnsRecord;

/// Where a machine names its name servers.
const CONFIGURATION: &str = "/etc/resolv.conf";
/// How long a server may take before the next one is asked.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often all of them are asked.
const ROUNDS: usize = 2;
/// The most that a datagram holds.
const DATAGRAM: usize = 64 * 1024;

/// The name servers of this machine, as its configuration has them; the machine itself where it names none.
pub(super) async fn of_this_machine() -> Vec<SocketAddr> {
    let text = tokio::fs::read_to_string(CONFIGURATION).await.unwrap_or_default();
    let mut servers = configured(&text);
    if servers.is_empty() {
        servers.push((Ipv4Addr::LOCALHOST, 53).into());
    }
    servers
}

fn configured(text: &str) -> Vec<SocketAddr> {
    let server = |line: &str| {
        let mut words = line.split_whitespace();
        let address = words.next().filter(|word| *word == "nameserver").and(words.next())?;
        Some(SocketAddr::new(address.parse::<IpAddr>().ok()?, 53))
    };
    text.lines().filter_map(server).collect()
}

/// The records of a name. `Err` says why nobody tells them.
pub(super) async fn ask(servers: &[SocketAddr], name: &str, record: DnsRecord) -> Result<Vec<String>, String> {
    // A number that nobody can guess, so that nobody else's answer is taken.
    let id = RandomState::new().build_hasher().finish() as u16;
    let message = question(id, name, record).ok_or_else(|| format!("`{name}` is no name of a host"))?;
    let mut why = String::new();
    for server in servers.iter().cycle().take(servers.len() * ROUNDS) {
        match timeout(PATIENCE, one(*server, &message, id, record)).await {
            Ok(Ok(Reply::Records(records))) => return Ok(records),
            Ok(Ok(Reply::Refused(code))) => why = format!("the name server {server} answers with code {code}"),
            Ok(Ok(Reply::Cut)) => why = format!("the name server {server} answers less than it has"),
            Ok(Err(error)) => why = format!("the name server {server} cannot be asked: {error}"),
            Err(_) => why = format!("the name server {server} does not answer within {PATIENCE:?}"),
        }
    }
    Err(why)
}

async fn one(server: SocketAddr, message: &[u8], id: u16, record: DnsRecord) -> io::Result<Reply> {
    let here: IpAddr = if server.is_ipv6() { Ipv6Addr::UNSPECIFIED.into() } else { Ipv4Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((here, 0)).await?;
    // From now on it hears nobody else.
    socket.connect(server).await?;
    socket.send(message).await?;
    let mut bytes = vec![0; DATAGRAM];
    loop {
        let read = socket.recv(&mut bytes).await?;
        match reply(&bytes[..read], id, record) {
            Some(Reply::Cut) => return whole(server, message, id, record).await,
            Some(found) => return Ok(found),
            // Another's answer.
            None => {}
        }
    }
}

/// Asks over a connection what a datagram has no room for.
async fn whole(server: SocketAddr, message: &[u8], id: u16, record: DnsRecord) -> io::Result<Reply> {
    let mut stream = TcpStream::connect(server).await?;
    stream.write_all(&(message.len() as u16).to_be_bytes()).await?;
    stream.write_all(message).await?;
    let length = stream.read_u16().await?;
    let mut bytes = vec![0; usize::from(length)];
    stream.read_exact(&mut bytes).await?;
    reply(&bytes, id, record).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "it is no answer"))
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;
    use crate::probe::acceptance::look::dns::message::tests::{BELOW, answer};

    /// A name server that answers each datagram so.
    async fn server(flags: u16, records: Vec<(u16, Vec<u8>)>) -> SocketAddr {
        tell(UdpSocket::bind("127.0.0.1:0").await.expect("a port"), flags, records)
    }

    fn tell(socket: UdpSocket, flags: u16, records: Vec<(u16, Vec<u8>)>) -> SocketAddr {
        let address = socket.local_addr().expect("an address");
        tokio::spawn(async move {
            let mut bytes = [0; 512];
            while let Ok((read, from)) = socket.recv_from(&mut bytes).await {
                // Somebody else's answer comes first.
                let _ = socket.send_to(b"nonsense of nobody", from).await;
                let _ = socket.send_to(&answer(&bytes[..read], flags, &records), from).await;
            }
        });
        address
    }

    #[tokio::test]
    async fn a_server_is_asked_and_the_next_one_where_it_does_not_tell() {
        let broken = server(0x8182, vec![]).await;
        let good = server(0x8180, vec![(5, BELOW.to_vec())]).await;
        let found = ask(&[broken, good], "web.example", DnsRecord::Cname).await;
        assert_eq!(found, Ok(vec!["a.web.example".to_owned()]));
        let found = ask(&[broken], "web.example", DnsRecord::Cname).await;
        assert_eq!(found, Err(format!("the name server {broken} answers with code 2")));
        let found = ask(&[good], "web..example", DnsRecord::Cname).await;
        assert_eq!(found, Err("`web..example` is no name of a host".to_owned()));
    }

    #[tokio::test]
    async fn what_a_datagram_has_no_room_for_is_asked_over_a_connection() {
        // A port that is free for both.
        let (listener, socket) = loop {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            if let Ok(socket) = UdpSocket::bind(listener.local_addr().expect("an address")).await {
                break (listener, socket);
            }
        };
        let cut = tell(socket, 0x8380, vec![]);
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("somebody asks");
            let length = stream.read_u16().await.expect("a length");
            let mut asked = vec![0; usize::from(length)];
            stream.read_exact(&mut asked).await.expect("a question");
            let told = answer(&asked, 0x8180, &[(1, vec![10, 0, 0, 1]), (1, vec![10, 0, 0, 2])]);
            stream.write_all(&(told.len() as u16).to_be_bytes()).await.expect("it hears");
            stream.write_all(&told).await.expect("it hears");
        });
        let found = ask(&[cut], "web.example", DnsRecord::A).await;
        assert_eq!(found, Ok(vec!["10.0.0.1".to_owned(), "10.0.0.2".to_owned()]));
    }

    #[test]
    fn a_configuration_names_servers_one_a_line() {
        let text = "# nameserver 1.1.1.1\nsearch example\nnameserver 10.0.0.53\nnameserver ::1\nnameserver nobody\n";
        let servers = configured(text);
        assert_eq!(servers, ["10.0.0.53:53".parse().expect("an address"), "[::1]:53".parse().expect("an address")]);
    }
}
