use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::engine::{EngineError, ErrorKind, Result};

/// What of the environment decides where the daemon is. Values, so that the decision can be tested.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// `DOCKER_HOST`.
    pub docker_host: Option<String>,
    /// `DOCKER_CONTEXT`.
    pub docker_context: Option<String>,
    /// `DOCKER_TLS_VERIFY` is set to something: tcp means TLS.
    pub tls_verify: bool,
    /// `DOCKER_CERT_PATH`: where the certificates for that lie, if not in the directory of the configuration.
    pub certificates: Option<PathBuf>,
    /// `DOCKER_CONFIG`, or `.docker` in the home directory.
    pub config: Option<PathBuf>,
    /// `XDG_RUNTIME_DIR`, where a rootless daemon has its socket.
    pub runtime: Option<PathBuf>,
}

impl Environment {
    /// The environment of this process. The one place of the room that reads it.
    pub fn read() -> Self {
        let text = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let path = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        Environment {
            docker_host: text("DOCKER_HOST"),
            docker_context: text("DOCKER_CONTEXT"),
            tls_verify: text("DOCKER_TLS_VERIFY").is_some(),
            certificates: path("DOCKER_CERT_PATH"),
            config: path("DOCKER_CONFIG").or_else(|| path("HOME").map(|home| home.join(".docker"))),
            runtime: path("XDG_RUNTIME_DIR"),
        }
    }
}

/// Where a daemon listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A socket file on this machine.
    Unix(PathBuf),
    /// Plain TCP: `host:port`.
    Tcp(String),
    /// TLS over TCP.
    Tls {
        /// `host:port`.
        authority: String,
        /// The directory with its `ca.pem`, `cert.pem` and `key.pem`.
        certificates: PathBuf,
    },
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Unix(path) => write!(f, "unix://{}", path.display()),
            Address::Tcp(authority) | Address::Tls { authority, .. } => write!(f, "tcp://{authority}"),
        }
    }
}

/// Where to look for the daemon, in this order: `DOCKER_HOST`, `DOCKER_CONTEXT`, the current context of Docker's `config.json`, the
/// default socket (and then the socket of a rootless daemon of this user). As docker's own command line decides.
///
/// # Errors
/// `Unreachable` where what is configured cannot be read, or asks for a transport that pipe does not speak.
pub fn resolve(environment: &Environment) -> Result<Vec<Address>> {
    if let Some(host) = &environment.docker_host {
        let certificates = environment.certificates.as_ref().or(environment.config.as_ref()).cloned();
        let certificates = certificates.filter(|_| environment.tls_verify);
        return parse(host, certificates, "DOCKER_HOST").map(|address| vec![address]);
    }
    let current = match &environment.docker_context {
        Some(name) => Some((name.clone(), "DOCKER_CONTEXT".to_owned())),
        None => current_context(environment.config.as_deref())?,
    };
    match current {
        Some((name, origin)) if name != "default" => {
            context(environment.config.as_deref(), &name, &origin).map(|address| vec![address])
        }
        _ => {
            let rootless = environment.runtime.iter().map(|runtime| Address::Unix(runtime.join("docker.sock")));
            Ok(std::iter::once(Address::Unix("/var/run/docker.sock".into())).chain(rootless).collect())
        }
    }
}

/// `currentContext` of `config.json`, and where it was found. A file that is not there says nothing.
fn current_context(config: Option<&Path>) -> Result<Option<(String, String)>> {
    let Some(file) = config.map(|directory| directory.join("config.json")).filter(|file| file.exists()) else {
        return Ok(None);
    };
    let origin = file.display().to_string();
    let current = read_json(&file)?.get("currentContext").and_then(Value::as_str).map(str::to_owned);
    Ok(current.filter(|name| !name.is_empty()).map(|name| (name, origin)))
}

