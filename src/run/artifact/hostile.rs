//! Archives that want to harm: whatever they say, nothing outside of the place changes, and in it stand plain files and directories.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::unpack::{Unpacked, unpack_at_most};

/// An archive under construction, every byte of it at our will.
#[derive(Clone, Default)]
struct Tar(Vec<u8>);

/// What must come of an archive.
enum Must {
    /// It is taken: so many files.
    Take(usize),
    /// It is taken without so many things.
    LeaveOut(usize),
    /// It is refused, and these words say why.
    Refuse(&'static str),
}
use Must::{LeaveOut, Refuse, Take};

impl Tar {
    fn dir(self, name: &str) -> Self {
        self.raw(name.as_bytes(), b'5', 0o755, b"", None)
    }

    fn file(self, name: &str, data: &str) -> Self {
        self.raw(name.as_bytes(), b'0', 0o644, data.as_bytes(), None)
    }

    fn link(self, kind: u8, name: &str, target: &str) -> Self {
        self.raw(name.as_bytes(), kind, 0o777, b"", Some(target))
    }

    fn special(self, kind: u8, name: &str) -> Self {
        self.raw(name.as_bytes(), kind, 0o666, b"", None)
    }

    fn mode(self, name: &str, mode: u32) -> Self {
        self.raw(name.as_bytes(), b'0', mode, b"x", None)
    }

    /// A header in front of the next member: its records as they are.
    fn pax(self, records: &[(&str, &str)]) -> Self {
        let data: String = records.iter().map(|(key, value)| record(key, value)).collect();
        self.pax_bytes(data.as_bytes())
    }

    fn pax_bytes(self, data: &[u8]) -> Self {
        self.raw(b"PaxHeaders/x", b'x', 0o644, data, None)
    }

    fn long_name(self, name: &[u8]) -> Self {
        let data = [name, b"\0"].concat();
        self.raw(b"././@LongLink", b'L', 0o644, &data, None)
    }

    fn raw(self, name: &[u8], kind: u8, mode: u32, data: &[u8], link: Option<&str>) -> Self {
        let header = header(name, kind, mode, data.len() as u64, link);
        self.bytes(&header).bytes(data).padded()
    }

    /// A member whose header tells another size than it has.
    fn sized(self, name: &str, kind: u8, told: u64, data: &str) -> Self {
        self.bytes(&header(name.as_bytes(), kind, 0o644, told, None)).bytes(data.as_bytes()).padded()
    }

    fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    fn padded(mut self) -> Self {
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }

    fn end(mut self) -> Vec<u8> {
        self.0.resize(self.0.len() + 1024, 0);
        self.0
    }
}

fn record(key: &str, value: &str) -> String {
    let bare = key.len() + value.len() + 3;
    let mut length = bare + 1;
    while bare + length.to_string().len() != length {
        length = bare + length.to_string().len();
    }
    format!("{length} {key}={value}\n")
}

fn header(name: &[u8], kind: u8, mode: u32, size: u64, link: Option<&str>) -> [u8; 512] {
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.set_entry_type(tar::EntryType::new(kind));
    header.set_mode(mode);
    header.set_uid(0);
    header.set_gid(0);
    header.set_size(size);
    if let Some(link) = link {
        header.as_old_mut().linkname[..link.len()].copy_from_slice(link.as_bytes());
    }
    if matches!(kind, b'3' | b'4') {
        header.set_device_major(1).and_then(|()| header.set_device_minor(3)).expect("a header with devices");
    }
    header.set_cksum();
    *header.as_bytes()
}

/// A place, and around it what must not change.
struct Scene {
    home: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let home = tempfile::tempdir().expect("a directory");
        for directory in ["run/place", "run/place2", "outside"] {
            fs::create_dir_all(home.path().join(directory)).expect("is made");
        }
        for file in ["secret", "outside/secret", "run/secret", "run/place2/secret"] {
            fs::write(home.path().join(file), "untouched").expect("is written");
        }
        Scene { home }
    }

    fn unpack(&self, tar: &[u8]) -> io::Result<Unpacked> {
        unpack_at_most(1_000, tar, &self.home.path().join("run/place"))
    }

    /// Everything around the place: kind, mode, size, time of change and content. The place itself may hold one more thing.
    fn around(&self) -> BTreeMap<String, String> {
        let mut seen = BTreeMap::new();
        look(self.home.path(), self.home.path(), &mut seen);
        seen
    }

