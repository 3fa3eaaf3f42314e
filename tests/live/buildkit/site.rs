//! A build context that is thrown away, with the images made of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use pipe::engine::docker::buildkit::Builder;
use pipe::engine::docker::{Dialer, Environment};
use pipe::engine::{BuildFailure, BuildProgress, BuildRequest, Built, EngineError, ErrorKind};
use tokio::sync::mpsc;

use crate::daemon::docker;

static SITES: AtomicU32 = AtomicU32::new(0);

/// A context, a builder and the images it made.
pub struct Site {
    pub root: tempfile::TempDir,
    pub builder: Builder,
    /// A word that no other test has: for cache keys and tags.
    pub word: String,
}

/// How a build went, with all that it told.
pub struct Told {
    pub result: Result<Built, EngineError>,
    pub progress: Vec<BuildProgress>,
}

impl Site {
    pub fn new(dockerfile: &str) -> Self {
        let root = tempfile::tempdir().expect("a directory");
        let word = format!("{}x{}", crate::daemon::process(), SITES.fetch_add(1, Ordering::Relaxed));
        let site = Site { root, builder: builder(), word };
        site.write("Dockerfile", dockerfile);
        site
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("directories");
        fs::write(path, text).expect("a file");
    }

    /// A build of the whole site, never answered from the cache of another test.
    pub fn request(&self) -> BuildRequest {
        BuildRequest {
            context: self.root.path().to_owned(),
            dockerfile: self.path("Dockerfile"),
            args: vec![("WORD".into(), self.word.clone())],
            labels: vec![("dev.pipe.test".into(), self.word.clone())],
            ..BuildRequest::default()
        }
    }

    pub async fn build(&self, request: BuildRequest) -> Told {
        build(&self.builder, request).await
    }

    /// What a shell in the built image prints.
    pub async fn shell(&self, request: BuildRequest, script: &str) -> String {
        let image = self.build(request).await.image();
        run(&image, script)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let filter = format!("label=dev.pipe.test={}", self.word);
        let images = docker(&["images", "--quiet", "--no-trunc", "--filter", &filter]);
        let images: std::collections::HashSet<&str> = images.lines().collect();
        for image in images {
            docker(&["rmi", "--force", image]);
        }
    }
}

impl Told {
    /// The image.
    pub fn image(&self) -> String {
        match &self.result {
            Ok(built) => built.image.0.clone(),
            Err(error) => panic!("the build failed: {error:?}\n{:#?}", self.progress),
        }
    }

    /// Why there is none.
    pub fn error(&self) -> &EngineError {
        match &self.result {
            Ok(_) => panic!("the build succeeded"),
            Err(error) => error,
        }
    }

    pub fn failure(&self) -> &BuildFailure {
        match &self.error().kind {
            ErrorKind::BuildFailed(failure) => failure,
            other => panic!("a build failure, not {other:?}"),
        }
    }

    pub fn warnings(&self) -> Vec<&str> {
        let warning = |one: &'_ BuildProgress| matches!(one, BuildProgress::Warning(_));
        let warnings = self.progress.iter().filter(|one| warning(one));
        warnings.map(|one| if let BuildProgress::Warning(text) = one { text.as_str() } else { "" }).collect()
    }
}

pub fn builder() -> Builder {
    Builder::new(Dialer::new(&Environment::read()).expect("a dialer"), None)
}

pub async fn build(builder: &Builder, request: BuildRequest) -> Told {
    let (sender, mut receiver) = mpsc::channel(64);
    let listen = async {
        let mut progress = Vec::new();
        while let Some(one) = receiver.recv().await {
            progress.push(one);
        }
        progress
    };
    let (result, progress) = tokio::join!(builder.build(request, sender), listen);
    Told { result, progress }
}

/// What a shell in an image prints.
pub fn run(image: &str, script: &str) -> String {
    docker(&["run", "--rm", "--network", "none", image, "sh", "-c", script])
}

/// All files below a directory, as `find` would name them.
pub fn listing(directory: &Path) -> String {
    format!("cd {} && find . -mindepth 1 | sort", directory.display())
}
