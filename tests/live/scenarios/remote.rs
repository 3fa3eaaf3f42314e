//! An engine of another machine, as far as one machine can show that: it is spoken to over TCP at an address that is no loopback.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use tokio::io::{AsyncRead, AsyncWrite, copy_bidirectional};
use tokio::net::{TcpListener, UnixStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use super::harness::{Checkout, Told, unique};
use crate::daemon::{docker, wanted};

/// Hands on what comes over TCP, or over TLS, to the daemon of this machine, as long as the tests run.
fn forward(ip: &str, tls: Option<TlsAcceptor>) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let listener = runtime.block_on(TcpListener::bind((ip, 0))).expect("the bridge's own address");
    let address = listener.local_addr().expect("it has one").to_string();
    thread::spawn(move || {
        runtime.block_on(async {
            while let Ok((stream, _)) = listener.accept().await {
                let tls = tls.clone();
                tokio::spawn(async move {
                    match tls {
                        None => hand_on(stream).await,
                        Some(tls) => match tls.accept(stream).await {
                            Ok(stream) => hand_on(stream).await,
                            Err(refused) => eprintln!("{refused}"),
                        },
                    }
                });
            }
        });
    });
    address
}

async fn hand_on(mut here: impl AsyncRead + AsyncWrite + Unpin) {
    let mut there = UnixStream::connect("/var/run/docker.sock").await.expect("the daemon of this machine");
    let _ = copy_bidirectional(&mut here, &mut there).await;
}

/// The address of this machine on the daemon's own bridge.
fn bridge() -> String {
    docker(&["network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}"])
}

/// A pipeline that builds, waits and tests over the network.
fn checkout() -> Checkout {
    let name = unique("remote");
    let checkout = Checkout::with(&format!(
        r##"
pipeline {name}
image app {{ build . }}
service web {{
    image app
    command httpd "-f" "-p" "8000"
    port 8000
    healthcheck http="/greeting" port=8000
}}
acceptance there {{
    target web port=8000
    test "it answers" {{
        http GET "/greeting" {{ expect body "hello\n" }}
        tcp web 8000 {{ expect open #true }}
    }}
}}
"##
    ));
    checkout.write("Dockerfile", "FROM busybox:1.35\nRUN echo hello > /greeting\nWORKDIR /\n");
    checkout
}

fn run(checkout: &Checkout, variables: &[(&str, &str)]) -> Told {
    let mut command = checkout.command(&["run", "--keep"]);
    command.envs(variables.iter().copied());
    Told::of(command.output().expect("the binary of this package can be run"))
}

#[test]
fn an_engine_of_another_machine_must_be_reached_at_that_machine() {
    if !wanted() {
        return;
    }
    let (ip, checkout) = (bridge(), checkout());
    let told = run(&checkout, &[("DOCKER_HOST", &format!("tcp://{}", forward(&ip, None)))]);
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    // Its loopback, where the port is published for those of that machine, is not ours.
    told.says(&[&format!("port 8000 is http://{ip}:"), "it answers"]).never_says(&["127.0.0.1"]);
    let bound = told.inspect("web", r#"{{range (index .NetworkSettings.Ports "8000/tcp")}}{{.HostIp}} {{end}}"#);
    assert!(bound.contains("127.0.0.1") && bound.contains("0.0.0.0"), "{bound}");
}

#[test]
fn an_engine_that_wants_certificates_must_get_those_that_docker_would_send() {
    if !wanted() {
        return;
    }
    let (ip, checkout) = (bridge(), checkout());
    let certificates = tempfile::tempdir().expect("a directory");
    let address = format!("tcp://{}", forward(&ip, Some(acceptor(&ip, certificates.path()))));
    let path = certificates.path().display().to_string();
    let variables = [("DOCKER_HOST", &*address), ("DOCKER_TLS_VERIFY", "1"), ("DOCKER_CERT_PATH", &*path)];
    let told = run(&checkout, &variables);
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    told.says(&[&format!("port 8000 is http://{ip}:"), "it answers"]);
    // One who cannot show who he is, and one who cannot know who it is.
    for missing in [&["cert.pem", "key.pem"][..], &["ca.pem"]] {
        missing.iter().for_each(|name| std::fs::remove_file(certificates.path().join(name)).expect("it is there"));
        let told = run(&checkout, &variables);
        assert_eq!(told.code, 3, "{missing:?}: {}\n{}", told.out, told.err);
        let error = told.err.replace('\n', " ");
        assert!(error.contains("engine-unreachable") && error.contains("DOCKER_CERT_PATH"), "{error}");
    }
}

/// A server at `ip` that takes those alone whom its authority vouches for; what they need lies in `directory`.
fn acceptor(ip: &str, directory: &Path) -> TlsAcceptor {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a certificate");
    let signed = |name: &str, usage: ExtendedKeyUsagePurpose| {
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        params.extended_key_usages = vec![usage];
        let key = KeyPair::generate().expect("a key");
        (params.signed_by(&key, &authority).expect("a certificate"), key)
    };
    let (server, server_key) = signed(ip, ExtendedKeyUsagePurpose::ServerAuth);
    let (client, client_key) = signed("pipe", ExtendedKeyUsagePurpose::ClientAuth);
    for (name, text) in
        [("ca.pem", authority.pem()), ("cert.pem", client.pem()), ("key.pem", client_key.serialize_pem())]
    {
        std::fs::write(directory.join(name), text).expect("a file");
    }
    assert!(ip.parse::<IpAddr>().is_ok(), "{ip} is an address, and certified as one");
    let provider = Arc::new(ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(authority.der().clone()).expect("it reads");
    let known = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build().expect("roots");
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider knows them")
        .with_client_cert_verifier(known)
        .with_single_cert(vec![server.der().clone()], PrivateKeyDer::Pkcs8(server_key.serialize_der().into()))
        .expect("the key is the certificate's");
    TlsAcceptor::from(Arc::new(config))
}
