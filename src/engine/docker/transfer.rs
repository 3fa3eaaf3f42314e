use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use bollard::{body_full, body_try_stream};
use bytes::Bytes;
use futures_util::{Stream, stream};
use hyper::{Method, Request};
use serde::Deserialize;
use tokio::fs::File;
use tokio::io::AsyncReadExt;
use tokio::sync::mpsc::Sender;

use super::Docker;
use super::credentials::{Credentials, credentials};
use super::error::refused;
use super::reference::Reference;
use super::transport::{Lines, uri};
use crate::engine::{EngineError, ErrorKind, ImageId, PullProgress, Result};

/// How much of a file is sent at a time.
const PIECE: usize = 64 * 1024;

/// What the engine tells while an image comes or goes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    id: String,
    status: String,
    stream: String,
    error: Option<String>,
    #[serde(rename = "progressDetail")]
    progress: Detail,
    aux: Option<serde_json::Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Detail {
    current: Option<u64>,
    total: Option<u64>,
}

impl Docker {
    /// Takes an image from its registry.
    pub(super) async fn transfer_in(
        &self,
        reference: &Reference,
        platform: Option<&str>,
        progress: Sender<PullProgress>,
    ) -> Result<()> {
        let operation = format!("pull `{}`", reference.full());
        let mut query = vec![("fromImage", reference.repository()), ("tag", reference.version())];
        query.extend(platform.map(|platform| ("platform", platform)));
        let known = credentials(self.environment.config.clone(), reference).await;
        let result = async {
            let mut told = self
                .road
                .call_with(&operation, authorised(Method::POST, uri("/images/create", &query), &known))
                .await?;
            while let Some(told) = self.next(&operation, &mut told).await? {
                tell(&progress, told).await;
            }
            Ok(())
        };
        result.await.map_err(|error| explain(error, &known))
    }

    /// Gives an image to its registry, and answers the digest that the registry knows it by.
    pub(super) async fn publish(&self, reference: &str, progress: Sender<PullProgress>) -> Result<String> {
        let reference = Reference::parse(reference)?;
        let operation = format!("push `{}`", reference.full());
        let path = format!("/images/{}/push", reference.repository());
        let known = credentials(self.environment.config.clone(), &reference).await;
        let push = || async {
            let request = authorised(Method::POST, uri(&path, &[("tag", reference.version())]), &known);
            let mut lines = self.road.call_with(&operation, request).await?;
            let mut digest = None;
            while let Some(told) = self.next(&operation, &mut lines).await? {
                let named = told.aux.as_ref().and_then(|aux| aux.get("Digest")?.as_str());
                digest = named.map(str::to_owned).or(digest);
                tell(&progress, told).await;
            }
            digest.ok_or_else(|| {
                EngineError::new(ErrorKind::Protocol, operation.as_str(), "the engine has not told the digest")
            })
        };
        self.line.ask_at_leisure(&operation, push).await.map_err(|error| explain(error, &known))
    }

    /// Makes an image of a root file system.
    pub(super) async fn upload_root(&self, tar: &Path, labels: &[(String, String)]) -> Result<ImageId> {
        let operation = format!("import `{}`", tar.display());
        let changes: Vec<String> =
            labels.iter().map(|(name, value)| format!("LABEL {}={}", quote(name), quote(value))).collect();
        let mut query = vec![("fromSrc", "-")];
        query.extend(changes.iter().map(|change| ("changes", change.as_str())));
        let mut lines = self.send_file(&operation, uri("/images/create", &query), tar).await?;
        let mut made = None;
        while let Some(told) = self.next(&operation, &mut lines).await? {
            made = told.status.starts_with("sha256:").then_some(told.status).or(made);
        }
        match made {
            Some(id) => Ok(ImageId(id.trim().to_owned())),
            None => Err(EngineError::new(ErrorKind::Protocol, operation, "the engine did not say which image it made")),
        }
    }