    /// Holds what stands in the place to plain files and directories without special rights.
    fn hold(&self, case: &str) {
        let mut left = vec![self.home.path().join("run/place")];
        while let Some(path) = left.pop() {
            let there = fs::symlink_metadata(&path).expect("it is there");
            assert!(there.is_dir() || there.is_file(), "{case}: {} is neither file nor directory", path.display());
            assert_eq!(there.mode() & 0o7022, 0, "{case}: the rights of {}", path.display());
            assert!(there.is_dir() || there.nlink() == 1, "{case}: {} has another name", path.display());
            if there.is_dir() {
                left.extend(fs::read_dir(&path).expect("it can be read").map(|entry| entry.expect("an entry").path()));
            }
        }
        let place = self.home.path().join("run/place");
        let names: Vec<_> =
            fs::read_dir(place).expect("it is there").map(|entry| entry.expect("one").file_name()).collect();
        assert!(names.iter().all(|name| name == "content"), "{case}: {names:?}");
    }
}

fn look(path: &Path, home: &Path, seen: &mut BTreeMap<String, String>) {
    let there = fs::symlink_metadata(path).expect("it is there");
    let name = path.strip_prefix(home).expect("it is below").display().to_string();
    if name == "run/place" {
        return;
    }
    let content = if there.is_file() { fs::read_to_string(path).expect("it is text") } else { String::new() };
    let what = format!("{:o} {} {} {content}", there.mode(), there.ino(), there.mtime_nsec());
    seen.insert(name, what);
    if there.is_dir() {
        for entry in fs::read_dir(path).expect("it can be read") {
            look(&entry.expect("an entry").path(), home, seen);
        }
    }
}

