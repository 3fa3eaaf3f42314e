use std::collections::HashMap;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::server::conn::http2;
use hyper::{Request, Response, body::Incoming, service::service_fn};
use hyper_util::rt::TokioTimer;
use tokio::sync::watch;
use tonic::body::Body;
use tonic::server::Grpc;
use tonic::{Status, codegen::http::HeaderValue};
use tonic_prost::ProstCodec;

use super::filesync::FileSync;
use super::random::random_id;
use super::shared::Shared;
use super::source::{CONTEXT, Source};
use super::stream::{CALL_WINDOW, CONNECTION_WINDOW, upgrade};
use super::tasks::Tasks;
use super::{auth, health, secrets};
use crate::engine::docker::Dialer;
use crate::engine::{BuildSecret, Result};

/// What the daemon may call on us, as gRPC paths. It learns them from the head of the session and calls nothing else.
mod method {
    pub const DIFF_COPY: &str = "/moby.filesync.v1.FileSync/DiffCopy";
    pub const CREDENTIALS: &str = "/moby.filesync.v1.Auth/Credentials";
    pub const GET_SECRET: &str = "/moby.buildkit.secrets.v1.Secrets/GetSecret";
    /// Without an answer here an engine 20.10 gives the session up after a second.
    pub const HEALTH: &str = "/grpc.health.v1.Health/Check";
    pub const ALL: [&str; 4] = [DIFF_COPY, CREDENTIALS, GET_SECRET, HEALTH];
}

/// How often a silent daemon is asked whether it is still there; one behind a cut cable would never be missed.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// How long it may take to answer.
const HEARTBEAT_DEADLINE: Duration = Duration::from_secs(20);

/// The secrets of a build.
pub(super) type Secrets = Arc<[BuildSecret]>;

/// The connection on which the daemon asks back during builds of one context: for files, for credentials, for secrets. Ends when it is
/// dropped.
///
/// Builds of one session share what they have in common: files are sent once, and a stage that several of them need runs once. The
/// other side of this: what was sent once is never asked for again, so a session must not outlive a change of its files; see
/// [`Session::is_fresh`].
#[derive(Debug)]
pub(super) struct Session {
    /// The id under which the daemon knows it.
    pub id: String,
    offer: Arc<Offer>,
    ended: watch::Receiver<bool>,
    /// Held for its end.
    _tasks: Tasks,
}

/// What a session has to give.
#[derive(Debug, Default)]
struct Offer {
    config: Option<PathBuf>,
    files: Arc<Shared>,
    /// The secrets of the builds that use the session, by the builds' numbers.
    guests: Mutex<HashMap<u64, Secrets>>,
}

impl Session {
    /// Opens a session for builds of `context`. Credentials come from Docker's configuration in the directory `config`.
    ///
    /// # Errors
    /// See [`upgrade`].
    pub async fn open(dialer: &Dialer, config: Option<&Path>, context: &Source) -> Result<Self> {
        let id = random_id();
        let key = sharing_key(context);
        let mut headers = vec![
            ("x-docker-expose-session-uuid", id.as_str()),
            ("x-docker-expose-session-name", "pipe"),
            ("x-docker-expose-session-sharedkey", key.as_str()),
        ];
        headers.extend(method::ALL.map(|path| ("x-docker-expose-session-grpc-method", path)));
        let stream = upgrade(dialer, "/session", &headers).await?;

        let offer = Arc::new(Offer { config: config.map(Path::to_owned), ..Offer::default() });
        offer.files.share(CONTEXT, context);
        let (tell_ended, ended) = watch::channel(false);
        let served = Arc::clone(&offer);
        let tasks = Tasks::default();
        let spawner = tasks.spawner();
        tasks.spawn(async move {
            let answer = service_fn(move |request| {
                let offer = Arc::clone(&served);
                async move { Ok::<_, Infallible>(offer.answer(request).await) }
            });
            let connection = http2::Builder::new(spawner)
                .timer(TokioTimer::new())
                .keep_alive_interval(HEARTBEAT)
                .keep_alive_timeout(HEARTBEAT_DEADLINE)
                .initial_stream_window_size(CALL_WINDOW)
                .initial_connection_window_size(CONNECTION_WINDOW)
                .serve_connection(stream, answer);
            // However it ends, the session is over; builds that need it say so.
            let _ = connection.await;
            let _ = tell_ended.send(true);
        });
        Ok(Session { id, offer, ended, _tasks: tasks })
    }

