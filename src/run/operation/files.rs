use std::collections::BTreeMap;
use std::io::Read;

use bytes::Bytes;
use futures_util::TryStreamExt;

use crate::engine::{Archive, ContainerId, ContainerSpec, EngineError, ErrorKind, MountSpec};
use crate::event::Failure;
use crate::model::{Container, EnvValue, FileContent, PutFile};
use crate::run::end::{Done, engine_failure};
use crate::run::session::Task;

/// The most that is read of a container's list of users or groups, in bytes.
const LIST: usize = 1 << 20;
/// What may stand before it in its archive.
const HEADS: usize = 64 << 10;

/// A file with everything resolved but its owner.
pub(super) struct Ready {
    path: String,
    content: Vec<u8>,
    mode: u32,
    owner: Option<String>,
}

impl Ready {
    /// A program of pipe's own, whoever the container runs as.
    pub(super) fn program(path: String, content: Vec<u8>) -> Self {
        Ready { path, content, mode: 0o755, owner: None }
    }
}

/// The files of a container, filled.
pub(super) fn ready(task: &Task, container: &Container) -> Done<Vec<Ready>> {
    container.files.iter().map(|file| one(task, file)).collect()
}

fn one(task: &Task, file: &PutFile) -> Done<Ready> {
    let content = match &file.content {
        FileContent::Text(text) => task.fill(text)?,
        FileContent::Secret(name) => task.value_of(&EnvValue::Secret(name.clone()))?,
    };
    Ok(Ready {
        path: task.fill(&file.path)?,
        content: content.into_bytes(),
        mode: file.mode,
        owner: task.fill_any(&file.owner)?,
    })
}

/// What the specification needs for the files to be taken: a read-only container takes them only where something is mounted that can
/// be written to, so their directories become volumes of its own, which keep what the image has there and go with it.
pub(super) fn make_room(files: &[Ready], spec: &mut ContainerSpec) {
    files.iter().for_each(|file| make_room_at(&file.path, spec));
}

/// The same for what is to be put at one path.
pub(super) fn make_room_at(path: &str, spec: &mut ContainerSpec) {
    if !spec.read_only {
        return;
    }
    let taken = |spec: &ContainerSpec, directory: &str| {
        spec.mounts.iter().any(|mount| match mount {
            MountSpec::Volume { target, .. } | MountSpec::Anonymous { target } => {
                target.trim_end_matches('/') == directory
            }
            MountSpec::Bind { .. } | MountSpec::Tmpfs { .. } => false,
        })
    };
    let directory = parts(path).0;
    if !taken(spec, directory) {
        spec.mounts.push(MountSpec::Anonymous { target: directory.to_owned() });
    }
}

/// Puts the files into a container that was made and has not started.
pub(super) async fn put(task: &Task, container: &ContainerId, files: Vec<Ready>, read_only: bool) -> Done {
    if files.is_empty() {
        return Ok(());
    }
    let mut owners = Owners { task, container, users: None, groups: None };
    let mut archives: BTreeMap<String, tar::Builder<Vec<u8>>> = BTreeMap::new();
    for file in files {
        let (user, group) = match &file.owner {
            Some(owner) => owners.find(owner).await?,
            None => (0, 0),
        };
        // From the root where that takes files, so that missing directories are made on the way.
        let (directory, name) = match read_only {
            true => parts(&file.path),
            false => ("/", file.path.trim_start_matches('/')),
        };
        let mut header = tar::Header::new_gnu();
        header.set_size(file.content.len() as u64);
        header.set_mode(file.mode);
        header.set_uid(user);
        header.set_gid(group);
        let archive = archives.entry(directory.to_owned()).or_insert_with(|| tar::Builder::new(Vec::new()));
        archive.append_data(&mut header, name, file.content.as_slice()).map_err(|error| cannot(&file.path, &error))?;
    }
    for (directory, archive) in archives {
        let tar = archive.into_inner().map_err(|error| cannot(&directory, &error))?;
        let put = task.engine.copy_in(container, &directory, Bytes::from(tar)).await;
        put.map_err(|error| match error.is_of_engine() {
            true => engine_failure(error),
            false => Failure::CannotStart { message: format!("its files cannot be put into it: {}", error.message) },
        })?;
    }
    Ok(())
}

/// The directory and the name of a path.
pub(super) fn parts(path: &str) -> (&str, &str) {
    match path.trim_end_matches('/').rsplit_once('/') {
        Some(("", name)) => ("/", name),
        Some((directory, name)) => (directory, name),
        None => ("/", path),
    }
}

fn cannot(path: &str, error: &std::io::Error) -> Failure {
    Failure::CannotStart { message: format!("the file `{path}` cannot be packed: {error}") }
}

/// Looks users and groups up in the container's own lists, each of which is read at most once.
struct Owners<'a> {
    task: &'a Task,
    container: &'a ContainerId,
    users: Option<String>,
    groups: Option<String>,
}

