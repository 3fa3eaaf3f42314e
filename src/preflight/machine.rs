use std::collections::HashSet;

use crate::diagnostic::codes::preflight::{ENGINE_TOO_OLD, NOT_ENOUGH_CPUS};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::engine::EngineInfo;
use crate::model::{ImageSource, Pipeline};
use crate::source::Span;

/// What the language has that not every engine knows: since which version of the API, and of Docker.
const BUILD: (u32, &str) = (39, "18.09");
const GPUS: (u32, &str) = (40, "19.03");
const PLATFORM: (u32, &str) = (41, "20.10");

/// What is asked for that the engine's machine does not have, or the engine itself does not know.
pub(super) fn judged(pipeline: &Pipeline, info: &EngineInfo) -> Diagnostics {
    let mut told = Diagnostics::new();
    let mut seen = HashSet::new();
    let minor = minor(&info.api_version);
    let mut since = |(needed, docker): (u32, &str), what: &str, place: Span| {
        if minor.is_some_and(|minor| minor < needed) && seen.insert(place) {
            told.push(
                Diagnostic::new(ENGINE_TOO_OLD, format!("the engine is too old for {what}"))
                    .label(place, format!("since Docker {docker}"))
                    .note(format!("the engine at {} is Docker {}", info.address, info.version))
                    .help(format!("use an engine of Docker {docker} or newer")),
            );
        }
    };
    for image in pipeline.images().values() {
        if let ImageSource::Build(build) = &image.source {
            since(BUILD, "`build`", build.span);
        }
    }
    let mut cpus = HashSet::new();
    let mut too_many = Diagnostics::new();
    for runnable in pipeline.runnables().values() {
        let Some(container) = runnable.container() else { continue };
        if let Some(platform) = &container.platform {
            since(PLATFORM, "`platform`", platform.span);
        }
        if container.privileges.gpus.is_some() {
            since(GPUS, "`gpus`", runnable.name().span);
        }
        let Some(wanted) = container.limits.cpus else { continue };
        #[expect(clippy::cast_precision_loss, reason = "no machine has so many processors")]
        if wanted.value > info.cpus as f64 && cpus.insert(wanted.span) {
            let (wanted, place) = (wanted.value, wanted.span);
            let has = if info.cpus == 1 { "1 processor".to_owned() } else { format!("{} processors", info.cpus) };
            too_many.push(
                Diagnostic::new(NOT_ENOUGH_CPUS, format!("the engine's machine has {has}, and {wanted} are asked for"))
                    .label(place, "more than there are")
                    .help(format!("write `cpus={}`, or use a larger machine", info.cpus)),
            );
        }
    }
    told.extend(too_many);
    told
}

/// The `41` of `1.41`; `None` where the engine says something else.
fn minor(version: &str) -> Option<u32> {
    version.strip_prefix("1.")?.parse().ok()
}
