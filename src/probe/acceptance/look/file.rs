use std::io::Read;

use futures_util::StreamExt;
use tar::EntryType;
use tokio::time::timeout;

use super::exec::{out_of_time, text_of};
use super::line::line;
use super::{Looker, Seen, TIMEOUT, Unseen, asks};
use crate::engine::{ContainerId, EngineError, ErrorKind};
use crate::event::Exchange;
use crate::model::{Fact, FilePlace, Probe, Query, Text};
use crate::probe::acceptance::site::Resting;
use crate::probe::judge::{Content, Observed, Shortfall, Subject, unanswered};

/// The largest file whose content is looked into, in bytes.
const MOST: usize = 64 << 20;
/// How much of an archive holds all that is said of a file before its content, in bytes.
const HEAD: usize = 256 * 1024;
/// The most that is read of a container's list of users or groups, in bytes.
const LIST: usize = 1 << 20;

/// What stands at a path of a container.
#[derive(Debug)]
struct Found {
    kind: &'static str,
    mode: u32,
    uid: u64,
    gid: u64,
    size: u64,
    link: Option<String>,
    /// As far as it was asked for, and not more than can be looked into.
    content: Option<Vec<u8>>,
    owner: Observed,
    group: Observed,
}

/// What stands at a path, or that nothing does.
#[derive(Debug)]
struct Place(Option<Found>);

impl Looker<'_> {
    pub(super) async fn file(&self, probe: &Probe, place: &FilePlace, path: &Text) -> Result<Seen, Unseen> {
        let path = self.fill(path)?;
        if let FilePlace::Service(name) = place {
            let standing = self.service(&name.value)?;
            let seen = self.stands(probe, &standing.container, &standing.name, &path, Lists::Own).await;
            return match seen {
                Err(Trouble::Engine(error)) => Err(self.explain(&name.value, &standing, error).await),
                seen => seen.map_err(Trouble::told),
            };
        }
        let Resting { container, root, create, held: _held } = self.site().at_rest(place).await?;
        let lists = if root.is_empty() { Lists::Own } else { Lists::None };
        let seen = self.stands(probe, &container, &format!("$({create})"), &format!("{root}{path}"), lists).await;
        seen.map_err(Trouble::told)
    }

    /// What stands at a path of a container, which `name` names for a shell.
    async fn stands(
        &self,
        probe: &Probe,
        container: &ContainerId,
        name: &str,
        path: &str,
        lists: Lists,
    ) -> Result<Seen, Trouble> {
        let content = asks_for_content(probe);
        // A line that makes a container stands as it is.
        let from = match name.starts_with('$') {
            true => format!("\"{name}\":{}", line([path])),
            false => line([format!("{name}:{path}").as_str()]),
        };
        let shown = format!("docker cp {from} - | tar {}", if content { "-xO" } else { "-tv" });
        let looking = async {
            let mut found = self.read(container, path, content).await?;
            if let Some(found) = &mut found {
                if asks(probe, Fact::Owner) {
                    found.owner = self.named(container, "/etc/passwd", found.uid, lists).await?;
                }
                if asks(probe, Fact::Group) {
                    found.group = self.named(container, "/etc/group", found.gid, lists).await?;
                }
            }
            Ok(found)
        };
        let found = match timeout(TIMEOUT, looking).await {
            Ok(found) => Place(found?),
            Err(_) => return Err(Trouble::Late(shown)),
        };
        let evidence = Exchange { request: shown, response: Some(found.shown()) };
        Ok(Seen { found: Box::new(found), evidence })
    }

    /// What stands at a path; nothing where nothing does.
    async fn read(&self, container: &ContainerId, path: &str, content: bool) -> Result<Option<Found>, Trouble> {
        let most = if content { MOST } else { 0 };
        let bytes = match self.bytes(container, path, most).await {
            Err(error) if matches!(error.kind, ErrorKind::NotFound) => {
                // The container itself may be what is not there.
                self.site().engine().inspect(container).await.map_err(Trouble::Engine)?;
                return Ok(None);
            }
            bytes => bytes.map_err(Trouble::Engine)?,
        };
        first(&bytes, content).map(Some).map_err(|error| Trouble::Archive(error.to_string()))
    }

    /// The beginning of the archive of a path: what is said of it, and all of its content where that is a file of at most `most` bytes.
    async fn bytes(&self, container: &ContainerId, path: &str, most: usize) -> Result<Vec<u8>, EngineError> {
        let mut archive = self.site().engine().copy_out(container, path).await?;
        let mut bytes = Vec::new();
        let mut wanted = HEAD;
        while let Some(piece) = archive.next().await {
            bytes.extend_from_slice(&piece?);
            if bytes.len() < wanted {
                continue;
            }
            let fits = |found: Found| found.kind == "file" && found.size <= most as u64;
            if wanted > HEAD || !first(&bytes, false).is_ok_and(fits) {
                break;
            }
            wanted = most + HEAD;
        }
        Ok(bytes)
    }

    /// The name that a list of users or groups has for a number.
    async fn named(&self, container: &ContainerId, list: &str, number: u64, lists: Lists) -> Result<Observed, Trouble> {
        if lists == Lists::None {
            return Ok(Observed::Broken("a volume has no list of users; ask for `uid` and `gid`".to_owned()));
        }
        let bytes = match self.bytes(container, list, LIST).await {
            Err(error) if matches!(error.kind, ErrorKind::NotFound) => return Ok(Observed::Absent),
            bytes => bytes.map_err(Trouble::Engine)?,
        };
        let list = first(&bytes, true).ok().and_then(|list| list.content).unwrap_or_default();
        let list = String::from_utf8_lossy(&list);
        let wanted = number.to_string();
        let named = list.lines().find_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next()?;
            (fields.nth(1) == Some(&wanted)).then(|| name.to_owned())
        });
        Ok(named.map_or(Observed::Absent, Observed::Text))
    }
}

