use std::collections::BTreeMap;
use std::io::Read;

use bytes::Bytes;

use super::world::no_such;
use crate::engine::{EngineError, ErrorKind, Result};

/// What stands at `path` as a tar, with names that begin with the last part of the path, as Docker makes it.
pub(super) fn pack(files: &BTreeMap<String, Vec<u8>>, path: &str) -> Result<Bytes> {
    let path = clean(path);
    let parent = path.rfind('/').map_or(0, |slash| slash + 1);
    let inside = format!("{}/", path.trim_end_matches('/'));
    let found: Vec<_> = files.iter().filter(|(name, _)| **name == path || name.starts_with(&inside)).collect();
    if found.is_empty() {
        return Err(no_such("path", &path));
    }
    let mut archive = tar::Builder::new(Vec::new());
    let result = found.iter().try_for_each(|(name, data)| {
        let mut header = tar::Header::new_gnu();
        header.set_size(data.len() as u64);
        header.set_mode(0o644);
        header.set_uid(0);
        header.set_gid(0);
        archive.append_data(&mut header, &name[parent..], data.as_slice())
    });
    let bytes = result.and_then(|()| archive.into_inner());
    bytes.map(Bytes::from).map_err(|error| broken(&path, &error))
}

/// Puts what a tar holds into the directory `path`.
pub(super) fn unpack(files: &mut BTreeMap<String, Vec<u8>>, path: &str, tar: &[u8]) -> Result<()> {
    let directory = clean(path);
    let mut archive = tar::Archive::new(tar);
    for entry in archive.entries().map_err(|error| broken(path, &error))? {
        let mut entry = entry.map_err(|error| broken(path, &error))?;
        if entry.header().entry_type().is_file() {
            let name = String::from_utf8_lossy(&entry.path_bytes()).trim_start_matches("./").to_owned();
            let mut data = Vec::new();
            entry.read_to_end(&mut data).map_err(|error| broken(path, &error))?;
            files.insert(format!("{}/{name}", directory.trim_end_matches('/')), data);
        }
    }
    Ok(())
}

/// Without the slashes and dots at the end.
fn clean(path: &str) -> String {
    let path = path.trim_end_matches("/.").trim_end_matches('/');
    if path.is_empty() { "/".to_owned() } else { path.to_owned() }
}

fn broken(path: &str, error: &std::io::Error) -> EngineError {
    EngineError::new(ErrorKind::Protocol, format!("copy `{path}`"), error.to_string())
}
