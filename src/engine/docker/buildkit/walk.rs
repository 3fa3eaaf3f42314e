use std::fmt;
use std::fs::{self, DirEntry};
use std::io;
use std::ops::ControlFlow;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use bollard_buildkit_proto::fsutil::types::Stat;

use super::stat::stat;
use crate::source::{Matched, Patterns};

/// What of a directory is wanted.
#[derive(Debug, Default)]
pub(super) struct Filter {
    /// What is wanted; everything where there is none.
    pub include: Option<Patterns>,
    /// What is not.
    pub exclude: Patterns,
}

/// A file that is wanted and cannot be read.
#[derive(Debug)]
pub(super) struct WalkError {
    path: PathBuf,
    cause: Cause,
}

#[derive(Debug)]
enum Cause {
    Io(io::Error),
    /// The wire format has no room for such a name.
    NotUtf8,
}

/// Tells `visit` every wanted file below `root`, directories before what they hold and names in the order of their bytes, which is the
/// order that BuildKit demands. A directory that is not wanted itself is told where something below it is. Sockets are skipped, and so
/// is what vanishes meanwhile. Ends early where `visit` breaks.
pub(super) fn walk(
    root: &Path,
    filter: &Filter,
    visit: &mut dyn FnMut(Stat) -> ControlFlow<()>,
) -> Result<(), WalkError> {
    let entries = read_sorted(root).map_err(|error| WalkError { path: root.to_owned(), cause: Cause::Io(error) })?;
    let mut walker = Walker { filter, visit, untold: Vec::new() };
    walker.entries("", entries, &Judged::default()).map(|_| ())
}

struct Walker<'a> {
    filter: &'a Filter,
    visit: &'a mut dyn FnMut(Stat) -> ControlFlow<()>,
    /// Directories above that were not told yet, since nothing below them was wanted so far.
    untold: Vec<Stat>,
}

/// What the patterns said of a directory.
#[derive(Default)]
struct Judged {
    included: Matched,
    excluded: Matched,
}

