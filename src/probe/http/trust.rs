use std::sync::Arc;

use bytes::Bytes;
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use super::{ErrorKind, HttpError};
use crate::model::HttpVersion;

/// Whose certificates are taken.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Trust {
    /// Those that this machine trusts.
    System,
    /// Those that these certificates, in PEM, vouch for.
    Authorities(Bytes),
    /// Anybody's.
    Anyone,
}

/// How TLS is spoken with a server that is trusted so, and which versions of HTTP are offered to it.
pub(super) fn config(trust: &Trust, version: Option<HttpVersion>) -> Result<ClientConfig, HttpError> {
    let provider = Arc::new(ring::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match trust {
        Trust::Anyone => Arc::new(Anyone(provider.clone())),
        Trust::System => verifier(system_roots()?, &provider)?,
        Trust::Authorities(pem) => verifier(roots_of(pem)?, &provider)?,
    };
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| HttpError::new(ErrorKind::Tls, error.to_string()))?;
    let mut config = builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    config.alpn_protocols = match version {
        None => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
        Some(HttpVersion::Http2) => vec![b"h2".to_vec()],
        Some(HttpVersion::Http11) => vec![b"http/1.1".to_vec()],
        Some(HttpVersion::Http10) => vec![],
    };
    Ok(config)
}

fn verifier(roots: RootCertStore, provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, HttpError> {
    let built = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build();
    Ok(built.map_err(|error| HttpError::new(ErrorKind::Tls, format!("no certificate can be judged: {error}")))?)
}

fn system_roots() -> Result<RootCertStore, HttpError> {
    let mut roots = RootCertStore::empty();
    // One that does not read among a hundred is no reason to trust none.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        let message =
            "this machine trusts no certificate; name one with `ca`, or install its package `ca-certificates`";
        return Err(HttpError::new(ErrorKind::Tls, message));
    }
    Ok(roots)
}

fn roots_of(pem: &[u8]) -> Result<RootCertStore, HttpError> {
    let bad = |why: String| HttpError::new(ErrorKind::BadRequest, format!("the file of `ca` {why}"));
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| bad(format!("is no PEM: {error}")))?;
        roots.add(certificate).map_err(|error| bad(format!("has a certificate that does not read: {error}")))?;
    }
    if roots.is_empty() { Err(bad("has no certificate in PEM".to_owned())) } else { Ok(roots) }
}

/// Takes whatever certificate, but not a signature that its key did not make.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
