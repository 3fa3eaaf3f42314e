//! `pipe up`, and what looks at what it left up.

use super::harness::Checkout;
use crate::daemon::wanted;

#[test]
fn an_environment_must_stay_up_until_it_is_taken_down() {
    if !wanted() {
        return;
    }
    let text = "service web {\n    image \"busybox:1.35\"\n    sh \"echo serving; mkdir /w; echo hi > /w/index.html; exec httpd -f -p 8000 -h /w\"\n    port 8000\n    healthcheck http=\"/\" port=8000\n    stop grace=\"1s\"\n}\n";
    let checkout = Checkout::with(text);
    let up = checkout.pipe(&["up"]);
    assert_eq!(up.code, 0, "{}\n{}", up.out, up.err);
    let address = checkout.pipe(&["port", "web", "8000"]);
    assert_eq!(address.code, 0, "{}", address.err);
    std::net::TcpStream::connect(address.out.trim()).expect("the port answers");
    up.says(&[&format!("http://{}", address.out.trim())]);
    assert!(checkout.pipe(&["ps"]).out.contains("running"));
    assert!(checkout.pipe(&["logs", "web"]).out.contains("serving"));
    let down = checkout.pipe(&["down"]);
    assert_eq!(down.code, 0, "{}", down.out);
    assert_eq!(checkout.held(), Vec::<String>::new());
    assert_eq!(checkout.pipe(&["ps"]).out.lines().count(), 1, "the head of the table alone");
}
