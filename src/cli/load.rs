use std::path::{Path, PathBuf};

use indexmap::IndexMap;

use super::ExitStatus;
use super::args::SetArgs;
use super::disk::Disk;
use super::origin::{Origin, Refusal};
use super::outside::masker;
use super::terminal::{complain, complain_of};
use crate::analysis::{Analysis, analyze};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, codes::command};
use crate::model::{Inputs, Pipeline};
use crate::source::{Files, Workspace};

/// A pipeline's text with all that is known of it.
pub struct Loaded {
    /// What analysis made of it.
    pub analysis: Analysis,
    /// What it was made with.
    pub disk: Disk,
    /// The file's absolute path: the identity of this checkout.
    pub identity: PathBuf,
}

impl Loaded {
    /// The text, with all that it led to.
    pub fn files(&self) -> &Files {
        &self.analysis.files
    }
}

/// Reads and analyses a pipeline: the file named, or the nearest `pipeline.kdl`.
pub fn load(file: Option<&Path>, sets: &SetArgs) -> Result<Loaded, ExitStatus> {
    let refuse = |refusal: Refusal| {
        complain_of(*refusal.diagnostic);
        refusal.status
    };
    let origin = Origin::of(file, None).map_err(refuse)?;
    let mut files = Files::default();
    let (text, broken) = crate::syntax::decode_utf8(origin.read().map_err(refuse)?);
    let source = files.add(&origin.shown, &text);
    if let Some(diagnostic) = broken.map(|broken| broken.diagnostic(&source)) {
        complain(&Diagnostics::from_iter([diagnostic]), &files);
        return Err(ExitStatus::Usage);
    }
    let sets = parse_sets(&sets.set)?;
    let disk = Disk::new(origin.root.clone());
    let analysis = analyze(&files, &inputs(&disk, disk.root(), sets));
    Ok(Loaded { analysis, disk, identity: origin.identity() })
}

/// Reads and analyses a pipeline that must be valid; what is wrong with it is drawn.
pub fn load_valid(file: Option<&Path>, sets: &SetArgs) -> Result<(Loaded, Pipeline), ExitStatus> {
    let mut loaded = load(file, sets)?;
    // From here on the text is only drawn.
    let masker = masker(loaded.analysis.pipeline.as_ref(), &loaded.disk);
    loaded.analysis.files = loaded.files().shown(|text| masker.blank(text));
    let shown: Diagnostics = loaded
        .analysis
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity >= Severity::Warning)
        .cloned()
        .collect();
    if !shown.is_empty() {
        complain(&shown, loaded.files());
    }
    match loaded.analysis.pipeline.take() {
        Some(pipeline) => Ok((loaded, pipeline)),
        None => Err(ExitStatus::Usage),
    }
}

/// What analysis may take from this process and from the files around `root`.
pub fn inputs<'a>(workspace: &'a dyn Workspace, root: &Path, sets: IndexMap<String, String>) -> Inputs<'a> {
    let directory = root.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    Inputs { sets, environment, workspace, directory }
}

/// The values of `--set`, by name; complains where one has none.
pub fn parse_sets(sets: &[String]) -> Result<IndexMap<String, String>, ExitStatus> {
    let mut out = IndexMap::new();
    for set in sets {
        match set.split_once('=') {
            Some((name, value)) if !name.is_empty() => drop(out.insert(name.to_owned(), value.to_owned())),
            _ => {
                let diagnostic =
                    Diagnostic::new(command::MALFORMED_SET, format!("`--set {set}` is not of the form `NAME=VALUE`"));
                complain_of(diagnostic.help(format!("write `--set {set}=VALUE`")));
                return Err(ExitStatus::Usage);
            }
        }
    }
    Ok(out)
}
