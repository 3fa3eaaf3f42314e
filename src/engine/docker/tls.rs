//! TLS with an engine of another machine, as docker's own command line speaks it: the certificates lie in one directory, as `ca.pem`, `cert.pem`
//! and `key.pem`.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// What is needed to trust the engine, and to be trusted by it.
#[derive(Clone)]
pub(super) struct Credentials(TlsConnector);

/// A key is in there.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials")
    }
}

impl Credentials {
    /// Those of a directory. Without `ca.pem` the authorities of this machine are trusted; without `cert.pem` and `key.pem` the engine is not told
    /// who asks.
    ///
    /// # Errors
    /// Where a file is there and cannot be used, or one of the last two is there alone.
    pub(super) fn of(directory: &Path) -> io::Result<Self> {
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().map_err(io::Error::other)?;
        let builder = builder.with_root_certificates(authorities(directory)?);
        let (certificate, key) = (Pem::of(directory, "cert.pem"), Pem::of(directory, "key.pem"));
        let config = if certificate.is_there() || key.is_there() {
            let chain = certificate.certificates()?;
            let key = PrivateKeyDer::from_pem_slice(&key.read()?).map_err(|error| key.bad(error))?;
            builder.with_client_auth_cert(chain, key).map_err(|error| certificate.bad(error))?
        } else {
            builder.with_no_client_auth()
        };
        Ok(Credentials(TlsConnector::from(Arc::new(config))))
    }

    /// Speaks TLS with the engine at `authority` over a connection to it.
    pub(super) async fn secure(&self, stream: TcpStream, authority: &str) -> io::Result<TlsStream<TcpStream>> {
        let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let name = ServerName::try_from(host).map_err(io::Error::other)?;
        self.0.connect(name, stream).await
    }
}

fn authorities(directory: &Path) -> io::Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    let own = Pem::of(directory, "ca.pem");
    if own.is_there() {
        for certificate in own.certificates()? {
            roots.add(certificate).map_err(|error| own.bad(error))?;
        }
    } else {
        // One that does not read among a hundred is no reason to trust none.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    if roots.is_empty() {
        Err(own.bad("there is no such file, and this machine trusts nobody either"))
    } else {
        Ok(roots)
    }
}

/// A file of certificates or of a key.
struct Pem(PathBuf);

impl Pem {
    fn of(directory: &Path, name: &str) -> Self {
        Pem(directory.join(name))
    }

    fn is_there(&self) -> bool {
        self.0.exists()
    }

    fn read(&self) -> io::Result<Vec<u8>> {
        std::fs::read(&self.0).map_err(|error| self.bad(error))
    }

    fn certificates(&self) -> io::Result<Vec<CertificateDer<'static>>> {
        let text = self.read()?;
        let all: Vec<_> =
            CertificateDer::pem_slice_iter(&text).collect::<Result<_, _>>().map_err(|error| self.bad(error))?;
        if all.is_empty() { Err(self.bad("there is no certificate in it")) } else { Ok(all) }
    }

    fn bad(&self, why: impl ToString) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidInput, format!("{}: {}", self.0.display(), why.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_used_is_named() {
        let directory = tempfile::tempdir().expect("a directory");
        let refusal = || Credentials::of(directory.path()).err().map(|error| error.to_string()).unwrap_or_default();
        std::fs::write(directory.path().join("ca.pem"), "no certificate").expect("a file");
        assert!(refusal().ends_with("ca.pem: there is no certificate in it"), "{}", refusal());
        let own = rcgen::generate_simple_self_signed(["engine".to_owned()]).expect("a name");
        std::fs::write(directory.path().join("ca.pem"), own.cert.pem()).expect("a file");
        assert_eq!(refusal(), "");
        std::fs::write(directory.path().join("cert.pem"), own.cert.pem()).expect("a file");
        assert!(refusal().contains("key.pem: "), "{}", refusal());
        std::fs::write(directory.path().join("key.pem"), own.signing_key.serialize_pem()).expect("a file");
        assert_eq!(refusal(), "");
    }
}