impl Walker<'_> {
    fn entries(&mut self, parent: &str, entries: Vec<DirEntry>, judged: &Judged) -> Result<ControlFlow<()>, WalkError> {
        for entry in entries {
            if self.entry(parent, &entry, judged)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn entry(&mut self, parent: &str, entry: &DirEntry, above: &Judged) -> Result<ControlFlow<()>, WalkError> {
        let name = entry.file_name();
        let shown = name.to_string_lossy();
        let path = if parent.is_empty() { shown.into_owned() } else { format!("{parent}/{shown}") };
        let (included, judged_included) = match &self.filter.include {
            Some(patterns) => patterns.matches(&path, &above.included),
            None => (true, Matched::new()),
        };
        let (excluded, judged_excluded) = self.filter.exclude.matches(&path, &above.excluded);
        let wanted = included && !excluded;
        let fail = |cause| WalkError { path: entry.path(), cause };

        let metadata = match entry.metadata() {
            Ok(metadata) => metadata,
            Err(error) if !wanted || vanished(&error) => return Ok(ControlFlow::Continue(())),
            Err(error) => return Err(fail(Cause::Io(error))),
        };
        if metadata.is_dir() && !wanted && !self.enters(&path, included, excluded) {
            return Ok(ControlFlow::Continue(()));
        }
        if metadata.file_type().is_socket() || !metadata.is_dir() && !wanted {
            return Ok(ControlFlow::Continue(()));
        }
        if name.to_str().is_none() {
            return Err(fail(Cause::NotUtf8));
        }
        if !metadata.is_dir() {
            let link = match metadata.is_symlink().then(|| fs::read_link(entry.path())).transpose() {
                Ok(link) => {
                    link.unwrap_or_default().into_os_string().into_string().map_err(|_| fail(Cause::NotUtf8))?
                }
                Err(error) if vanished(&error) => return Ok(ControlFlow::Continue(())),
                Err(error) => return Err(fail(Cause::Io(error))),
            };
            return Ok(self.tell(stat(path, &metadata, link)));
        }

        let entries = match read_sorted(&entry.path()) {
            Ok(entries) => entries,
            Err(error) if !wanted || vanished(&error) => return Ok(ControlFlow::Continue(())),
            Err(error) => return Err(fail(Cause::Io(error))),
        };
        let told = stat(path.clone(), &metadata, String::new());
        let judged = Judged { included: judged_included, excluded: judged_excluded };
        if wanted {
            return match self.tell(told) {
                ControlFlow::Continue(()) => self.entries(&path, entries, &judged),
                ended => Ok(ended),
            };
        }
        let depth = self.untold.len();
        self.untold.push(told);
        let flow = self.entries(&path, entries, &judged)?;
        self.untold.truncate(depth);
        Ok(flow)
    }

    /// Whether something below a directory that is not wanted itself may be.
    fn enters(&self, path: &str, included: bool, excluded: bool) -> bool {
        let include = self.filter.include.as_ref();
        (included || include.is_none_or(|patterns| patterns.may_match_below(path)))
            && (!excluded || self.filter.exclude.may_take_back_below(path))
    }

    fn tell(&mut self, told: Stat) -> ControlFlow<()> {
        for above in self.untold.drain(..) {
            (self.visit)(above)?;
        }
        (self.visit)(told)
    }
}

fn read_sorted(directory: &Path) -> io::Result<Vec<DirEntry>> {
    let mut entries = fs::read_dir(directory)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by(|a, b| a.file_name().as_bytes().cmp(b.file_name().as_bytes()));
    Ok(entries)
}

fn vanished(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

impl fmt::Display for WalkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Cause::Io(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                write!(f, "`{}` of the build context may not be read by this user", self.path.display())
            }
            Cause::Io(error) => write!(f, "`{}` of the build context cannot be read: {error}", self.path.display()),
            Cause::NotUtf8 => write!(f, "the name of `{}` in the build context is not UTF-8", self.path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    fn tree(paths: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a directory");
        for path in paths {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("directories");
            fs::write(path, "x").expect("a file");
        }
        root
    }

    fn filter(include: Option<&[&str]>, exclude: &[&str]) -> Filter {
        Filter {
            include: include.map(|patterns| Patterns::new(patterns.iter().copied()).expect("patterns")),
            exclude: Patterns::new(exclude.iter().copied()).expect("patterns"),
        }
    }

    fn told(root: &Path, filter: &Filter) -> Vec<String> {
        let mut told = Vec::new();
        let mut visit = |stat: Stat| {
            told.push(stat.path);
            ControlFlow::Continue(())
        };
        walk(root, filter, &mut visit).expect("a walk");
        told
    }

    #[test]
    fn directories_come_before_what_they_hold_in_the_order_of_bytes() {
        let root = tree(&["a/b", "a.txt", "a-b", "B", "é"]);
        assert_eq!(told(root.path(), &Filter::default()), ["B", "a", "a/b", "a-b", "a.txt", "é"]);
    }

    #[test]
    fn what_is_excluded_is_left_out_and_what_is_taken_back_brings_its_directories() {
        let root = tree(&["docs/a/keep", "docs/a/drop", "docs/b/drop", "src/main", "x.log"]);
        let exclude = filter(None, &["docs", "*.log", "!docs/a/keep"]);
        assert_eq!(told(root.path(), &exclude), ["docs", "docs/a", "docs/a/keep", "src", "src/main"]);
    }

    #[test]
    fn only_what_is_included_is_told_with_its_directories() {
        let root = tree(&["a/b/c/file", "a/b/other", "a/c", "d/c/file"]);
        assert_eq!(told(root.path(), &filter(Some(&["a/b/c"]), &[])), ["a", "a/b", "a/b/c", "a/b/c/file"]);
        assert_eq!(told(root.path(), &filter(Some(&["*/c"]), &[])), ["a", "a/c", "d", "d/c", "d/c/file"]);
        assert_eq!(told(root.path(), &filter(Some(&["a"]), &["a/b"])), ["a", "a/c"]);
        assert!(told(root.path(), &filter(Some(&["none"]), &[])).is_empty());
    }

    #[test]
    fn links_are_told_not_followed_and_sockets_are_skipped() {
        let root = tree(&["dir/file"]);
        symlink("dir", root.path().join("link")).expect("a link");
        let _listener = UnixListener::bind(root.path().join("socket")).expect("a socket");
        let mut links = Vec::new();
        let mut visit = |stat: Stat| {
            links.push((stat.path, stat.linkname));
            ControlFlow::Continue(())
        };
        walk(root.path(), &Filter::default(), &mut visit).expect("a walk");
        let expected = [("dir", ""), ("dir/file", ""), ("link", "dir")];
        assert_eq!(links, expected.map(|(path, link)| (path.to_owned(), link.to_owned())));
    }

    #[test]
    fn what_vanishes_meanwhile_is_skipped() {
        let root = tree(&["a", "b", "c/d"]);
        let mut told = Vec::new();
        let mut visit = |stat: Stat| {
            if stat.path == "a" {
                fs::remove_file(root.path().join("b")).expect("removed");
                fs::remove_dir_all(root.path().join("c")).expect("removed");
            }
            told.push(stat.path);
            ControlFlow::Continue(())
        };
        walk(root.path(), &Filter::default(), &mut visit).expect("a walk");
        assert_eq!(told, ["a"]);
    }

    #[test]
    fn a_name_that_is_not_utf8_is_an_error_unless_it_is_excluded() {
        let root = tree(&["a"]);
        fs::write(root.path().join(OsStr::from_bytes(b"bad\xff")), "x").expect("a file");
        let error = walk(root.path(), &Filter::default(), &mut |_| ControlFlow::Continue(())).expect_err("not UTF-8");
        assert!(error.to_string().ends_with("in the build context is not UTF-8"), "{error}");
        assert_eq!(told(root.path(), &filter(None, &["bad*"])), ["a"]);
    }

    #[test]
    fn a_walk_ends_where_nobody_listens() {
        let root = tree(&["a/b/c", "d"]);
        let mut count = 0;
        let mut visit = |_: Stat| {
            count += 1;
            ControlFlow::Break(())
        };
        walk(root.path(), &Filter::default(), &mut visit).expect("a walk");
        assert_eq!(count, 1);
    }
}
