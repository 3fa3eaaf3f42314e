use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::Permissions;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::beneath::Beneath;
use super::member::{Kind, Member, Members, refuse};

/// How many files and directories an artifact may hold.
const MEMBERS: usize = 200_000;

/// How many bytes an artifact may hold.
const BYTES: u64 = 32 * 1024 * 1024 * 1024;

/// How deep directories may stand in each other.
const DEPTH: usize = 64;

/// How long a path may be, in bytes: what kernels take, and room for where it is put.
const LONGEST: usize = 3 * 1024;

/// How long a name in a directory may be, in bytes: what file systems take.
const NAME: usize = 255;

/// How many of the things that are left out are named.
const NAMED: usize = 3;

/// What an archive came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Unpacked {
    /// The files, as paths beneath the place; a file that is the artifact itself has an empty path.
    pub files: Vec<PathBuf>,
    /// How many links, devices and the like were left out.
    pub left_out: usize,
    /// The first of them, in words.
    pub examples: Vec<String>,
    /// It held anything else.
    pub anything: bool,
}

/// The name of what was unpacked in its place.
pub(super) const CONTENT: &str = "content";

/// Unpacks the archive of one path as `content` in the directory `place`: a file becomes `content` itself, a directory's
/// entries stand in it. Only plain files and directories are taken, with no owner, no attribute and no mode but whether they can be
/// executed; whatever else the archive says, nothing outside of `place` changes.
///
/// Errors of the kind `InvalidData` are the archive's fault, all others this machine's.
pub fn unpack(archive: impl Read, place: &Path) -> io::Result<Unpacked> {
    unpack_at_most(MEMBERS, archive, place)
}

/// The same, with so many files and directories at most.
pub(super) fn unpack_at_most(most: usize, archive: impl Read, place: &Path) -> io::Result<Unpacked> {
    let place = Beneath::open(place)?;
    let mut unpacked = Unpacked::default();
    let (mut members, mut bytes) = (Members::new(archive), 0_u64);
    let mut directories = Directories::default();
    let mut top = None;
    while let Some(member) = members.next()? {
        let path = top.get_or_insert_with(|| Top::of(&member)).path(&member.name)?;
        let target = if path == Path::new("") { PathBuf::from(CONTENT) } else { Path::new(CONTENT).join(&path) };
        bytes = bytes.saturating_add(member.size);
        if bytes > BYTES {
            return Err(refuse(format!("it holds more than {} GiB", BYTES >> 30)));
        }
        let parent = match member.kind {
            Kind::Directory => target.as_path(),
            Kind::File => target.parent().unwrap_or(Path::new("")),
            Kind::Other(what) => {
                unpacked.left_out += 1;
                if unpacked.examples.len() < NAMED {
                    unpacked.examples.push(format!("{what} `{}`", path.display()));
                }
                continue;
            }
        };
        if directories.add(parent) + unpacked.files.len() > most {
            return Err(refuse(format!("it holds more than {most} files and directories")));
        }
        if parent != Path::new("") {
            place.make(parent).map_err(|error| unplaced(error, &path))?;
        }
        if member.kind == Kind::File {
            let mut file = place.create(&target, 0o600).map_err(|error| unplaced(error, &path))?;
            members.copy(&mut file)?;
            file.set_permissions(Permissions::from_mode(if member.executable { 0o755 } else { 0o644 }))?;
            unpacked.files.push(path);
        }
        unpacked.anything = true;
    }
    Ok(unpacked)
}

/// What the names of all members begin with: the artifact itself, whose name is of no interest here.
enum Top {
    /// `reports`, `reports/a.xml`.
    Named(Vec<u8>),
    /// `./`, `./a.xml`: the content of a directory.
    Here,
    /// `/`, `/a.xml`: a whole container.
    Root,
}

impl Top {
    fn of(first: &Member) -> Top {
        match (first.name.as_slice(), first.kind) {
            (b"/", Kind::Directory) => Top::Root,
            (b"." | b"./", Kind::Directory) => Top::Here,
            (name, _) => Top::Named(parts(name).next().unwrap_or_default().to_vec()),
        }
    }

    /// The path of a member beneath the artifact, component by component; a name that would lead elsewhere is an error.
    fn path(&self, name: &[u8]) -> io::Result<PathBuf> {
        let shown = || String::from_utf8_lossy(name);
        if name.starts_with(b"/") && !matches!(self, Top::Root) || parts(name).any(|part| part == b"..") {
            return Err(refuse(format!("the name `{}` leads out of it", shown())));
        }
        if name.is_empty() || name.contains(&0) {
            return Err(refuse("a name in its archive is none"));
        }
        if name.len() > LONGEST {
            return Err(refuse(format!("a path in it is longer than {LONGEST} bytes")));
        }
        let mut parts = parts(name);
        if let Top::Named(top) = self
            && parts.next() != Some(top)
        {
            let (name, top) = (shown(), String::from_utf8_lossy(top));
            return Err(refuse(format!("its archive holds `{name}`, which is not in `{top}`")));
        }
        let mut path = PathBuf::new();
        for (depth, part) in parts.enumerate() {
            if part.len() > NAME {
                return Err(refuse(format!("a name in it is longer than {NAME} bytes")));
            }
            if depth >= DEPTH {
                return Err(refuse(format!("directories stand more than {DEPTH} deep in it")));
            }
            path.push(OsStr::from_bytes(part));
        }
        Ok(path)
    }
}

/// The components of a name, without those that say nothing.
fn parts(name: &[u8]) -> impl Iterator<Item = &[u8]> {
    name.split(|byte| *byte == b'/').filter(|part| !part.is_empty() && *part != b".")
}

/// The directories so far, those included that no member names: each of them takes room on the disk.
#[derive(Default)]
struct Directories(BTreeSet<PathBuf>);

impl Directories {
    /// One more, and those that it stands in; how many there are now.
    fn add(&mut self, path: &Path) -> usize {
        for directory in path.ancestors() {
            if !self.0.insert(directory.to_owned()) {
                break;
            }
        }
        self.0.len()
    }
}

/// Tells what could not be written. The place is ours alone: what stands there already, the archive has put there.
fn unplaced(error: io::Error, path: &Path) -> io::Error {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::AlreadyExists => refuse(format!("its archive holds `{path}` twice")),
        io::ErrorKind::IsADirectory => refuse(format!("its archive holds `{path}` as a file and as a directory")),
        io::ErrorKind::NotADirectory => refuse(format!("its archive holds `{path}` within a file")),
        kind => io::Error::new(kind, format!("`{path}`: {error}")),
    }
}
