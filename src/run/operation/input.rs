use std::io::Read;

use bytes::Bytes;
use futures_util::StreamExt;

use crate::engine::ErrorKind;
use crate::event::Failure;
use crate::model::{Stage, StageInput};
use crate::run::end::{Done, End};
use crate::run::session::{Task, lost};

/// The largest input, in bytes: it passes through memory.
const LARGEST: u64 = 512 << 20;

/// Copies the inputs of a stage into its container, from the containers of the stages that left them.
pub(super) async fn copy_in(task: &Task, stage: &Stage) -> Done {
    for input in &stage.inputs {
        tokio::select! {
            copied = copy(task, input) => copied?,
            _ = task.cancel.requested() => return Err(End::Cancelled),
        }
    }
    Ok(())
}

async fn copy(task: &Task, input: &StageInput) -> Done {
    let (path, at) = (task.fill(&input.path)?, task.fill(&input.at)?);
    let from = task.index.stage(&input.from.value).and_then(|node| task.facts.container(node));
    let from = from.ok_or_else(|| lost("container", input.from.value.as_str()))?;
    let missing =
        |message: String| Failure::ArtifactMissing { path: path.clone(), message, here: false, span: input.span };
    let mut archive = task.engine.copy_out(&from, &path).await.map_err(|error| match error.kind {
        ErrorKind::NotFound => missing(format!("`{}` left no such file or directory", input.from.value)),
        _ => missing(error.to_string()),
    })?;
    let mut tar: Vec<u8> = Vec::new();
    while let Some(bytes) = archive.next().await {
        tar.extend_from_slice(&bytes?);
        if tar.len() as u64 > LARGEST {
            return Err(missing(format!("it is larger than {} MiB", LARGEST >> 20)).into());
        }
    }
    let moved = moved(&tar, &at).map_err(|error| missing(format!("its archive cannot be read: {error}")))?;
    Ok(task.engine.copy_in(&task.container()?, "/", moved).await?)
}

/// The archive with `at` in place of the name that all of it begins with.
fn moved(tar: &[u8], at: &str) -> std::io::Result<Bytes> {
    let at = at.trim_matches('/');
    let place = |name: &[u8]| {
        let name = String::from_utf8_lossy(name).into_owned();
        let name = name.trim_start_matches("./").trim_end_matches('/');
        match name.split_once('/') {
            Some((_, inside)) => format!("{at}/{inside}"),
            None => at.to_owned(),
        }
    };
    let mut archive = tar::Archive::new(tar);
    let mut out = tar::Builder::new(Vec::with_capacity(tar.len()));
    for entry in archive.entries()? {
        let mut entry = entry?;
        let mut header = entry.header().clone();
        let name = place(&entry.path_bytes());
        match (header.entry_type(), entry.link_name_bytes()) {
            // A hard link names another file of the archive, a symbolic one whatever it likes.
            (tar::EntryType::Link, Some(target)) => out.append_link(&mut header, name, place(&target))?,
            (tar::EntryType::Symlink, Some(target)) => {
                out.append_link(&mut header, name, String::from_utf8_lossy(&target).as_ref())?;
            }
            _ => {
                let mut data = Vec::new();
                entry.read_to_end(&mut data)?;
                out.append_data(&mut header, name, data.as_slice())?;
            }
        }
    }
    out.into_inner().map(Bytes::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(tar: &[u8]) -> Vec<(String, String)> {
        let mut archive = tar::Archive::new(tar);
        let entries = archive.entries().expect("an archive");
        entries
            .map(|entry| {
                let mut entry = entry.expect("an entry");
                let link = entry.link_name_bytes().map(|name| String::from_utf8_lossy(&name).into_owned());
                let mut text = String::new();
                entry.read_to_string(&mut text).expect("text");
                (String::from_utf8_lossy(&entry.path_bytes()).into_owned(), link.unwrap_or(text))
            })
            .collect()
    }

    #[test]
    fn a_directory_is_moved_with_all_that_is_in_it() {
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(2);
        header.set_mode(0o640);
        tar.append_data(&mut header, "dist/app", b"ok".as_slice()).expect("it is packed");
        let mut link = tar::Header::new_gnu();
        link.set_entry_type(tar::EntryType::Link);
        link.set_size(0);
        tar.append_link(&mut link, "dist/same", "dist/app").expect("it is packed");
        let moved = moved(&tar.into_inner().expect("a tar"), "/in/program/").expect("it is read");
        let wanted = [("in/program/app", "ok"), ("in/program/same", "in/program/app")];
        assert_eq!(names(&moved), wanted.map(|(name, text)| (name.to_owned(), text.to_owned())));
    }

    #[test]
    fn a_file_takes_the_name_that_it_is_given() {
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(2);
        tar.append_data(&mut header, "app", b"ok".as_slice()).expect("it is packed");
        let moved = moved(&tar.into_inner().expect("a tar"), "/usr/bin/tool").expect("it is read");
        assert_eq!(names(&moved), [("usr/bin/tool".to_owned(), "ok".to_owned())]);
    }
}
