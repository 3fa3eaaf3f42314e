use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bollard_buildkit_proto::moby::buildkit::v1::SolveResponse;
use tokio::sync::mpsc::Sender;
use tokio::sync::watch;
use tokio::time::sleep;
use tonic::Status;

use super::control::{Control, is_broken};
use super::failure::{explain, failed_at_base};
use super::progress::Tracker;
use super::random::random_id;
use super::sessions::{Sessions, Visit};
use super::solve::{Bases, Files, refusal, solve_request};
use super::source::CONTEXT;
use crate::engine::docker::Dialer;
use crate::engine::{BuildFailure, BuildProgress, BuildRequest, Built, EngineError, ErrorKind, ImageId, Result};

/// How long the last words of a build are waited for after its end.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// What is read of a Dockerfile to explain a failure, in bytes.
const READ_AT_MOST: u64 = 1 << 20;

/// Builds images in the daemon's own BuildKit. Builds of one value and its clones that have the same context share one session.
#[derive(Debug, Clone)]
pub struct Builder {
    dialer: Dialer,
    sessions: Arc<Sessions>,
}

impl Builder {
    /// A builder; opens nothing yet. `config` is the directory of Docker's configuration, from which the credentials for base images come.
    pub fn new(dialer: Dialer, config: Option<PathBuf>) -> Self {
        Builder { sessions: Arc::new(Sessions::new(dialer.clone(), config)), dialer }
    }

    /// Builds an image. When the future is dropped, the daemon stops.
    ///
    /// # Errors
    /// - `BuildFailed`: a step, the Dockerfile or the context;
    /// - `NotFound`, `AuthRequired`: a base image;
    /// - `Unreachable`: the engine, or it was lost in the middle;
    /// - `NoSpace`, `TimedOut`, `Protocol`.
    pub async fn build(&self, request: BuildRequest, progress: Sender<BuildProgress>) -> Result<Built> {
        let operation = operation(&request);
        let fail = |message: String| {
            let failure = BuildFailure { message: message.clone(), ..BuildFailure::default() };
            EngineError::new(ErrorKind::BuildFailed(Box::new(failure)), &operation, message)
        };
        if let Some(message) = refusal(&request).or_else(|| missing(&request)) {
            return Err(fail(message));
        }
        let files = Files::of(&request);
        let visit = self.sessions.join(&files, request.secrets.clone().into()).await?;
        let control = Control::connect(&self.dialer).await?;
        let mut run = Run {
            request: &request,
            files: &files,
            visit: &visit,
            control: &control,
            progress: &progress,
            tracker: Tracker::default(),
        };

        let solved = run.solve().await;
        match solved {
            Ok(response) => image(&response, &operation),
            Err(Failed::Lost(message)) => {
                Err(EngineError::new(ErrorKind::Unreachable(vec![message.clone()]), &operation, message))
            }
            Err(Failed::Status(status)) => {
                let troubles = [CONTEXT, &files.dockerfile_name];
                if let Some(trouble) = troubles.into_iter().find_map(|name| visit.session.trouble(name)) {
                    return Err(fail(trouble));
                }
                Err(explain(&status, &run.tracker, &text(&request).await, &operation))
            }
        }
    }
}

/// One build under way.
struct Run<'a> {
    request: &'a BuildRequest,
    files: &'a Files,
    visit: &'a Visit,
    control: &'a Control,
    progress: &'a Sender<BuildProgress>,
    tracker: Tracker,
}

/// How a build ends badly.
enum Failed {
    /// By the daemon's word.
    Status(Status),
    /// The connection broke.
    Lost(String),
}

impl Run<'_> {
    async fn solve(&mut self) -> std::result::Result<SolveResponse, Failed> {
        if !self.request.pull {
            return self.attempt(Bases::Missing).await;
        }
        self.tracker.hold_failures();
        let first = self.attempt(Bases::Fresh).await;
        let failed_base = if matches!(first, Err(Failed::Status(_))) { failed_at_base(&self.tracker) } else { None };
        let Some((image, reason)) = failed_base else {
            let held = self.tracker.release();
            self.tell(held).await;
            return first;
        };
        // BuildKit cannot be told to look some bases up and to take others as they are.
        self.tracker.forget_failures();
        let second = self.attempt(Bases::Missing).await;
        if second.is_ok() || failed_at_base(&self.tracker).is_none() {
            self.tell(vec![BuildProgress::Warning(as_it_is(&image, &reason))]).await;
        }
        second
    }

    async fn attempt(&mut self, bases: Bases) -> std::result::Result<SolveResponse, Failed> {
        let reference = random_id();
        let session = &self.visit.session;
        let request = solve_request(self.request, self.files, &session.id, &reference, bases);
        let mut solving = pin!(self.control.solve(request));
        let (end, over) = watch::channel(false);
        let mut following = pin!(follow(self.control, reference, &mut self.tracker, self.progress, over));
        let mut followed = false;
        let result = loop {
            tokio::select! {
                result = &mut solving => break result,
                () = &mut following, if !followed => followed = true,
                () = session.ended() => return Err(Failed::Lost(LOST.to_owned())),
            }
        };
        let _ = end.send(true);
        if !followed {
            following.await;
        }
        result.map_err(|status| {
            if is_broken(&status) || session.has_ended() {
                Failed::Lost(LOST.to_owned())
            } else {
                Failed::Status(status)
            }
        })
    }

    async fn tell(&self, news: Vec<BuildProgress>) {
        tell(self.progress, news).await;
    }
}