    /// Whether it was lost.
    pub fn has_ended(&self) -> bool {
        *self.ended.borrow()
    }

    /// Waits until it is lost.
    pub async fn ended(&self) {
        let mut ended = self.ended.clone();
        // An error means that the serving task is gone, and the session with it.
        let _ = ended.wait_for(|ended| *ended).await;
    }

    /// Whether a build with these secrets can join those that are there: secrets are asked for by id alone, so no id may have two values.
    pub fn accepts(&self, secrets: &[BuildSecret]) -> bool {
        let guests = self.offer.guests.lock().unwrap_or_else(PoisonError::into_inner);
        guests.values().all(|others| agree(others, secrets))
    }

    /// Whether what was sent of the context, and of the Dockerfile's source of this name, is still what is there.
    pub async fn is_fresh(&self, dockerfile: &str) -> bool {
        self.offer.files.is_fresh(&[CONTEXT, dockerfile]).await
    }

    /// Whether no build uses it.
    pub fn is_idle(&self) -> bool {
        self.offer.guests.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Lets a build in; `number` is its own.
    pub fn admit(&self, number: u64, secrets: Secrets) {
        self.offer.guests.lock().unwrap_or_else(PoisonError::into_inner).insert(number, secrets);
    }

    /// Lets a build go.
    pub fn dismiss(&self, number: u64) {
        self.offer.guests.lock().unwrap_or_else(PoisonError::into_inner).remove(&number);
    }

    /// Makes files available under a name.
    pub fn share(&self, name: &str, source: &Source) {
        self.offer.files.share(name, source);
    }

    /// Why the last transfer of the source `name` failed, where it failed on our side.
    pub fn trouble(&self, name: &str) -> Option<String> {
        self.offer.files.trouble(name)
    }
}

impl Offer {
    async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        match request.uri().path() {
            method::DIFF_COPY => {
                let service = FileSync::new(Arc::clone(&self.files));
                Grpc::new(ProstCodec::default()).streaming(service, request).await
            }
            method::CREDENTIALS => {
                let config = self.config.clone();
                let service = tower::service_fn(move |request| auth::credentials(config.clone(), request));
                Grpc::new(ProstCodec::default()).unary(service, request).await
            }
            method::GET_SECRET => {
                let secrets = self.secrets();
                let service = tower::service_fn(move |request| secrets::get(&secrets, request));
                Grpc::new(ProstCodec::default()).unary(service, request).await
            }
            method::HEALTH => Grpc::new(ProstCodec::default()).unary(tower::service_fn(health::check), request).await,
            _ => not_offered(),
        }
    }

    /// The secrets of all builds that are there.
    fn secrets(&self) -> Vec<BuildSecret> {
        let guests = self.guests.lock().unwrap_or_else(PoisonError::into_inner);
        guests.values().flat_map(|secrets| secrets.iter().cloned()).collect()
    }
}

fn not_offered() -> Response<Body> {
    let mut response = Status::unimplemented("pipe does not offer this").into_http::<Body>();
    response.headers_mut().insert("content-type", HeaderValue::from_static("application/grpc"));
    response
}

/// No id has two values.
fn agree(a: &[BuildSecret], b: &[BuildSecret]) -> bool {
    a.iter().all(|one| b.iter().all(|other| one.id != other.id || one.value == other.value))
}

/// What tells the sources of this context and this machine from others at one daemon. The same in every run, so that a build sends only
/// what has changed since the last one.
fn sharing_key(context: &Source) -> String {
    let machine = rustix::system::uname();
    format!("pipe:{}@{}", context.hash(), machine.nodename().to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(pairs: &[(&str, &str)]) -> Vec<BuildSecret> {
        pairs.iter().map(|(id, value)| BuildSecret { id: (*id).into(), value: value.as_bytes().to_vec() }).collect()
    }

    #[test]
    fn one_id_with_two_values_does_not_agree() {
        assert!(agree(&secrets(&[("a", "1")]), &secrets(&[("a", "1"), ("b", "2")])));
        assert!(!agree(&secrets(&[("a", "1")]), &secrets(&[("a", "2")])));
    }
}
