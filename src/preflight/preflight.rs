use super::{checks, externals, images, machine, ports};
use crate::diagnostic::Diagnostics;
use crate::engine::{Engine, EngineInfo, Result};
use crate::model::{ParamSource, Pipeline, Values};
use crate::source::Files;

/// What is looked at.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// What is meant.
    pub pipeline: &'a Pipeline,
    /// What is written, the Dockerfiles included.
    pub files: &'a Files,
    /// The label of what runs of this very file left up: the next run takes its place.
    pub spec: &'a str,
}

/// All that would keep `subject` from running on `engine`, and what is only to be seen there. What hangs on the value of a param that
/// only a command on this host can tell is left out: no command is run for it.
///
/// # Errors
///
/// Where the engine cannot be asked. A registry that cannot be asked is no error: the images that are wanted from it cannot be had.
pub async fn preflight(subject: &Subject<'_>, engine: &dyn Engine, info: &EngineInfo) -> Result<Diagnostics> {
    let values = known(subject.pipeline);
    let mut told = machine::judged(subject.pipeline, info);
    let (images, found) = images::judged(subject, &values, engine, info).await?;
    told.extend(images);
    told.extend(checks::judged(subject.pipeline, &found));
    told.extend(externals::judged(subject.pipeline, &values, engine).await?);
    told.extend(ports::judged(subject, engine, info).await?);
    told.sort();
    Ok(told)
}

/// The values of params that are known without running a command.
fn known(pipeline: &Pipeline) -> Values {
    let mut values = Values::default();
    for (name, param) in pipeline.params() {
        if let ParamSource::Value(value) = &param.source {
            values.set(name.clone(), value);
        }
    }
    values
}