/// What is said of a base that could not be looked up: its familiar name, and the innermost of the daemon's reasons.
fn as_it_is(image: &str, reason: &str) -> String {
    let image = ["docker.io/library/", "docker.io/"].iter().find_map(|hub| image.strip_prefix(hub)).unwrap_or(image);
    let reason = reason.rsplit(": ").next().unwrap_or(reason).trim();
    format!("base image `{image}` cannot be looked up ({reason}), so the bases that this engine has are used")
}

const LOST: &str = "the connection to the engine was lost during the build";

/// Passes on what happens until the build ends. What cannot be followed is built all the same.
async fn follow(
    control: &Control,
    reference: String,
    tracker: &mut Tracker,
    progress: &Sender<BuildProgress>,
    over: watch::Receiver<bool>,
) {
    let Some(Ok(mut statuses)) = in_time(control.status(reference), &over).await else { return };
    while let Some(Ok(Some(status))) = in_time(statuses.message(), &over).await {
        // A slow reader is waited for, whatever the daemon does meanwhile.
        tell(progress, tracker.absorb(status)).await;
    }
}

/// What the daemon says; nothing any more where it is silent although the build is over.
async fn in_time<T>(words: impl Future<Output = T>, over: &watch::Receiver<bool>) -> Option<T> {
    let mut over = over.clone();
    let silence = async {
        let _ = over.wait_for(|over| *over).await;
        sleep(LAST_WORDS).await;
    };
    tokio::select! {
        biased;
        words = words => Some(words),
        () = silence => None,
    }
}

async fn tell(progress: &Sender<BuildProgress>, news: Vec<BuildProgress>) {
    for one in news {
        // Nobody has to listen.
        let _ = progress.send(one).await;
    }
}

/// The image's id. The daemon calls it the digest of what was exported, in both its ways to keep images.
fn image(response: &SolveResponse, operation: &str) -> Result<Built> {
    let names = ["containerimage.digest", "containerimage.config.digest"];
    match names.iter().find_map(|name| response.exporter_response.get(*name)) {
        Some(id) => Ok(Built { image: ImageId(id.clone()) }),
        None => Err(EngineError::new(ErrorKind::Protocol, operation, "the engine did not say which image it built")),
    }
}

fn operation(request: &BuildRequest) -> String {
    match request.tags.first() {
        Some(tag) => format!("build image `{tag}`"),
        None => "build image".to_owned(),
    }
}

/// What of the build's files is not there.
fn missing(request: &BuildRequest) -> Option<String> {
    if !request.context.is_dir() {
        return Some(format!("the build context `{}` is no directory", request.context.display()));
    }
    if request.inline.is_none() && !request.dockerfile.is_file() {
        return Some(format!("there is no Dockerfile at `{}`", request.dockerfile.display()));
    }
    None
}

/// The Dockerfile's text, as far as it can be read.
async fn text(request: &BuildRequest) -> String {
    use tokio::io::AsyncReadExt;
    if let Some(text) = &request.inline {
        return text.clone();
    }
    let mut bytes = Vec::new();
    if let Ok(file) = tokio::fs::File::open(&request.dockerfile).await {
        // What was read until an error is as good as any.
        let _ = file.take(READ_AT_MOST).read_to_end(&mut bytes).await;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_that_cannot_be_looked_up_is_told_in_one_sentence() {
        let reason = "failed to do request: Head \"https://registry-1.docker.io/v2/library/base/manifests/1\": dial tcp: \
                      lookup registry-1.docker.io on 10.0.0.1:53: no such host";
        let told = "base image `base:1` cannot be looked up (no such host), so the bases that this engine has are used";
        assert_eq!(as_it_is("docker.io/library/base:1", reason), told);
        assert!(as_it_is("127.0.0.1:5000/base:1", "not found").starts_with("base image `127.0.0.1:5000/base:1` "));
    }
}