/// Each with what must come of it.
fn corpus(home: &Path) -> Vec<(&'static str, Tar, Must)> {
    let tar = Tar::default;
    let absolute = home.join("outside/secret").display().to_string();
    let out = "leads out of it";
    let deep = |depth: usize| format!("out/{}x", "d/".repeat(depth));
    let long = "n".repeat(256);
    let mut cases = vec![
        ("an absolute name", tar().dir("out/").file("/etc/evil", "x"), Refuse(out)),
        ("an absolute name first", tar().file("/etc/evil", "x"), Refuse(out)),
        ("an absolute long name", tar().dir("out/").long_name(absolute.as_bytes()).file("out/a", "x"), Refuse(out)),
        ("an absolute pax path", tar().dir("out/").pax(&[("path", &absolute)]).file("out/a", "x"), Refuse(out)),
        ("a name that goes up", tar().dir("out/").file("out/../../secret", "x"), Refuse(out)),
        ("a name that goes up first", tar().file("../secret", "x"), Refuse(out)),
        ("a name that is up", tar().dir("out/").dir("out/.."), Refuse(out)),
        ("a name that goes up and back", tar().dir("out/").file("out/a/../../../place2/secret", "x"), Refuse(out)),
        ("a directory that goes up", tar().dir("out/").dir("out/../../evil/"), Refuse(out)),
        ("up behind slashes and dots", tar().dir("out/").file("out//.//..//..//secret", "x"), Refuse(out)),
        ("up in a pax path", tar().dir("out/").pax(&[("path", "out/../../secret")]).file("out/a", "x"), Refuse(out)),
        ("up in a long name", tar().dir("out/").long_name(b"out/../../secret").file("out/a", "x"), Refuse(out)),
        ("up by backslashes", tar().dir("out/").file("out\\..\\..\\secret", "x"), Refuse("which is not in `out`")),
        ("backslashes within", tar().dir("out/").file("out/..\\..\\secret", "x"), Take(1)),
        ("a drive's letter", tar().dir("out/").file("out/C:secret", "x"), Take(1)),
        (
            "a neighbour with its name in front",
            tar().dir("place/").file("place2/secret", "x"),
            Refuse("not in `place`"),
        ),
        (
            "a link up and a file through it",
            tar().dir("out/").link(b'2', "out/up", "../..").file("out/up/secret", "x"),
            LeaveOut(1),
        ),
        (
            "an absolute link and a file through it",
            tar()
                .dir("out/")
                .link(b'2', "out/etc", &home.join("outside").display().to_string())
                .file("out/etc/secret", "x"),
            LeaveOut(1),
        ),
        (
            "a link with the name of a file that comes",
            tar().dir("out/").link(b'2', "out/a", "../../secret").file("out/a", "x"),
            LeaveOut(1),
        ),
        (
            "a link in place of a directory",
            tar().dir("out/").dir("out/d/").link(b'2', "out/d", "../../../outside").file("out/d/secret", "x"),
            LeaveOut(1),
        ),
        (
            "a link in place of the artifact itself",
            tar().link(b'2', "out", "../../outside").file("out/secret", "x"),
            LeaveOut(1),
        ),
        (
            "a link to a link",
            tar().dir("out/").link(b'2', "out/a", "b").link(b'2', "out/b", "/").file("out/a/etc/x", "x"),
            LeaveOut(2),
        ),
        (
            "a link in the pax path of links",
            tar().dir("out/").pax(&[("linkpath", "/etc/passwd")]).link(b'2', "out/a", "harmless"),
            LeaveOut(1),
        ),
        ("a hard link out", tar().dir("out/").link(b'1', "out/a", &absolute[..absolute.len().min(100)]), LeaveOut(1)),
        (
            "a hard link up, then written to",
            tar().dir("out/").link(b'1', "out/a", "../../secret").file("out/a", "changed"),
            LeaveOut(1),
        ),
        (
            "a hard link to a link",
            tar().dir("out/").link(b'2', "out/l", "/etc/passwd").link(b'1', "out/a", "out/l").file("out/a", "x"),
            LeaveOut(2),
        ),
        ("a character device", tar().dir("out/").special(b'3', "out/null"), LeaveOut(1)),
        ("a block device", tar().dir("out/").special(b'4', "out/disk"), LeaveOut(1)),
        (
            "a named pipe, then a file of its name",
            tar().dir("out/").special(b'6', "out/p").file("out/p", "x"),
            LeaveOut(1),
        ),
        ("a thing of an unknown kind", tar().dir("out/").special(b'Z', "out/z"), LeaveOut(1)),
        ("a file that sets the user", tar().dir("out/").mode("out/su", 0o4755), Take(1)),
        ("a file that sets the group and all may write", tar().dir("out/").mode("out/sg", 0o2777), Take(1)),
        ("a sticky file without rights", tar().dir("out/").mode("out/t", 0o1000), Take(1)),
        ("a directory that sets the group", tar().raw(b"out/", b'5', 0o7777, b"", None).file("out/a", "x"), Take(1)),
        (
            "attributes that give capabilities",
            tar().dir("out/").pax(&[("SCHILY.xattr.security.capability", "\u{1}\0\0\u{2}")]).mode("out/cap", 0o755),
            Take(1),
        ),
        ("a name that comes twice", tar().dir("out/").file("out/a", "1").file("out/a", "2"), Refuse("holds `a` twice")),
        (
            "a directory that comes twice",
            tar().dir("out/").dir("out/").dir("out/d/").dir("out/d/").file("out/a", ""),
            Take(1),
        ),
        (
            "a file in place of a directory",
            tar().dir("out/").dir("out/d/").file("out/d", "x"),
            Refuse("holds `d` twice"),
        ),
        ("a directory in place of a file", tar().dir("out/").file("out/d", "x").dir("out/d/"), Refuse("within a file")),
        ("a file within a file", tar().dir("out/").file("out/f", "x").file("out/f/g", "x"), Refuse("within a file")),
        ("two artifacts in one", tar().file("out", "1").file("out", "2"), Refuse("twice")),
        (
            "content of a directory",
            tar().bytes(&header(b"out/", b'5', 0o755, 512, None)).bytes(&header(b"../e", b'0', 0o644, 0, None)),
            Refuse("content to what can have none"),
        ),
        (
            "content of a link",
            tar().dir("out/").bytes(&header(b"out/l", b'2', 0o777, 512, Some("x"))).bytes(&[0; 512]),
            Refuse("content to what can have none"),
        ),
        (
            "a pax size of an empty header",
            tar().dir("out/").pax(&[("size", "512")]).sized("out/a", b'0', 0, "x").file("out/b", "y"),
            Take(2),
        ),
        (
            "a pax size that swallows the end",
            tar().dir("out/").pax(&[("size", "1048576")]).sized("out/a", b'0', 1, "x"),
            Refuse("cut off"),
        ),
        (
            "a pax size below the header's, what is left being a header",
            tar()
                .dir("out/")
                .pax(&[("size", "0")])
                .sized("out/a", b'0', 512, "")
                .bytes(&header(b"../e", b'0', 0o644, 0, None)),
            Refuse(out),
        ),
        ("a negative pax size", tar().dir("out/").pax(&[("size", "-1")]).file("out/a", "x"), Refuse("damaged")),
        (
            "a pax size without end",
            tar().dir("out/").pax(&[("size", "99999999999999999999")]).file("out/a", "x"),
            Refuse("damaged"),
        ),
        (
            "two pax paths",
            tar().dir("out/").pax(&[("path", "out/a"), ("path", "../e")]).file("out/a", "x"),
            Refuse("announces one member twice"),
        ),
        (
            "two pax headers",
            tar().dir("out/").pax(&[("path", "out/a")]).pax(&[("path", "../e")]).file("out/a", "x"),
            Refuse("announces one member twice"),
        ),
        (
            "a pax path with a newline that looks like another record",
            tar().dir("out/").pax(&[("path", "out/a\n12 path=../e")]).file("out/a", "x"),
            Take(1),
        ),
        (
            "a pax record whose length lies",
            tar().dir("out/").pax_bytes(b"99 path=../e\n").file("out/a", "x"),
            Refuse("damaged"),
        ),
        (
            "a pax path for all that follows",
            tar().dir("out/").raw(b"g", b'g', 0o644, record("path", "../evil").as_bytes(), None).file("out/a", "x"),
            Take(1),
        ),
        ("a pax header before the end", tar().dir("out/").pax(&[("path", "out/a")]), Refuse("is announced")),
        ("a long name before the end", tar().dir("out/").long_name(b"out/a"), Refuse("is announced")),
        ("a zero in a pax path", tar().dir("out/").pax(&[("path", "out/a\0b")]).file("out/a", "x"), Refuse("is none")),
        ("a zero in a long name", tar().dir("out/").long_name(b"out/a\0/b").file("out/a", "x"), Refuse("is none")),
        ("an empty name", tar().dir("out/").file("", "x"), Refuse("is none")),
        ("a file with holes, GNU's", tar().dir("out/").raw(b"out/s", b'S', 0o644, b"", None), LeaveOut(1)),
        (
            "a file with holes, by pax",
            tar().dir("out/").pax(&[("GNU.sparse.major", "1"), ("GNU.sparse.name", "../e")]).file("out/s", "1\n0\n"),
            LeaveOut(1),
        ),
        ("a bomb of one file", tar().dir("out/").sized("out/a", b'0', 8 << 30, "").dir("out/b/"), Refuse("cut off")),
        (
            "a file larger than anything",
            tar().dir("out/").sized("out/a", b'0', 1 << 40, "x"),
            Refuse("more than 32 GiB"),
        ),
        (
            "sizes whose sum goes round",
            tar().dir("out/").pax(&[("size", "18446744073709551615")]).sized("out/a", b'0', 0, "x"),
            Refuse("more than 32 GiB"),
        ),
        (
            "a long name without end",
            tar().dir("out/").bytes(&header(b"././@LongLink", b'L', 0, 30 << 30, None)),
            Refuse("longer than 1 MiB"),
        ),
        (
            "a pax header without end",
            tar().dir("out/").bytes(&header(b"x", b'x', 0, 30 << 30, None)),
            Refuse("longer than 1 MiB"),
        ),
        ("directories in directories", tar().dir("out/").pax(&[("path", &deep(65))]).file("x", "x"), Refuse("64 deep")),
        (
            "a name that no disk takes",
            tar().dir("out/").pax(&[("path", &format!("out/{long}"))]).file("x", "x"),
            Refuse("longer than 255 bytes"),
        ),
        (
            "a path that no kernel takes",
            tar().dir("out/").pax(&[("path", &format!("out/{}", "d".repeat(200)).repeat(20))]).file("x", "x"),
            Refuse("longer than 3072 bytes"),
        ),
        ("a wrong checksum", tar().dir("out/").bytes(&[b'a'; 512]), Refuse("damaged")),
        ("half an end", tar().dir("out/").bytes(&[0; 512]).file("out/a", "x"), Refuse("half an end mark")),
        (
            "what stands behind the end",
            tar().dir("out/").file("out/a", "x").bytes(&[0; 1024]).file("../evil", "x"),
            Take(1),
        ),
        ("names that are no text", tar().dir("out/").raw(b"out/\xff\x1b]0;t\x07", b'0', 0o644, b"x", None), Take(1)),
        ("the root of a container", tar().dir("/").dir("/etc/").file("/etc/passwd", "x"), Take(1)),
        ("up from the root", tar().dir("/").file("/../secret", "x"), Refuse(out)),
        ("the content of a directory", tar().dir("./").file("./a", "x").file("./b", "x"), Take(2)),
        ("up from the content", tar().dir("./").file("./../secret", "x"), Refuse(out)),
    ];
    let crowd = (0..20)
        .fold(tar().dir("out/"), |tar, n| tar.pax(&[("path", &format!("out/{n}/{}x", "d/".repeat(60)))]).file("x", ""));
    cases.push(("a crowd of directories that nobody names", crowd, Refuse("more than 1000 files and directories")));
    cases
}