/// Whose names users and groups have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lists {
    /// Those that lie in the container.
    Own,
    /// Nobody's: what is looked at is no container's root.
    None,
}

/// Why a path cannot be looked at.
enum Trouble {
    Engine(EngineError),
    Archive(String),
    /// It takes too long; a line for a shell that does the same.
    Late(String),
}

impl Trouble {
    fn told(self) -> Unseen {
        match self {
            Trouble::Engine(error) if error.is_of_engine() => Unseen::Engine(error),
            Trouble::Engine(error) => Unseen::nothing("an answer", error.message),
            Trouble::Archive(why) => {
                Unseen::nothing("a file", format!("the engine's archive of it cannot be read: {why}"))
            }
            Trouble::Late(line) => out_of_time(TIMEOUT, line),
        }
    }
}

/// The first member of an archive, of which only the beginning may be here.
fn first(bytes: &[u8], content: bool) -> std::io::Result<Found> {
    let mut archive = tar::Archive::new(bytes);
    let mut entry = archive.entries()?.next().ok_or(std::io::ErrorKind::UnexpectedEof)??;
    let header = entry.header();
    let kind = match header.entry_type() {
        EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => "file",
        EntryType::Directory => "directory",
        EntryType::Symlink | EntryType::Link => "link",
        _ => "other",
    };
    let (mode, uid, gid) = (header.mode()? & 0o7777, header.uid()?, header.gid()?);
    let link = entry.link_name_bytes().map(|link| String::from_utf8_lossy(&link).into_owned());
    let size = entry.size();
    let content = (content && kind == "file" && size <= MOST as u64).then(|| {
        let mut content = Vec::new();
        entry.read_to_end(&mut content).map(|_| content)
    });
    Ok(Found {
        kind,
        mode,
        uid,
        gid,
        size,
        link,
        content: content.transpose()?,
        owner: Observed::Absent,
        group: Observed::Absent,
    })
}