/// The daemon of a context: Docker keeps each one in a directory named after the hash of its name.
fn context(config: Option<&Path>, name: &str, origin: &str) -> Result<Address> {
    let contexts = config.map(|directory| directory.join("contexts")).unwrap_or_default();
    let id: String = Sha256::digest(name.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let file = contexts.join("meta").join(&id).join("meta.json");
    if !file.exists() {
        return Err(unusable(format!("context `{name}` of {origin}: there is no {}", file.display())));
    }
    let meta = read_json(&file)?;
    let host = meta.pointer("/Endpoints/docker/Host").and_then(Value::as_str).unwrap_or_default();
    let origin = format!("context `{name}`");
    if meta.pointer("/Endpoints/docker/SkipTLSVerify").and_then(Value::as_bool) == Some(true) {
        return Err(unusable(format!("{host} of {origin}: pipe trusts no engine whose certificate is not verified")));
    }
    let certificates = contexts.join("tls").join(&id).join("docker");
    parse(host, Some(certificates).filter(|directory| directory.is_dir()), &origin)
}

/// An address in Docker's notation; where there are certificates for it, TCP means TLS.
fn parse(text: &str, certificates: Option<PathBuf>, origin: &str) -> Result<Address> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("tcp", text));
    match scheme {
        "unix" if rest.starts_with('/') => Ok(Address::Unix(rest.into())),
        "unix" => Err(unusable(format!("{text} of {origin}: a socket is named by an absolute path, unix:///…"))),
        "tcp" | "http" => {
            let authority = rest.split('/').next().unwrap_or_default();
            if authority.is_empty() {
                return Err(unusable(format!("{text} of {origin}: there is no host in it")));
            }
            let with_port = |port: u16| match has_port(authority) {
                true => authority.to_owned(),
                false => format!("{authority}:{port}"),
            };
            Ok(match certificates {
                Some(certificates) => Address::Tls { authority: with_port(2376), certificates },
                None => Address::Tcp(with_port(2375)),
            })
        }
        "ssh" | "https" | "npipe" | "fd" => {
            Err(unusable(format!("{text} of {origin}: pipe does not speak {scheme} to the engine yet")))
        }
        _ => Err(unusable(format!("{text} of {origin}: an address begins with unix:// or tcp://"))),
    }
}

/// Whether `host:port` has its port; `[::1]` has none.
fn has_port(authority: &str) -> bool {
    authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok())
        && !(authority.starts_with('[') && authority.ends_with(']'))
}

fn read_json(file: &Path) -> Result<Value> {
    let text = std::fs::read_to_string(file).map_err(|error| unusable(format!("{}: {error}", file.display())))?;
    serde_json::from_str(&text).map_err(|error| unusable(format!("{}: {error}", file.display())))
}

