use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use bollard_buildkit_proto::moby::filesync::v1::{CredentialsRequest, CredentialsResponse};
use docker_credential::{CredentialRetrievalError, DockerCredential, get_credential_from_reader};
use tonic::{Request, Response, Status};

/// Docker Hub's key in Docker's configuration; its registry answers under another name.
const HUB: &str = "https://index.docker.io/v1/";
/// That name.
const HUB_REGISTRY: &str = "registry-1.docker.io";

/// The credentials for a registry, from Docker's configuration in the directory `config` and its helpers. None at all is an answer: the
/// registry may be open.
pub(super) async fn credentials(
    config: Option<PathBuf>,
    request: Request<CredentialsRequest>,
) -> Result<Response<CredentialsResponse>, Status> {
    let host = request.into_inner().host;
    let key = if host == HUB_REGISTRY { HUB.to_owned() } else { host.clone() };
    let Some(config) = config else { return Ok(Response::new(CredentialsResponse::default())) };
    // A helper is a program that may take its time, or ask the user.
    let found = tokio::task::spawn_blocking(move || look_up(&config, &key))
        .await
        .map_err(|error| Status::internal(error.to_string()))?;
    answer(&host, found).map(Response::new)
}

fn look_up(config: &Path, key: &str) -> Result<DockerCredential, CredentialRetrievalError> {
    let file = File::open(config.join("config.json")).map_err(|_| CredentialRetrievalError::ConfigNotFound)?;
    get_credential_from_reader(BufReader::new(file), key)
}

fn answer(
    host: &str,
    found: Result<DockerCredential, CredentialRetrievalError>,
) -> Result<CredentialsResponse, Status> {
    match found {
        Ok(DockerCredential::UsernamePassword(username, secret)) => Ok(CredentialsResponse { username, secret }),
        Ok(DockerCredential::IdentityToken(secret)) => Ok(CredentialsResponse { username: String::new(), secret }),
        Err(CredentialRetrievalError::NoCredentialConfigured | CredentialRetrievalError::ConfigNotFound) => {
            Ok(CredentialsResponse::default())
        }
        // The words by which every helper says that it has none.
        Err(CredentialRetrievalError::HelperFailure { stdout, stderr, .. })
            if stdout.contains("credentials not found") || stderr.contains("credentials not found") =>
        {
            Ok(CredentialsResponse::default())
        }
        Err(error) => {
            let reason = error.to_string();
            let reason = reason.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
            Err(Status::unauthenticated(format!("the credentials for `{host}` cannot be read: {reason}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_credentials_are_an_answer() {
        for none in [
            CredentialRetrievalError::NoCredentialConfigured,
            CredentialRetrievalError::ConfigNotFound,
            CredentialRetrievalError::HelperFailure {
                helper: "pass".into(),
                stdout: "credentials not found in native keychain\n".into(),
                stderr: String::new(),
            },
        ] {
            assert_eq!(answer("r.example", Err(none)).expect("an answer"), CredentialsResponse::default());
        }
    }

    #[tokio::test]
    async fn the_hub_has_a_key_of_its_own() {
        let config = tempfile::tempdir().expect("a directory");
        let json = r#"{"auths":{"https://index.docker.io/v1/":{"auth":"bWU6cyE/fg=="}}}"#;
        std::fs::write(config.path().join("config.json"), json).expect("a file");
        let ask = |config: Option<&Path>, host: &str| {
            credentials(config.map(Path::to_owned), Request::new(CredentialsRequest { host: host.into() }))
        };
        let found = ask(Some(config.path()), HUB_REGISTRY).await.expect("an answer").into_inner();
        assert_eq!((found.username.as_str(), found.secret.as_str()), ("me", "s!?~"));
        let none = ask(Some(config.path()), "127.0.0.1:5000").await.expect("an answer").into_inner();
        assert_eq!(none, CredentialsResponse::default());
        let none = ask(None, HUB_REGISTRY).await.expect("an answer").into_inner();
        assert_eq!(none, CredentialsResponse::default());
    }

    #[test]
    fn a_token_goes_without_a_name() {
        let token = answer("r.example", Ok(DockerCredential::IdentityToken("t".into()))).expect("an answer");
        assert_eq!((token.username.as_str(), token.secret.as_str()), ("", "t"));
    }

    #[test]
    fn a_helper_that_fails_is_told_in_one_line() {
        let failure = CredentialRetrievalError::HelperFailure {
            helper: "pass".into(),
            stdout: "locked\n".into(),
            stderr: String::new(),
        };
        let status = answer("r.example", Err(failure)).expect_err("a failure");
        assert!(status.message().starts_with("the credentials for `r.example` cannot be read: "));
        assert!(status.message().contains("locked") && !status.message().contains('\n'));
    }
}