fn asks_for_content(probe: &Probe) -> bool {
    let queries = probe.checks.iter().map(|check| &check.query).chain(probe.captures.iter().map(|it| &it.query));
    queries.into_iter().any(|query| match query {
        Query::Fact(fact) => {
            matches!(fact, Fact::Body | Fact::Bytes | Fact::Lines | Fact::Sha256 | Fact::Sha512 | Fact::Md5)
        }
        Query::Json(_) | Query::Xml(_) | Query::Regex(_) => true,
        _ => false,
    })
}

impl Place {
    fn shown(&self) -> String {
        let Some(found) = &self.0 else { return "nothing is there".to_owned() };
        let mut shown = format!("{} {:04o} {}:{} {} bytes", found.kind, found.mode, found.uid, found.gid, found.size);
        if let Some(link) = &found.link {
            shown.push_str(&format!(" -> {link}"));
        }
        if let Some(content) = &found.content {
            shown.push_str(&format!("\n{}", text_of(content)));
        }
        shown
    }
}

fn text(value: Option<&String>) -> Observed {
    value.map_or(Observed::Absent, |value| Observed::Text(value.clone()))
}

impl Subject for Place {
    fn observe(&self, query: &Query<String>) -> Observed {
        let Some(found) = &self.0 else {
            return match query {
                Query::Fact(Fact::Exists) => Observed::Json(false.into()),
                _ => Observed::Absent,
            };
        };
        match query {
            Query::Fact(Fact::Exists) => Observed::Json(true.into()),
            Query::Fact(Fact::Kind) => Observed::Text(found.kind.to_owned()),
            Query::Fact(Fact::Mode) => Observed::Text(format!("{:04o}", found.mode)),
            Query::Fact(Fact::Uid) => Observed::Number(found.uid as f64),
            Query::Fact(Fact::Gid) => Observed::Number(found.gid as f64),
            Query::Fact(Fact::Owner) => found.owner.clone(),
            Query::Fact(Fact::Group) => found.group.clone(),
            Query::Fact(Fact::Link) => text(found.link.as_ref()),
            Query::Fact(Fact::Size) => Observed::Number(found.size as f64),
            query => match &found.content {
                Some(content) => Content::new(content, "the file").observe(query).unwrap_or_else(|| unanswered(query)),
                None if found.kind == "file" => {
                    let (size, most) = (found.size, MOST >> 20);
                    Observed::Broken(format!("the file has {size} bytes; what is longer than {most} MiB is not read"))
                }
                None => Observed::Broken(format!("it is no file but a {}, and has no content", found.kind)),
            },
        }
    }