fn unusable(reason: String) -> EngineError {
    EngineError::new(ErrorKind::Unreachable(vec![reason.clone()]), "find the container engine", reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unix(path: &str) -> Vec<Address> {
        vec![Address::Unix(path.into())]
    }

    fn write_context(config: &Path, name: &str, host: &str) {
        let id: String = Sha256::digest(name.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        let directory = config.join("contexts/meta").join(id);
        std::fs::create_dir_all(&directory).expect("a directory");
        let meta = format!(r#"{{"Name":"{name}","Metadata":{{}},"Endpoints":{{"docker":{{"Host":"{host}"}}}}}}"#);
        std::fs::write(directory.join("meta.json"), meta).expect("a file");
    }

    #[test]
    fn docker_host_wins_over_contexts_which_win_over_the_configuration() {
        let config = tempfile::tempdir().expect("a directory");
        write_context(config.path(), "remote", "tcp://10.0.0.1:2375");
        write_context(config.path(), "rootless", "unix:///run/user/1/docker.sock");
        std::fs::write(config.path().join("config.json"), r#"{"currentContext":"rootless"}"#).expect("a file");
        let mut environment = Environment {
            docker_host: Some("unix:///tmp/d.sock".into()),
            docker_context: Some("remote".into()),
            config: Some(config.path().into()),
            ..Environment::default()
        };
        assert_eq!(resolve(&environment).expect("an address"), unix("/tmp/d.sock"));
        environment.docker_host = None;
        assert_eq!(resolve(&environment).expect("an address"), vec![Address::Tcp("10.0.0.1:2375".into())]);
        environment.docker_context = None;
        assert_eq!(resolve(&environment).expect("an address"), unix("/run/user/1/docker.sock"));
        environment.docker_context = Some("default".into());
        assert_eq!(resolve(&environment).expect("an address"), unix("/var/run/docker.sock"));
    }

    #[test]
    fn nothing_configured_means_the_default_socket_then_a_rootless_one() {
        let environment = Environment { runtime: Some("/run/user/1000".into()), ..Environment::default() };
        let addresses = resolve(&environment).expect("addresses");
        assert_eq!(addresses, [unix("/var/run/docker.sock"), unix("/run/user/1000/docker.sock")].concat());
    }

    #[test]
    fn what_pipe_does_not_speak_is_said() {
        for (host, word) in [
            ("ssh://root@host", "ssh"),
            ("unix://relative", "absolute"),
            ("gopher://x", "unix://"),
            ("tcp://", "no host"),
        ] {
            let environment = Environment { docker_host: Some(host.into()), ..Environment::default() };
            let error = resolve(&environment).expect_err(host);
            assert!(error.message.contains(word), "{host}: {error}");
            assert!(matches!(error.kind, ErrorKind::Unreachable(_)));
        }
    }

    #[test]
    fn a_context_that_is_missing_or_broken_is_named() {
        let config = tempfile::tempdir().expect("a directory");
        let environment = Environment {
            docker_context: Some("gone".into()),
            config: Some(config.path().into()),
            ..Environment::default()
        };
        assert!(resolve(&environment).expect_err("no such context").message.contains("`gone`"));
        std::fs::write(config.path().join("config.json"), "{ truncated").expect("a file");
        let environment = Environment { docker_context: None, ..environment };
        assert!(resolve(&environment).expect_err("not JSON").message.contains("config.json"));
    }

    #[test]
    fn tls_is_spoken_where_docker_speaks_it() {
        let tls = |authority: &str, certificates: &Path| Address::Tls {
            authority: authority.to_owned(),
            certificates: certificates.to_owned(),
        };
        let config = tempfile::tempdir().expect("a directory");
        let mut environment = Environment {
            docker_host: Some("tcp://engine".into()),
            tls_verify: true,
            config: Some(config.path().into()),
            ..Environment::default()
        };
        assert_eq!(resolve(&environment).expect("an address"), [tls("engine:2376", config.path())]);
        environment.certificates = Some("/certs".into());
        assert_eq!(resolve(&environment).expect("an address"), [tls("engine:2376", Path::new("/certs"))]);
        environment.tls_verify = false;
        assert_eq!(resolve(&environment).expect("an address"), [Address::Tcp("engine:2375".into())]);

        write_context(config.path(), "far", "tcp://engine:4000");
        let id: String = Sha256::digest(b"far").iter().map(|byte| format!("{byte:02x}")).collect();
        let certificates = config.path().join("contexts/tls").join(id).join("docker");
        std::fs::create_dir_all(&certificates).expect("directories");
        environment.docker_host = None;
        environment.docker_context = Some("far".into());
        assert_eq!(resolve(&environment).expect("an address"), [tls("engine:4000", &certificates)]);
    }

    #[test]
    fn tcp_gets_the_port_of_plain_docker() {
        for (host, expected) in
            [("tcp://h", "h:2375"), ("tcp://h:1", "h:1"), ("h:1", "h:1"), ("tcp://[::1]", "[::1]:2375")]
        {
            assert_eq!(parse(host, None, "test").expect(host), Address::Tcp(expected.into()));
        }
    }
}
