use super::ExitStatus;
use super::args::VersionArgs;
use super::load::load_valid;
use super::outside::values;
use super::terminal::{complain, complain_of, print};
use crate::diagnostic::{Diagnostic, codes::names};

/// The param that says which version of its application a pipeline releases.
const PARAM: &str = "app-version";

/// Prints `{"Version":"…"}` and nothing else.
pub fn version(args: &VersionArgs) -> ExitStatus {
    let (loaded, pipeline) = match load_valid(args.file.as_deref(), &args.sets) {
        Ok(loaded) => loaded,
        Err(status) => return status,
    };
    if !pipeline.params().contains_key(PARAM) {
        complain_of(
            Diagnostic::new(names::UNSET_PARAM, format!("`{}` has no param `{PARAM}`", pipeline.header().name))
                .help(format!("declare `param {PARAM} env=APP_VERSION {{ command git rev-parse --short HEAD }}`")),
        );
        return ExitStatus::Usage;
    }
    match values(&pipeline, &loaded.disk, |name| name.as_str() == PARAM) {
        Ok(values) => {
            let version = values.get(PARAM).unwrap_or_default();
            print(&serde_json::json!({ "Version": version }).to_string());
            ExitStatus::Success
        }
        Err(problems) => {
            complain(&problems, loaded.files());
            ExitStatus::Usage
        }
    }
}
