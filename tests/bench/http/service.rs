use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;

/// Starts a service of todos on a thread of its own, which lives as long as the process; the port that it listens on.
pub fn start() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("it is a socket");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).expect("it listens");
            while let Ok((stream, _)) = listener.accept().await {
                let _ = stream.set_nodelay(true);
                let connection = hyper::server::conn::http1::Builder::new();
                tokio::spawn(connection.serve_connection(TokioIo::new(stream), service_fn(todo)));
            }
        });
    });
    port
}

async fn todo(request: hyper::Request<Incoming>) -> hyper::http::Result<hyper::Response<Full<Bytes>>> {
    let id = request.uri().path().rsplit('/').next().unwrap_or_default();
    let text = format!("{{\"id\": {id}, \"title\": \"Wash the car\", \"tags\": [\"home\", \"week\"]}}");
    hyper::Response::builder().header("Content-Type", "application/json").body(Full::new(Bytes::from(text)))
}