    /// Reads the archive of `docker save`, and answers the image that it names last.
    pub(super) async fn load_archive(&self, archive: &Path) -> Result<ImageId> {
        let operation = format!("load `{}`", archive.display());
        let mut lines = self.send_file(&operation, uri("/images/load", &[("quiet", "1")]), archive).await?;
        let mut named = None;
        while let Some(told) = self.next(&operation, &mut lines).await? {
            let name = told.stream.trim().rsplit_once(": ").filter(|(said, _)| said.starts_with("Loaded image"));
            named = name.map(|(_, name)| name.to_owned()).or(named);
        }
        match named {
            Some(name) => self.id_of(&name).await,
            None => Err(EngineError::new(ErrorKind::Protocol, operation, "the archive holds no image")),
        }
    }

    /// The next thing told; what is told as an error is one.
    async fn next(&self, operation: &str, lines: &mut Lines) -> Result<Option<Told>> {
        let told = self.line.next(operation, lines.next::<Told>()).await??;
        match told.as_ref().and_then(|told| told.error.as_deref()) {
            Some(error) => Err(refused(operation, 500, error)),
            None => Ok(told),
        }
    }

    async fn send_file(&self, operation: &str, uri: String, file: &Path) -> Result<Lines> {
        let file = File::open(file).await.map_err(|error| {
            let kind = match error.kind() {
                std::io::ErrorKind::NotFound => ErrorKind::NotFound,
                _ => ErrorKind::Protocol,
            };
            EngineError::new(kind, operation, error.to_string())
        })?;
        let request = Request::builder().method(Method::POST).uri(uri).header("content-type", "application/x-tar");
        self.road.call_with(operation, request.body(body_try_stream(pieces(file)))).await
    }
}

async fn tell(progress: &Sender<PullProgress>, told: Told) {
    let current = told.progress.current.unwrap_or_default();
    let total = told.progress.total.unwrap_or_default();
    // A closed channel is no error: nobody looks.
    let _ = progress.send(PullProgress { layer: told.id, status: told.status, current, total }).await;
}

/// A request with credentials, in the encoding that the daemon reads.
pub(super) fn authorised(
    method: Method,
    uri: String,
    known: &Credentials,
) -> std::result::Result<bollard::BollardRequest, hyper::http::Error> {
    let known = known.found.clone().unwrap_or_default();
    let json = serde_json::to_string(&known).expect("credentials are plain text");
    Request::builder()
        .method(method)
        .uri(uri)
        .header("x-registry-auth", URL_SAFE.encode(json))
        .body(body_full(Bytes::new()))
}

/// Adds why there were no credentials to what the registry says for want of them.
pub(super) fn explain(mut error: EngineError, known: &Credentials) -> EngineError {
    if let (ErrorKind::AuthRequired | ErrorKind::NotFound, Some(trouble)) = (&error.kind, &known.trouble) {
        error.message = format!("{} ({trouble})", error.message);
    }
    error
}

/// A word in the quotes of a Dockerfile.
fn quote(word: &str) -> String {
    let mut quoted = String::from('"');
    for letter in word.chars() {
        match letter {
            '"' | '\\' | '$' => quoted.extend(['\\', letter]),
            '\n' | '\r' => quoted.push(' '),
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

fn pieces(file: File) -> impl Stream<Item = std::io::Result<Bytes>> + Send + 'static {
    stream::try_unfold(file, |mut file| async move {
        let mut piece = vec![0; PIECE];
        let read = file.read(&mut piece).await?;
        piece.truncate(read);
        Ok((read > 0).then(|| (Bytes::from(piece), file)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use bollard::auth::DockerCredentials;

    #[test]
    fn credentials_are_sent_in_the_url_safe_alphabet() {
        let found = DockerCredentials { password: Some("~~~???>>>".into()), ..Default::default() };
        let known = Credentials { found: Some(found), trouble: None };
        let request = authorised(Method::POST, uri("/x", &[]), &known).expect("a request");
        let header = request.headers()["x-registry-auth"].to_str().expect("text");
        assert!(!header.contains(['+', '/']), "{header}");
        assert!(header.contains(['-', '_']), "{header}");
    }

    #[test]
    fn labels_survive_the_syntax_of_a_dockerfile() {
        assert_eq!(quote(r#"a "b" \ $HOME"#), r#""a \"b\" \\ \$HOME""#);
    }
}
