use std::path::PathBuf;
use std::time::Duration;

use bollard::auth::DockerCredentials;
use docker_credential::{CredentialRetrievalError, DockerCredential, get_credential_from_reader};

use super::reference::Reference;

/// How long a credential helper may think.
const HELPER: Duration = Duration::from_secs(30);
/// Under which name Docker keeps the credentials of its own registry.
const HUB: &str = "https://index.docker.io/v1/";

/// What Docker's configuration knows of a registry. Without `Debug`: it would show passwords.
#[derive(Default)]
pub(super) struct Credentials {
    /// The credentials; having none is no fault.
    pub(super) found: Option<DockerCredentials>,
    /// Why there are none although the configuration names a source of them.
    pub(super) trouble: Option<String>,
}

/// Looks up the credentials for the registry of `reference` in the `config.json` of the directory `config`. Runs the helper that the
/// configuration names, if it names one.
pub(super) async fn credentials(config: Option<PathBuf>, reference: &Reference) -> Credentials {
    credentials_of(config, reference.registry()).await
}

/// The same for a registry by its name, or by the name of the host that answers for it.
pub(super) async fn credentials_of(config: Option<PathBuf>, registry: &str) -> Credentials {
    let Some(file) = config.map(|directory| directory.join("config.json")) else { return Credentials::default() };
    let server = match registry {
        "docker.io" | "registry-1.docker.io" => HUB.to_owned(),
        registry => registry.to_owned(),
    };
    let asked = server.clone();
    let lookup = tokio::task::spawn_blocking(move || {
        let file = std::fs::File::open(file).map_err(|_| CredentialRetrievalError::ConfigNotFound)?;
        get_credential_from_reader(std::io::BufReader::new(file), &asked)
    });
    let trouble = |words: &str| Credentials { found: None, trouble: Some(format!("{words} for {server}")) };
    let mut found = DockerCredentials { serveraddress: Some(server.clone()), ..DockerCredentials::default() };
    match tokio::time::timeout(HELPER, lookup).await {
        Err(_) => return trouble("docker's credential helper has not answered within 30 s"),
        Ok(Err(_)) => return trouble("docker's credential helper could not be asked"),
        Ok(Ok(Err(error))) => return refusal(&error).map_or_else(Credentials::default, |words| trouble(&words)),
        Ok(Ok(Ok(DockerCredential::IdentityToken(token)))) => found.identitytoken = Some(token),
        Ok(Ok(Ok(DockerCredential::UsernamePassword(user, password)))) => {
            found.username = Some(user);
            found.password = Some(password);
        }
    }
    Credentials { found: Some(found), trouble: None }
}

/// What is worth telling of a look-up that found nothing.
fn refusal(error: &CredentialRetrievalError) -> Option<String> {
    match error {
        CredentialRetrievalError::NoCredentialConfigured
        | CredentialRetrievalError::ConfigNotFound
        | CredentialRetrievalError::ConfigReadError => None,
        CredentialRetrievalError::HelperFailure { helper, stdout, stderr } => {
            let words = format!("{stdout} {stderr}");
            let nothing = words.contains("credentials not found");
            (!nothing).then(|| format!("docker's credential helper `{helper}` says: {}", words.trim()))
        }
        CredentialRetrievalError::HelperCommunicationError => Some("docker's credential helper cannot be run".into()),
        CredentialRetrievalError::MalformedHelperResponse => {
            Some("docker's credential helper answers what is no credential".into())
        }
        CredentialRetrievalError::CredentialDecodingError | CredentialRetrievalError::CredentialMismatchError => {
            Some("docker's configuration holds a credential that cannot be read".into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn look_up(json: &str, reference: &str) -> Credentials {
        let directory = tempfile::tempdir().expect("a directory");
        std::fs::write(directory.path().join("config.json"), json).expect("a file");
        let reference = Reference::parse(reference).expect("a reference");
        credentials(Some(directory.path().into()), &reference).await
    }

    #[tokio::test]
    async fn credentials_are_found_by_the_registry_of_the_reference() {
        let json =
            r#"{"auths":{"127.0.0.1:5000":{"auth":"bWU6cyE/fg=="},"https://index.docker.io/v1/":{"auth":"aHViOng="}}}"#;
        let local = look_up(json, "127.0.0.1:5000/todo:1").await.found.expect("credentials");
        assert_eq!((local.username.as_deref(), local.password.as_deref()), (Some("me"), Some("s!?~")));
        let hub = look_up(json, "busybox").await.found.expect("credentials");
        assert_eq!(hub.username.as_deref(), Some("hub"));
    }

    #[tokio::test]
    async fn having_none_is_no_fault_and_a_broken_source_is_told() {
        let none = look_up("{}", "example.test/x").await;
        assert!(none.found.is_none() && none.trouble.is_none());
        let absent = credentials(None, &Reference::parse("x").expect("a reference")).await;
        assert!(absent.found.is_none() && absent.trouble.is_none());
        let broken = look_up(r#"{"credHelpers":{"example.test":"does-not-exist"}}"#, "example.test/x").await;
        assert!(broken.trouble.expect("a reason").contains("example.test"));
    }
}