#[test]
fn nothing_outside_of_the_place_changes() {
    let count = corpus(Path::new("/")).len();
    assert!(count >= 40, "{count}");
    for number in 0..count {
        let scene = Scene::new();
        let (case, tar, must) = corpus(scene.home.path()).swap_remove(number);
        let before = scene.around();
        let result = scene.unpack(&tar.end());
        assert_eq!(scene.around(), before, "{case}");
        scene.hold(case);
        match (must, result) {
            (Take(files), Ok(unpacked)) => assert_eq!((unpacked.files.len(), unpacked.left_out), (files, 0), "{case}"),
            (LeaveOut(count), Ok(unpacked)) => assert_eq!(unpacked.left_out, count, "{case}"),
            (Refuse(words), Err(error)) => {
                assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{case}: {error}");
                assert!(error.to_string().contains(words), "{case}: {error}");
            }
            (Take(_) | LeaveOut(_), Err(error)) => panic!("{case}: {error}"),
            (Refuse(_), Ok(unpacked)) => panic!("{case} is taken: {unpacked:?}"),
        }
    }
}

#[test]
fn an_archive_that_is_cut_off_anywhere_is_refused() {
    let tar = Tar::default().dir("out/").pax(&[("path", "out/a")]).file("x", &"a".repeat(1_500));
    let whole = tar.long_name(b"out/b").file("y", "b").link(b'2', "out/c", "..").end();
    let at = (0..whole.len()).step_by(512).chain([1, 511, 513, 1_800, whole.len() - 1]);
    for length in at {
        let scene = Scene::new();
        let before = scene.around();
        let error = scene.unpack(&whole[..length]).expect_err("it has no end");
        assert_eq!(error.to_string(), "its archive is cut off", "after {length} bytes");
        assert_eq!(scene.around(), before);
        scene.hold("cut off");
    }
    let scene = Scene::new();
    assert_eq!(scene.unpack(&whole).expect("it is whole").files.len(), 2);
}

