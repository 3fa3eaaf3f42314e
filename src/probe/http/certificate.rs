use std::net::IpAddr;
use std::time::SystemTime;

use base64::Engine as _;
use x509_cert::der::Decode;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

/// What the certificate of a server says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Whom it is for, as RFC 4514 writes names: `CN=localhost,O=Example`.
    pub subject: String,
    /// Who gave it.
    pub issuer: String,
    /// From when on it is good.
    pub start: SystemTime,
    /// Until when it is good.
    pub end: SystemTime,
    /// Its number, in hexadecimal.
    pub serial: String,
    /// The names and addresses that it is good for.
    pub names: Vec<String>,
    /// All of it, in PEM.
    pub pem: String,
}

impl Certificate {
    /// Reads the DER of RFC 5280; in words what is wrong with it.
    pub(super) fn read(der: &[u8]) -> Result<Self, String> {
        let certificate = x509_cert::Certificate::from_der(der).map_err(|error| error.to_string())?;
        let certificate = certificate.tbs_certificate();
        let names = match certificate.get_extension::<SubjectAltName>() {
            Ok(Some((_, names))) => names.0.iter().filter_map(name).collect(),
            Ok(None) => Vec::new(),
            Err(error) => return Err(error.to_string()),
        };
        let serial = certificate.serial_number().as_bytes();
        Ok(Certificate {
            subject: certificate.subject().to_string(),
            issuer: certificate.issuer().to_string(),
            start: SystemTime::UNIX_EPOCH + certificate.validity().not_before.to_unix_duration(),
            end: SystemTime::UNIX_EPOCH + certificate.validity().not_after.to_unix_duration(),
            serial: serial.iter().map(|byte| format!("{byte:02x}")).collect(),
            names,
            pem: pem(der),
        })
    }
}

/// A name that it is good for, as people write it.
fn name(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DnsName(name) | GeneralName::Rfc822Name(name) | GeneralName::UniformResourceIdentifier(name) => {
            Some(name.to_string())
        }
        GeneralName::IpAddress(address) => {
            let address = address.as_bytes();
            let v4 = <[u8; 4]>::try_from(address).map(IpAddr::from);
            v4.or_else(|_| <[u8; 16]>::try_from(address).map(IpAddr::from)).ok().map(|address| address.to_string())
        }
        GeneralName::DirectoryName(name) => Some(name.to_string()),
        GeneralName::OtherName(_) | GeneralName::EdiPartyName(_) | GeneralName::RegisteredId(_) => None,
    }
}

fn pem(der: &[u8]) -> String {
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}
