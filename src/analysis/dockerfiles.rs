use std::path::{Path, PathBuf};

use crate::ast::{Build, ImageSource, Spec};
use crate::source::{EntryKind, Files, Workspace};

/// The most files that images may lead to; what lies beyond is not read.
const MOST_FILES: usize = 1000;

/// Takes in the Dockerfiles that images name, and what says which files of their contexts are ignored, so that diagnostics can point
/// into them. Each is read once. What is named by a param, missing or unreadable is left out.
pub(super) fn with_dockerfiles(mut files: Files, spec: &Spec, workspace: &dyn Workspace) -> Files {
    let mut left = MOST_FILES;
    for image in &spec.images {
        let Some(ImageSource::Build(build)) = &image.source else { continue };
        for place in places(build, &files) {
            if left == 0 || files.find(&place).is_some() || workspace.kind(&place) != Some(EntryKind::File) {
                continue;
            }
            if let Ok(bytes) = workspace.read(&place) {
                files.add_at(&place, &String::from_utf8_lossy(&bytes));
                left -= 1;
            }
        }
    }
    files
}

/// Where the Dockerfile of `build` lies, its own list of what is ignored, and that of its context.
fn places(build: &Build, files: &Files) -> Vec<PathBuf> {
    let Some((directory, dockerfile)) = build.places(files) else { return Vec::new() };
    let mut places = vec![directory.join(".dockerignore")];
    if let Some(dockerfile) = dockerfile {
        places.push(with_ending(&dockerfile, ".dockerignore"));
        places.push(dockerfile);
    }
    places
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(ending);
    PathBuf::from(path)
}
