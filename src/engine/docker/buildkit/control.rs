use std::task::{Context, Poll};

use bollard_buildkit_proto::moby::buildkit::v1::{SolveRequest, SolveResponse, StatusRequest, StatusResponse};
use hyper::body::Incoming;
use hyper::client::conn::http2;
use hyper::{Request, Response};
use hyper_util::rt::TokioTimer;
use tonic::body::Body;
use tonic::client::Grpc;
use tonic::codegen::BoxFuture;
use tonic::codegen::http::uri::{PathAndQuery, Uri};
use tonic::{Status, Streaming};
use tonic_prost::ProstCodec;

use super::stream::{CALL_WINDOW, CONNECTION_WINDOW, upgrade};
use super::tasks::Tasks;
use crate::engine::Result;
use crate::engine::docker::Dialer;
use crate::engine::docker::error::Understood;

/// The largest message taken from the daemon, in bytes; a burst of output comes in one.
const LARGEST: usize = 64 << 20;

/// BuildKit's control service. One connection for one build: when it is dropped, the daemon stops what the build was doing.
#[derive(Debug)]
pub(super) struct Control {
    wire: Wire,
    /// Held for its end.
    _tasks: Tasks,
}

impl Control {
    /// Connects.
    ///
    /// # Errors
    /// See [`upgrade`].
    pub async fn connect(dialer: &Dialer) -> Result<Self> {
        let stream = upgrade(dialer, "/grpc", &[]).await?;
        let tasks = Tasks::default();
        let (sender, connection) = http2::Builder::new(tasks.spawner())
            .timer(TokioTimer::new())
            .initial_stream_window_size(CALL_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .handshake(stream)
            .await
            .map_err(|error| error.understood("reach the builder"))?;
        tasks.spawn(async move {
            // Whoever waits for an answer on it gets the error.
            let _ = connection.await;
        });
        Ok(Control { wire: Wire(sender), _tasks: tasks })
    }

    /// Builds; answers when all is done.
    pub async fn solve(&self, request: SolveRequest) -> std::result::Result<SolveResponse, Status> {
        let codec = ProstCodec::<SolveRequest, SolveResponse>::default();
        let path = PathAndQuery::from_static("/moby.buildkit.v1.Control/Solve");
        let response = self.grpc().unary(tonic::Request::new(request), path, codec).await?;
        Ok(response.into_inner())
    }

    /// What happens in the build `reference`, from its beginning to its end. The daemon waits some seconds for a build that has not
    /// begun yet.
    pub async fn status(&self, reference: String) -> std::result::Result<Streaming<StatusResponse>, Status> {
        let codec = ProstCodec::<StatusRequest, StatusResponse>::default();
        let path = PathAndQuery::from_static("/moby.buildkit.v1.Control/Status");
        let request = tonic::Request::new(StatusRequest { r#ref: reference });
        Ok(self.grpc().server_streaming(request, path, codec).await?.into_inner())
    }

    fn grpc(&self) -> Grpc<Wire> {
        Grpc::with_origin(self.wire.clone(), Uri::from_static("http://buildkit")).max_decoding_message_size(LARGEST)
    }
}

/// Whether an error arose on the way, and was not the daemon's answer.
pub(super) fn is_broken(status: &Status) -> bool {
    std::error::Error::source(status).is_some()
}

/// The HTTP/2 connection as tonic wants it.
#[derive(Debug, Clone)]
struct Wire(http2::SendRequest<Body>);

impl tower::Service<Request<Body>> for Wire {
    type Response = Response<Incoming>;
    type Error = hyper::Error;
    type Future = BoxFuture<Self::Response, hyper::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<hyper::Result<()>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        Box::pin(self.0.send_request(request))
    }
}