#[test]
fn what_stands_in_the_place_already_is_not_written_through() {
    let scene = Scene::new();
    let content = scene.home.path().join("run/place/content");
    std::os::unix::fs::symlink("../../outside", &content).expect("is made");
    let before = scene.around();
    let tar = Tar::default().dir("out/").file("out/secret", "x").end();
    assert!(scene.unpack(&tar).is_err());
    assert_eq!(scene.around(), before);
}

#[test]
fn contents_and_the_right_to_execute_arrive() {
    let scene = Scene::new();
    let tar = Tar::default().dir("out/").mode("out/tool", 0o755).file("out/sub/text", "hello").end();
    let unpacked = scene.unpack(&tar).expect("it is well formed");
    assert_eq!(unpacked.files, [Path::new("tool"), Path::new("sub/text")]);
    let content = scene.home.path().join("run/place/content");
    assert_eq!(fs::read_to_string(content.join("sub/text")).expect("is there"), "hello");
    assert_eq!(fs::metadata(content.join("sub/text")).expect("is there").mode() & 0o777, 0o644);
    assert_eq!(fs::metadata(content.join("tool")).expect("is there").mode() & 0o777, 0o755);
    let scene = Scene::new();
    scene.unpack(&Tar::default().file("report.xml", "<a/>").end()).expect("it is well formed");
    let content = scene.home.path().join("run/place/content");
    assert_eq!(fs::read_to_string(content).expect("is there"), "<a/>");
}
