use std::io::{self, ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

use super::ExitStatus;
use super::disk::{MOST, read_bounded};
use super::locate::{FILE, discover, not_found};
use crate::diagnostic::{Diagnostic, codes::command};

/// Where a pipeline's text comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// What is read; `None` for standard input.
    path: Option<PathBuf>,
    /// What it is shown as.
    pub shown: PathBuf,
    /// The absolute directory that the pipeline's paths start at.
    pub root: PathBuf,
}

/// Why there is no text.
#[derive(Debug)]
pub struct Refusal {
    /// What to say.
    pub diagnostic: Box<Diagnostic>,
    /// What was looked at.
    pub path: PathBuf,
    /// How the command ends.
    pub status: ExitStatus,
}

impl Origin {
    /// The file named, the pipeline in the directory named, standard input for `-` (shown as `stdin_filename`, where its paths start too),
    /// or the nearest `pipeline.kdl` of this directory and those above where nothing is named.
    pub fn of(file: Option<&Path>, stdin_filename: Option<&Path>) -> Result<Self, Refusal> {
        let here = std::env::current_dir().map_err(|error| unreadable(Path::new("."), &error))?;
        let absolute = |path: &Path| here.join(path).components().collect::<PathBuf>();
        let parent = |path: &Path| absolute(path).parent().unwrap_or(&here).to_owned();
        let path = match file {
            Some(path) if path == Path::new("-") => {
                return Ok(match stdin_filename {
                    Some(path) => Origin { path: None, shown: path.to_owned(), root: parent(path) },
                    None => Origin { path: None, shown: "standard input".into(), root: here },
                });
            }
            Some(path) if path.is_dir() => {
                let inner = path.join(FILE);
                if !inner.is_file() {
                    return Err(empty_directory(path));
                }
                inner
            }
            Some(path) => path.to_owned(),
            None => {
                let found = discover(&here).ok_or_else(|| Refusal {
                    diagnostic: Box::new(not_found(&here)),
                    path: FILE.into(),
                    status: ExitStatus::Usage,
                })?;
                found.strip_prefix(&here).map_or_else(|_| found.clone(), Path::to_owned)
            }
        };
        // `./a` and `a` are one file, and are shown as one.
        let shown = path.components().filter(|part| *part != Component::CurDir).collect();
        Ok(Origin { root: parent(&path), shown, path: Some(path) })
    }

    /// The file; `None` for standard input.
    pub fn file(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The whole of it, as bytes.
    pub fn read(&self) -> Result<Vec<u8>, Refusal> {
        match &self.path {
            Some(path) => read_bounded(path).map_err(|error| match error.kind() {
                ErrorKind::NotFound => missing(path),
                _ => unreadable(path, &error),
            }),
            None => read_standard_input().map_err(|error| unreadable(&self.shown, &error)),
        }
    }

    /// The absolute path without links: the identity of this checkout. For standard input the directory.
    pub fn identity(&self) -> PathBuf {
        let name = self.path.as_ref().and_then(|path| path.file_name()).unwrap_or_default();
        std::fs::canonicalize(self.root.join(name)).unwrap_or_else(|_| self.root.clone())
    }
}

fn read_standard_input() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST {
        return Err(io::Error::new(ErrorKind::FileTooLarge, "it is larger than 4 MiB"));
    }
    Ok(bytes)
}

fn missing(path: &Path) -> Refusal {
    let diagnostic = Diagnostic::new(command::NO_PIPELINE_FILE, format!("there is no file `{}`", path.display()))
        .help("name a pipeline that is there, or none: then `pipeline.kdl` is looked for here and above");
    Refusal { diagnostic: Box::new(diagnostic), path: path.to_owned(), status: ExitStatus::Usage }
}

fn empty_directory(path: &Path) -> Refusal {
    let message = format!("there is no `{FILE}` in the directory `{}`", path.display());
    let diagnostic =
        Diagnostic::new(command::NO_PIPELINE_FILE, message).help(format!("name the file, or create `{FILE}`"));
    Refusal { diagnostic: Box::new(diagnostic), path: path.to_owned(), status: ExitStatus::Usage }
}

fn unreadable(path: &Path, error: &io::Error) -> Refusal {
    let diagnostic = Diagnostic::new(command::UNREADABLE_FILE, format!("`{}` cannot be read", path.display()))
        .note(error.to_string())
        .help("name a regular file that you may read");
    Refusal { diagnostic: Box::new(diagnostic), path: path.to_owned(), status: ExitStatus::Engine }
}
