use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use tar::{Archive, EntryType};

/// How many files and directories an artifact may hold.
const ENTRIES: usize = 200_000;

/// How many bytes an artifact, or its archive, may hold.
pub(super) const BYTES: u64 = 32 * 1024 * 1024 * 1024;

/// How deep directories may stand in each other.
const DEPTH: usize = 64;

/// What an archive came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Unpacked {
    /// Links, devices and the like, which are left out.
    pub(super) left_out: usize,
    /// It held anything else.
    pub(super) anything: bool,
}

/// Unpacks the archive of one path into `place`, which does not exist yet: a file becomes `place` itself, a directory's
/// entries stand in it. Only plain files and directories are taken; a name that would lead elsewhere is an error.
pub(super) fn unpack(archive: impl Read, place: &Path) -> io::Result<Unpacked> {
    let mut unpacked = Unpacked::default();
    let (mut entries, mut bytes) = (0usize, 0u64);
    for entry in Archive::new(archive).entries()? {
        let mut entry = entry?;
        entries += 1;
        bytes = bytes.saturating_add(entry.size());
        if entries > ENTRIES || bytes > BYTES {
            return Err(refuse(format!("it holds more than {ENTRIES} files or {} GiB", BYTES >> 30)));
        }
        let target = place_of(&entry.path()?, place)?;
        match entry.header().entry_type() {
            EntryType::Directory => {
                fs::create_dir_all(&target)?;
                unpacked.anything = true;
            }
            EntryType::Regular | EntryType::Continuous => {
                if let Some(parent) = target.parent() {
                    fs::create_dir_all(parent)?;
                }
                // `create_new`: a name that comes twice, or is a directory already, is not written over.
                let mut file = File::options().write(true).create_new(true).open(&target)?;
                io::copy(&mut entry, &mut file)?;
                let executable = entry.header().mode().unwrap_or_default() & 0o100 != 0;
                set_mode(&file, executable)?;
                unpacked.anything = true;
            }
            EntryType::XGlobalHeader | EntryType::XHeader => {}
            _ => unpacked.left_out += 1,
        }
    }
    Ok(unpacked)
}

/// The first component of each name is the artifact itself; the rest stands below `place`.
fn place_of(name: &Path, place: &Path) -> io::Result<PathBuf> {
    let mut target = place.to_owned();
    let components = name.components().filter(|component| *component != Component::CurDir);
    for (depth, component) in components.enumerate() {
        match component {
            Component::Normal(_) if depth == 0 => {}
            Component::Normal(part) if depth <= DEPTH => target.push(part),
            Component::Normal(_) => return Err(refuse(format!("directories stand more than {DEPTH} deep"))),
            _ => return Err(refuse(format!("the name `{}` leads out of it", name.display()))),
        }
    }
    Ok(target)
}

#[cfg(unix)]
fn set_mode(file: &File, executable: bool) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(if executable { 0o755 } else { 0o644 }))
}

#[cfg(not(unix))]
fn set_mode(_: &File, _: bool) -> io::Result<()> {
    Ok(())
}

fn refuse(why: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An archive of these entries, names taken as they are.
    fn archive(entries: &[(EntryType, &str, &[u8])]) -> Vec<u8> {
        let mut tar = tar::Builder::new(Vec::new());
        for (kind, name, data) in entries {
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(*kind);
            header.set_size(data.len() as u64);
            header.set_mode(0o644);
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            if matches!(kind, EntryType::Symlink | EntryType::Link) {
                header.set_link_name("/etc").expect("fits");
            }
            header.set_cksum();
            tar.append(&header, *data).expect("is written");
        }
        tar.into_inner().expect("is written")
    }

    fn unpacked(entries: &[(EntryType, &str, &[u8])]) -> (tempfile::TempDir, io::Result<Unpacked>) {
        let directory = tempfile::tempdir().expect("a place");
        let result = unpack(archive(entries).as_slice(), &directory.path().join("inner/out"));
        (directory, result)
    }

    #[test]
    fn a_file_becomes_the_place_itself() {
        let (directory, result) = unpacked(&[(EntryType::Regular, "report.xml", b"<a/>")]);
        assert_eq!(result.expect("is fine"), Unpacked { left_out: 0, anything: true });
        assert_eq!(fs::read(directory.path().join("inner/out")).expect("is there"), b"<a/>");
    }

    #[test]
    fn a_directory_keeps_its_entries() {
        let (directory, result) = unpacked(&[
            (EntryType::Directory, "reports/", b""),
            (EntryType::Regular, "reports/a/b.xml", b"b"),
            (EntryType::Regular, "reports/c.xml", b"c"),
        ]);
        result.expect("is fine");
        assert_eq!(fs::read(directory.path().join("inner/out/a/b.xml")).expect("is there"), b"b");
        assert_eq!(fs::read(directory.path().join("inner/out/c.xml")).expect("is there"), b"c");
    }

    #[test]
    fn names_that_lead_out_are_refused() {
        for name in ["../evil", "out/../../evil", "/evil", "out/..", "out/a/../../../evil"] {
            let (directory, result) = unpacked(&[(EntryType::Regular, name, b"x")]);
            assert!(result.is_err(), "{name}");
            assert!(!directory.path().join("evil").exists(), "{name}");
            assert!(!directory.path().join("inner/evil").exists(), "{name}");
        }
    }

    #[test]
    fn links_and_devices_are_left_out_and_nothing_goes_through_them() {
        let (directory, result) = unpacked(&[
            (EntryType::Symlink, "out/link", b""),
            (EntryType::Link, "out/hard", b""),
            (EntryType::Char, "out/device", b""),
            (EntryType::Fifo, "out/fifo", b""),
            (EntryType::Regular, "out/link/passwd", b"x"),
        ]);
        assert_eq!(result.expect("is fine"), Unpacked { left_out: 4, anything: true });
        let link = directory.path().join("inner/out/link");
        assert!(fs::symlink_metadata(link).expect("is there").is_dir());
    }

    #[test]
    fn a_name_that_comes_twice_is_refused() {
        let (_directory, result) =
            unpacked(&[(EntryType::Regular, "out/a", b"1"), (EntryType::Regular, "out/a", b"2")]);
        assert!(result.is_err());
    }

    #[test]
    fn a_truncated_archive_is_an_error() {
        let whole = archive(&[(EntryType::Regular, "out/a", &[7; 4_000])]);
        let directory = tempfile::tempdir().expect("a place");
        assert!(unpack(&whole[..1_000], &directory.path().join("out")).is_err());
    }
}
