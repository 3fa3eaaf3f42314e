use std::io;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1;
use hyper::header::{CONNECTION, HOST, UPGRADE};
use hyper::upgrade::Upgraded;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::time::timeout;

use crate::engine::docker::error::Understood;
use crate::engine::docker::{DialError, Dialer};
use crate::engine::{EngineError, ErrorKind, Result};

/// What may be on its way to us unread in one call, in bytes.
pub(super) const CALL_WINDOW: u32 = 64 << 10;
/// The same for a connection. Far more than its calls together may have, for another reason than room: the HTTP/2 library takes many
/// small frames that wait to be read for an attack, ends the connection, and counts as many a half of this window in bytes, 256 for each
/// frame. The daemon's requests for files have about ten bytes, so eight calls full of them are no attack yet.
pub(super) const CONNECTION_WINDOW: u32 = 128 << 20;
/// How long the daemon may take to agree to an upgrade.
const UPGRADE_DEADLINE: Duration = Duration::from_secs(20);

/// Asks the daemon to speak HTTP/2 at `endpoint` (`/session`, `/grpc`) and hands over the connection.
///
/// On `/grpc` we are the client from then on; on `/session` the roles are turned round: the daemon calls and we serve.
///
/// # Errors
/// `Unreachable` and `Forbidden` where there is no connection, `Protocol` where the daemon refuses.
pub(super) async fn upgrade(dialer: &Dialer, endpoint: &str, headers: &[(&'static str, &str)]) -> Result<Upgraded> {
    timeout(UPGRADE_DEADLINE, converse(dialer, endpoint, headers)).await.unwrap_or_else(|_| {
        let message = format!("the engine did not answer `{endpoint}` within {} s", UPGRADE_DEADLINE.as_secs());
        Err(EngineError::new(ErrorKind::TimedOut, OPERATION, message))
    })
}

const OPERATION: &str = "reach the builder";

async fn converse(dialer: &Dialer, endpoint: &str, headers: &[(&'static str, &str)]) -> Result<Upgraded> {
    let version = dialer.api_version().await.map_err(unreachable)?;
    let stream = dialer.dial().await.map_err(unreachable)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    tokio::spawn(connection.with_upgrades());

    let mut request = Request::post(format!("/v{version}{endpoint}"))
        .header(HOST, "docker")
        .header(CONNECTION, "Upgrade")
        .header(UPGRADE, "h2c");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Empty::<Bytes>::new());
    let request = request.map_err(|error| EngineError::new(ErrorKind::Protocol, OPERATION, error.to_string()))?;
    let response = sender.send_request(request).await.map_err(broken)?;
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        let status = response.status();
        let body = response.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        let message = format!("`{endpoint}` answered {status}: {}", String::from_utf8_lossy(&body).trim());
        return Err(EngineError::new(ErrorKind::Protocol, OPERATION, message));
    }
    hyper::upgrade::on(response).await.map_err(broken)
}

fn unreachable(error: io::Error) -> EngineError {
    let kind = match error.get_ref().and_then(|inner| inner.downcast_ref::<DialError>()) {
        Some(dial) if dial.denied => ErrorKind::Forbidden,
        Some(dial) => ErrorKind::Unreachable(dial.tried.clone()),
        None => ErrorKind::Unreachable(vec![error.to_string()]),
    };
    EngineError::new(kind, OPERATION, error.to_string())
}

fn broken(error: hyper::Error) -> EngineError {
    error.understood(OPERATION)
}
