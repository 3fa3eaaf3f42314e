use std::path::PathBuf;

use bollard_buildkit_proto::moby::filesync::v1::{CredentialsRequest, CredentialsResponse};
use tonic::{Request, Response, Status};

use crate::engine::docker::credentials::{Credentials, credentials_of};

/// The credentials for a registry, from Docker's configuration in the directory `config` and its helpers. None at all is an answer: the
/// registry may be open.
pub(super) async fn credentials(
    config: Option<PathBuf>,
    request: Request<CredentialsRequest>,
) -> Result<Response<CredentialsResponse>, Status> {
    answer(credentials_of(config, &request.get_ref().host).await).map(Response::new)
}

fn answer(credentials: Credentials) -> Result<CredentialsResponse, Status> {
    if let Some(trouble) = credentials.trouble {
        return Err(Status::unauthenticated(trouble));
    }
    let found = credentials.found.unwrap_or_default();
    Ok(match found.identitytoken {
        // A token goes without a name.
        Some(token) => CredentialsResponse { username: String::new(), secret: token },
        None => CredentialsResponse {
            username: found.username.unwrap_or_default(),
            secret: found.password.unwrap_or_default(),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    async fn ask(config: Option<&Path>, host: &str) -> Result<CredentialsResponse, Status> {
        let request = Request::new(CredentialsRequest { host: host.into() });
        credentials(config.map(Path::to_owned), request).await.map(Response::into_inner)
    }

    #[tokio::test]
    async fn credentials_are_told_by_the_host_and_having_none_is_an_answer() {
        let config = tempfile::tempdir().expect("a directory");
        let json =
            r#"{"auths":{"https://index.docker.io/v1/":{"auth":"bWU6cyE/fg=="},"r.example":{"identitytoken":"t"}}}"#;
        std::fs::write(config.path().join("config.json"), json).expect("a file");
        let told = async |config: Option<&Path>, host: &str| {
            let answer = ask(config, host).await.expect("an answer");
            (answer.username, answer.secret)
        };
        let pair = |name: &str, secret: &str| (name.to_owned(), secret.to_owned());
        assert_eq!(told(Some(config.path()), "registry-1.docker.io").await, pair("me", "s!?~"));
        assert_eq!(told(Some(config.path()), "r.example").await, pair("", "t"));
        assert_eq!(told(Some(config.path()), "127.0.0.1:5000").await, pair("", ""));
        assert_eq!(told(None, "r.example").await, pair("", ""));
    }

    #[tokio::test]
    async fn a_source_that_is_broken_is_told() {
        let config = tempfile::tempdir().expect("a directory");
        let json = r#"{"credHelpers":{"r.example":"does-not-exist"}}"#;
        std::fs::write(config.path().join("config.json"), json).expect("a file");
        let status = ask(Some(config.path()), "r.example").await.expect_err("a failure");
        assert!(status.message().contains("r.example"), "{status}");
    }
}
