use std::future::Future;
use std::sync::Arc;

use super::ExitStatus;
use super::terminal::complain_of;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::engine as codes;
use crate::diagnostic::codes::shape::BAD_DURATION;
use crate::engine::docker::{Docker, Environment, Patience};
use crate::engine::{Engine, EngineError, EngineInfo, ErrorKind};
use crate::report::{engine_code, explain_engine_error};
use crate::run::engine_trouble;
use crate::schema::parse_duration;

/// Runs what needs an engine; an engine that is not there, or fails, is drawn.
pub fn with_engine<F>(work: impl FnOnce(Arc<dyn Engine>, EngineInfo) -> F) -> ExitStatus
where
    F: Future<Output = Result<ExitStatus, EngineError>>,
{
    let Ok(patience) = patience() else { return ExitStatus::Usage };
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain_of(explain_engine_error(codes::ENGINE_FAILED, "start the runtime", &error.to_string(), &[]));
            return ExitStatus::Engine;
        }
    };
    let answer = runtime.block_on(async {
        let engine: Arc<dyn Engine> = Arc::new(Docker::connect_with(Environment::read(), patience).await?);
        let info = engine.info().await?;
        work(engine, info).await
    });
    // A task that still waits for the engine must not hold the process back.
    runtime.shutdown_background();
    answer.unwrap_or_else(|error| {
        complain_about(&error);
        ExitStatus::Engine
    })
}

/// How long an engine that goes away in the middle of things is waited for.
const PATIENCE: &str = "PIPE_ENGINE_PATIENCE";

/// How long the engine may take; a wish that cannot be read is drawn.
fn patience() -> Result<Patience, ()> {
    let patience = Patience::default();
    let Some(wish) = std::env::var_os(PATIENCE).filter(|wish| !wish.is_empty()) else { return Ok(patience) };
    match wish.to_str().map(parse_duration) {
        Some(Ok(return_within)) => Ok(Patience { return_within, ..patience }),
        _ => {
            complain_of(
                Diagnostic::new(BAD_DURATION, format!("`{PATIENCE}={}` is no duration", wish.display()))
                    .help(format!("write how long a lost engine is waited for: `{PATIENCE}=2m`")),
            );
            Err(())
        }
    }
}

/// Draws an error of the engine.
pub fn complain_about(error: &EngineError) {
    let tried = match &error.kind {
        ErrorKind::Unreachable(tried) => tried.as_slice(),
        _ => &[],
    };
    let code = engine_code(engine_trouble(&error.kind));
    let diagnostic = explain_engine_error(code, &error.operation, &error.message, tried);
    let named_by = ["DOCKER_HOST", "DOCKER_CONTEXT"]
        .into_iter()
        .find(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    // One who is there and wants to know who asks need not be started.
    let wants_trust = tried.iter().any(|address| address.to_ascii_lowercase().contains("certificate"));
    complain_of(match named_by {
        Some(variable) if code == codes::ENGINE_UNREACHABLE && !wants_trust => diagnostic.help(format!(
            "start an engine where {variable} points to, or unset {variable} to use the one of this machine"
        )),
        _ => diagnostic,
    });
}
