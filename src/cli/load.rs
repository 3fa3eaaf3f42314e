use std::io::Read;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;

use super::ExitStatus;
use super::args::SetArgs;
use super::disk::{Disk, MOST, read_bounded};
use super::locate::{discover, in_directory, not_found};
use super::terminal::{complain, complain_of};
use crate::analysis::{Analysis, analyze};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, codes::command};
use crate::model::{Inputs, Pipeline};
use crate::source::Files;

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
    let here = std::env::current_dir().map_err(|error| {
        complain_of(unreadable(Path::new("."), &error));
        ExitStatus::Engine
    })?;
    let path = match file {
        Some(path) => in_directory(path.to_owned()),
        None => match discover(&here) {
            Some(found) => shortened(&found, &here),
            None => {
                complain_of(not_found(&here));
                return Err(ExitStatus::Usage);
            }
        },
    };
    let (bytes, root) = if path == Path::new("-") {
        (read_standard_input(), here.clone())
    } else {
        let absolute: PathBuf = here.join(&path).components().collect();
        (read_bounded(&path), absolute.parent().unwrap_or(&here).to_owned())
    };
    let bytes = bytes.map_err(|error| {
        let missing = error.kind() == std::io::ErrorKind::NotFound;
        complain_of(if missing { missing_file(&path) } else { unreadable(&path, &error) });
        if missing { ExitStatus::Usage } else { ExitStatus::Engine }
    })?;
    let mut files = Files::default();
    let (text, broken) = crate::syntax::decode_utf8(bytes);
    let shown = if path == Path::new("-") { Path::new("standard input") } else { path.as_path() };
    let source = files.add(shown, &text);
    if let Some(diagnostic) = broken.map(|broken| broken.diagnostic(&source)) {
        complain(&Diagnostics::from_iter([diagnostic]), &files);
        return Err(ExitStatus::Usage);
    }
    let sets = parse_sets(&sets.set)?;
    let disk = Disk::new(root.clone());
    let analysis = analyze(&files, &inputs(&disk, sets));
    let identity = std::fs::canonicalize(root.join(path.file_name().unwrap_or_default())).unwrap_or(root);
    Ok(Loaded { analysis, disk, identity })
}

/// Reads and analyses a pipeline that must be valid; what is wrong with it is drawn.
pub fn load_valid(file: Option<&Path>, sets: &SetArgs) -> Result<(Loaded, Pipeline), ExitStatus> {
    let mut loaded = load(file, sets)?;
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

/// As [`load_valid`], for those who perform it: what this version cannot run is refused, never passed over.
pub fn load_runnable(file: Option<&Path>, sets: &SetArgs) -> Result<(Loaded, Pipeline), ExitStatus> {
    let (loaded, pipeline) = load_valid(file, sets)?;
    if !loaded.analysis.spec.not_run.is_empty() {
        complain(&loaded.analysis.spec.not_run, loaded.files());
        return Err(ExitStatus::Usage);
    }
    Ok((loaded, pipeline))
}

fn inputs<'a>(disk: &'a Disk, sets: IndexMap<String, String>) -> Inputs<'a> {
    let directory = disk.root().file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    Inputs { sets, environment, workspace: disk, directory }
}

fn parse_sets(sets: &[String]) -> Result<IndexMap<String, String>, ExitStatus> {
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

fn read_standard_input() -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::stdin().take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST {
        return Err(std::io::Error::new(std::io::ErrorKind::FileTooLarge, "it is larger than 4 MiB"));
    }
    Ok(bytes)
}

fn missing_file(path: &Path) -> Diagnostic {
    Diagnostic::new(command::NO_PIPELINE_FILE, format!("there is no file `{}`", path.display()))
        .help("name a pipeline that is there, or none: then `pipeline.kdl` is looked for here and above")
}

fn unreadable(path: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(command::UNREADABLE_FILE, format!("`{}` cannot be read", path.display()))
        .note(error.to_string())
        .help("name a regular file that you may read")
}

fn shortened(path: &Path, here: &Path) -> PathBuf {
    path.strip_prefix(here).map_or_else(|_| path.to_owned(), Path::to_owned)
}
