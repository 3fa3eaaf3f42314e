use crate::diagnostic::{Diagnostics, missing_external};
use crate::engine::{Engine, Result};
use crate::model::{Pipeline, Values};

/// External volumes and networks that are not there.
pub(super) async fn judged(pipeline: &Pipeline, values: &Values, engine: &dyn Engine) -> Result<Diagnostics> {
    let mut told = Diagnostics::new();
    for volume in pipeline.volumes().values() {
        let Some(Ok(name)) = volume.external.as_ref().map(|name| name.fill(values)) else { continue };
        if !engine.has_volume(&name).await? {
            told.push(missing_external(volume.name.span, "volume", &name));
        }
    }
    for network in pipeline.networks().values() {
        let Some(Ok(name)) = network.external.as_ref().map(|name| name.fill(values)) else { continue };
        if engine.network(&name).await?.is_none() {
            told.push(missing_external(network.name.span, "network", &name));
        }
    }
    Ok(told)
}
