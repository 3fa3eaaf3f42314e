use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::owner::{Owner, now, short_hash};
use crate::model::Name;
use crate::run::Identity;

/// The identity of a run that begins now; what it may leave on purpose is left by `keep`.
pub fn new_run(pipeline: &Name, spec: &Path, keep: Option<&'static str>) -> Identity {
    Identity {
        run: run_id(),
        pipeline: pipeline.clone(),
        spec: spec_hash(spec),
        owner: Owner::this().to_string(),
        created: i64::try_from(now()).unwrap_or(i64::MAX),
        keep,
    }
}

/// What tells one checkout from another: a hash of the pipeline file's absolute path.
pub fn spec_hash(path: &Path) -> String {
    short_hash(path.as_os_str().as_encoded_bytes())
}

/// Seven letters and digits, different for each run: from the clock's nanoseconds and the process.
fn run_id() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    let hash = short_hash(format!("{since}:{}", std::process::id()));
    format!("r{}", &hash[..6])
}
