use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;
use tokio_rustls::rustls::ClientConfig;
use url::Url;

use super::connection::Connection;
use super::trust::{Trust, config};
use super::{HttpError, Request};
use crate::model::HttpVersion;

/// Connections that stand and wait for the next request, for the clients that share them.
///
/// One that was idle for longer than [`MOST_IDLE`] is not used again: its server may be about to close it. A connection has no
/// memory: what one test sent is not known to the next, cookies are each client's own.
#[derive(Debug, Clone, Default)]
pub struct Connections(Arc<Mutex<Kept>>);

/// Servers keep a connection for some seconds; those that keep it for less are rare.
const MOST_IDLE: Duration = Duration::from_secs(1);

/// How many connections to one place wait.
const MOST_WAITING: usize = 32;

#[derive(Default)]
struct Kept {
    waiting: HashMap<Way, Vec<(Instant, Connection)>>,
    tls: HashMap<(Trust, Option<HttpVersion>), Arc<ClientConfig>>,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ways", self.waiting.len())
    }
}

/// What must be the same for a connection to be used again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Way {
    secure: bool,
    host: String,
    port: Option<u16>,
    to: Option<SocketAddr>,
    trust: Trust,
    version: Option<HttpVersion>,
}

impl Way {
    pub fn of(request: &Request, to: Option<SocketAddr>) -> Self {
        let secure = request.url.scheme() == "https";
        Way {
            secure,
            host: request.url.host_str().unwrap_or_default().to_owned(),
            port: request.url.port_or_known_default(),
            to,
            trust: if secure { request.trust.clone() } else { Trust::System },
            version: request.version,
        }
    }
}

impl Connections {
    /// One that stands and is ready.
    pub(super) fn take(&self, way: &Way) -> Option<Connection> {
        loop {
            let (since, mut connection) = {
                let mut kept = self.0.lock().expect("nobody panics with it");
                kept.waiting.get_mut(way)?.pop()?
            };
            if since.elapsed() < MOST_IDLE && connection.is_ready() {
                return Some(connection);
            }
        }
    }

    /// Keeps a connection whose last answer was read to its end.
    pub(super) fn keep(&self, way: Way, connection: Connection) {
        let mut kept = self.0.lock().expect("nobody panics with it");
        let waiting = kept.waiting.entry(way).or_default();
        waiting.retain(|(since, _)| since.elapsed() < MOST_IDLE);
        if waiting.len() < MOST_WAITING {
            waiting.push((Instant::now(), connection));
        }
    }

    /// A new one.
    pub(super) async fn open(
        &self,
        request: &Request,
        url: &Url,
        to: Option<SocketAddr>,
    ) -> Result<Connection, HttpError> {
        let tls = match url.scheme() {
            "https" => Some(self.tls(&request.trust, request.version)?),
            _ => None,
        };
        let within = request.connect_timeout.unwrap_or(request.timeout);
        Connection::open(url, to, request.version, tls, within).await
    }

    fn tls(&self, trust: &Trust, version: Option<HttpVersion>) -> Result<Arc<ClientConfig>, HttpError> {
        let key = (trust.clone(), version);
        let mut kept = self.0.lock().expect("nobody panics with it");
        if let Some(known) = kept.tls.get(&key) {
            return Ok(known.clone());
        }
        let made = Arc::new(config(trust, version)?);
        kept.tls.insert(key, made.clone());
        Ok(made)
    }
}