impl Owners<'_> {
    /// The numbers of `user[:group]`; without a group that of the user, or for a bare number the same one.
    async fn find(&mut self, owner: &str) -> Done<(u64, u64)> {
        let (user, group) = owner.split_once(':').map_or((owner, None), |(user, group)| (user, Some(group)));
        let (user, own) = match user.parse() {
            Ok(number) => (number, number),
            Err(_) => {
                if self.users.is_none() {
                    self.users = Some(list(self.task, self.container, "/etc/passwd").await?);
                }
                let fields = line(self.users.as_deref().unwrap_or_default(), user);
                let number = |n: usize| fields.get(n).and_then(|field| field.parse().ok());
                number(2).zip(number(3)).ok_or_else(|| unknown("user", user))?
            }
        };
        let group = match group.map(|group| (group, group.parse())) {
            None => own,
            Some((_, Ok(number))) => number,
            Some((group, Err(_))) => {
                if self.groups.is_none() {
                    self.groups = Some(list(self.task, self.container, "/etc/group").await?);
                }
                let fields = line(self.groups.as_deref().unwrap_or_default(), group);
                fields.get(2).and_then(|field| field.parse().ok()).ok_or_else(|| unknown("group", group))?
            }
        };
        Ok((user, group))
    }
}

/// The fields of the line that begins with `name`.
fn line<'l>(list: &'l str, name: &str) -> Vec<&'l str> {
    let mut lines = list.lines().map(|line| line.split(':').collect::<Vec<_>>());
    lines.find(|fields| fields.first() == Some(&name)).unwrap_or_default()
}

/// A small file of a container; nothing where it has none.
async fn list(task: &Task, container: &ContainerId, path: &str) -> Done<String> {
    let archive = match task.engine.copy_out(container, path).await {
        Ok(archive) => archive,
        Err(error) if matches!(error.kind, ErrorKind::NotFound) => return Ok(String::new()),
        Err(error) => return Err(engine_failure(error).into()),
    };
    Ok(beginning(&first(archive, LIST + HEADS).await.map_err(engine_failure)?))
}

/// The first bytes of an archive: at least so many where it has them, and hardly more. The rest is not asked for.
async fn first(mut archive: Archive, most: usize) -> Result<Vec<u8>, EngineError> {
    let mut bytes = Vec::new();
    while let Some(piece) = archive.try_next().await? {
        bytes.extend_from_slice(&piece);
        if bytes.len() >= most {
            break;
        }
    }
    Ok(bytes)
}

/// The beginning of the file that is the first in an archive, which may be cut off.
fn beginning(archive: &[u8]) -> String {
    let mut bytes = Vec::new();
    if let Some(Ok(entry)) = tar::Archive::new(archive).entries().ok().and_then(|mut entries| entries.next()) {
        // What was read before it is cut off stays.
        let _ = entry.take(LIST as u64).read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn unknown(what: &str, name: &str) -> Failure {
    Failure::CannotStart {
        message: format!("the image has no {what} `{name}` for its files; write the number instead"),
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt;

    use super::*;

    #[test]
    fn a_path_has_a_directory_and_a_name() {
        assert_eq!(parts("/etc/app/conf"), ("/etc/app", "conf"));
        assert_eq!(parts("/conf"), ("/", "conf"));
    }

    #[test]
    fn users_are_found_by_their_whole_name() {
        let list = "root:x:0:0:root:/root:/bin/sh\napp-two:x:7:8::/:\napp:x:1000:1001::/:/bin/sh\n";
        assert_eq!(line(list, "app")[2..4], ["1000", "1001"]);
        assert!(line(list, "ap").is_empty());
    }

    #[tokio::test]
    async fn of_a_list_without_end_only_the_beginning_is_read() {
        let mut header = tar::Header::new_gnu();
        header.set_size(10 << 30);
        header.set_cksum();
        let head = Bytes::copy_from_slice(header.as_bytes());
        let line = Bytes::from("app:x:1000:1001::/:/bin/sh\n".repeat(1000));
        let asked = std::sync::atomic::AtomicUsize::new(0);
        let asked = std::sync::Arc::new(asked);
        let count = asked.clone();
        let endless = futures_util::stream::iter(std::iter::once(head).chain(std::iter::repeat(line)));
        let archive: Archive = Box::pin(endless.map(move |piece| {
            count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            Ok(piece)
        }));
        let bytes = first(archive, LIST + HEADS).await.expect("no error");
        assert!(bytes.len() < 2 * LIST && asked.load(std::sync::atomic::Ordering::Relaxed) < 60, "{}", bytes.len());
        let list = beginning(&bytes);
        assert_eq!(list.len(), LIST);
        assert_eq!(line_of(&list), ["1000", "1001"]);
    }

    fn line_of(list: &str) -> Vec<&str> {
        line(list, "app")[2..4].to_vec()
    }

    #[test]
    fn a_read_only_container_gets_one_volume_each_directory() {
        let file = |path: &str| Ready { path: path.to_owned(), content: Vec::new(), mode: 0o644, owner: None };
        let files = [file("/run/secrets/a"), file("/run/secrets/b"), file("/data/c")];
        let data = MountSpec::Volume { name: "v".to_owned(), target: "/data/".to_owned(), read_only: false };
        let mut spec = ContainerSpec { mounts: vec![data.clone()], ..ContainerSpec::default() };
        make_room(&files, &mut spec);
        assert_eq!(spec.mounts.len(), 1, "one that can be written to takes files anywhere");
        spec.read_only = true;
        make_room(&files, &mut spec);
        assert_eq!(spec.mounts, [data, MountSpec::Anonymous { target: "/run/secrets".to_owned() }]);
    }
}
