//! The same requests by the bare client of hyper, over one connection; nothing is looked at.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::todos::TESTS;

pub async fn requests(port: u16) {
    let stream = TcpStream::connect(("127.0.0.1", port)).await.expect("the service listens");
    stream.set_nodelay(true).expect("it is a socket");
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("a connection");
    tokio::spawn(connection);
    for number in 1..=TESTS {
        let request =
            hyper::Request::get(format!("/todos/{number}")).header("Host", "app").body(Full::<Bytes>::default());
        sender.ready().await.expect("the connection stands");
        let response = sender.send_request(request.expect("a request")).await.expect("an answer");
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        assert!(!body.is_empty());
    }
}