    fn shortfall(&self) -> Option<Shortfall> {
        self.0.is_none().then(|| Shortfall::new("exists", "equals #true", "nothing is there"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fake::Script;
    use crate::model::{ImageUse, Look};
    use crate::probe::acceptance::look::scene::{Scene, web};
    use crate::probe::acceptance::suite::tests::literal;
    use crate::source::{Span, Spanned};

    fn archive(kind: EntryType, link: Option<&str>, content: &[u8]) -> Vec<u8> {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_mode(0o104_755);
        header.set_uid(100);
        header.set_gid(101);
        header.set_size(content.len() as u64);
        let mut builder = tar::Builder::new(Vec::new());
        match link {
            Some(link) => builder.append_link(&mut header, "a", link).expect("a link"),
            None => builder.append_data(&mut header, "a", content).expect("a member"),
        }
        builder.into_inner().expect("an archive")
    }

    fn seen(bytes: &[u8], fact: Fact) -> Observed {
        Place(Some(first(bytes, true).expect("a member"))).observe(&Query::Fact(fact))
    }

    #[test]
    fn what_an_archive_says_of_a_file_is_seen() {
        let bytes = archive(EntryType::Regular, None, b"one\ntwo\n");
        assert_eq!(seen(&bytes, Fact::Kind), Observed::Text("file".into()));
        assert_eq!(seen(&bytes, Fact::Mode), Observed::Text("4755".into()));
        assert_eq!(seen(&bytes, Fact::Uid), Observed::Number(100.0));
        assert_eq!(seen(&bytes, Fact::Gid), Observed::Number(101.0));
        assert_eq!(seen(&bytes, Fact::Size), Observed::Number(8.0));
        assert_eq!(seen(&bytes, Fact::Body), Observed::Text("one\ntwo\n".into()));
        assert_eq!(seen(&bytes, Fact::Link), Observed::Absent);
        assert_eq!(seen(&bytes, Fact::Owner), Observed::Absent);
    }

    #[test]
    fn links_and_directories_have_no_content() {
        let link = archive(EntryType::Symlink, Some("/etc/b"), b"");
        assert_eq!(
            (seen(&link, Fact::Kind), seen(&link, Fact::Link)),
            (Observed::Text("link".into()), Observed::Text("/etc/b".into()))
        );
        let Observed::Broken(why) = seen(&archive(EntryType::Directory, None, b""), Fact::Body) else { panic!("read") };
        assert_eq!(why, "it is no file but a directory, and has no content");
    }

    #[test]
    fn nothing_is_there_and_says_so() {
        let place = Place(None);
        assert_eq!(place.observe(&Query::Fact(Fact::Exists)), Observed::Json(false.into()));
        assert_eq!(place.observe(&Query::Fact(Fact::Mode)), Observed::Absent);
        assert!(place.shortfall().is_some());
    }

    #[test]
    fn an_archive_that_is_cut_off_in_its_head_is_no_file() {
        assert!(first(&archive(EntryType::Regular, None, b"x")[..100], true).is_err());
        assert!(first(b"", true).is_err());
    }

    fn look(place: FilePlace, path: &str) -> Look {
        Look::File { place, path: literal(path) }
    }

    async fn scene() -> Scene {
        let script = Script::runs().file("/srv/a.json", "{\"a\": 1}").file("/shelf/a.json", "{\"a\": 2}");
        Scene::of(script.file("/etc/passwd", "root:x:0:0::/root:/bin/sh\n")).await
    }

    #[tokio::test]
    async fn a_file_is_looked_at_in_a_service_an_image_and_a_volume() {
        let scene = scene().await;
        let image = ImageUse::Declared("demo".into());
        let json = |seen: &Seen| seen.found.observe(&Query::Json("$.a".into()));
        let service = scene.sees(look(FilePlace::Service(web()), "/srv/a.json"), &[Fact::Body, Fact::Owner]).await;
        assert_eq!(json(&service), Observed::Json(1.into()));
        assert_eq!(service.fact(Fact::Owner), Observed::Text("root".into()));
        assert_eq!(service.evidence.request, "docker cp demo-web:/srv/a.json - | tar -xO");
        let place = FilePlace::Image(Spanned::new(image, Span::default()));
        let image = scene.sees(look(place, "/srv/a.json"), &[Fact::Body]).await;
        assert_eq!(json(&image), Observed::Json(1.into()));
        let line = "docker cp \"$(docker create busybox:1.35 -)\":/srv/a.json - | tar -xO";
        assert_eq!(image.evidence.request, line);
        let volume = FilePlace::Volume(Spanned::new("data".into(), Span::default()));
        let volume = scene.sees(look(volume, "/a.json"), &[Fact::Body, Fact::Owner]).await;
        assert_eq!(json(&volume), Observed::Json(2.into()));
        let Observed::Broken(why) = volume.fact(Fact::Owner) else { panic!("answered") };
        assert_eq!(why, "a volume has no list of users; ask for `uid` and `gid`");
    }

    #[tokio::test]
    async fn what_is_not_there_is_seen_as_that_and_nothing_of_it_is_read_that_nobody_asks_for() {
        let scene = scene().await;
        let seen = scene.sees(look(FilePlace::Service(web()), "/nope"), &[]).await;
        assert_eq!(seen.fact(Fact::Exists), Observed::Json(false.into()));
        assert_eq!(seen.evidence.response.as_deref(), Some("nothing is there"));
        let seen = scene.sees(look(FilePlace::Service(web()), "/srv/a.json"), &[]).await;
        assert_eq!(seen.evidence.request, "docker cp demo-web:/srv/a.json - | tar -tv");
        assert_eq!(seen.evidence.response.as_deref(), Some("file 0644 0:0 8 bytes"));
    }
}
