use tokio::runtime::{Builder, Runtime};

use crate::analysis::Analysis;
use crate::cli::identity::spec_hash;
use crate::cli::origin::Origin;
use crate::cli::terminal::remark;
use crate::diagnostic::Diagnostics;
use crate::engine::docker::Docker;
use crate::engine::{Engine, EngineError, EngineInfo, ErrorKind};
use crate::preflight::{Subject, preflight};

/// The engine that a check may ask.
pub struct Online {
    runtime: Runtime,
    engine: Docker,
    info: EngineInfo,
}

impl Online {
    /// The engine that the environment names.
    pub fn connect() -> Result<Self, EngineError> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| EngineError::new(ErrorKind::Protocol, "start the runtime", error.to_string()))?;
        let (engine, info) = runtime.block_on(async {
            let engine = Docker::from_environment().await?;
            let info = engine.info().await?;
            Ok::<_, EngineError>((engine, info))
        })?;
        Ok(Online { runtime, engine, info })
    }

    /// What the engine has to say of a pipeline; of one that is not valid, nothing.
    pub fn look(&self, analysis: &Analysis, origin: &Origin) -> Result<Diagnostics, EngineError> {
        let Some(pipeline) = &analysis.pipeline else {
            remark(&format!(
                "{}: the engine was not asked, since there are errors to mend first",
                origin.shown.display()
            ));
            return Ok(Diagnostics::new());
        };
        let spec = spec_hash(&origin.identity());
        let subject = Subject { pipeline, files: &analysis.files, spec: &spec };
        self.runtime.block_on(preflight(&subject, &self.engine, &self.info))
    }
}
