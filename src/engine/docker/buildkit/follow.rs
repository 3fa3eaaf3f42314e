use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::source::{Glob, clean};

/// How many links may lead to one path; as the kernel has it.
const LINKS: usize = 40;

/// The paths below `root` that are needed to see `paths`: themselves, and every symbolic link on the way with what it points to.
///
/// No path leads out of `root`: an absolute link counts from there, as it will in the image. `None` where the root itself is wanted, so
/// that there is nothing to choose. What does not exist is kept, it simply matches nothing.
pub(super) fn follow(root: &Path, paths: &[String]) -> Option<Vec<String>> {
    let mut follower = Follower { root, found: BTreeSet::new() };
    for path in paths {
        follower.add(path, LINKS);
    }
    if follower.found.contains(".") {
        return None;
    }
    let mut wanted: Vec<String> = Vec::new();
    for path in follower.found {
        let covered =
            wanted.iter().any(|above| path.strip_prefix(above.as_str()).is_some_and(|rest| rest.starts_with('/')));
        if !covered {
            wanted.push(path);
        }
    }
    Some(wanted)
}

struct Follower<'a> {
    root: &'a Path,
    found: BTreeSet<String>,
}

impl Follower<'_> {
    /// Adds `path`, which at most `links` more links may lead away.
    fn add(&mut self, path: &str, links: usize) {
        let path = clean(&format!("/{path}"));
        let path = path.trim_start_matches('/');
        if path.is_empty() {
            self.found.insert(".".to_owned());
            return;
        }
        let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
        for end in ends {
            let (current, rest) = (&path[..end], &path[end..]);
            let targets = self.targets(current);
            if targets.is_empty() {
                continue;
            }
            let new = self.found.insert(current.to_owned());
            // What goes round in circles ends here: at a link that was met before, or where too many were.
            if (new || !rest.is_empty()) && links > 0 {
                for target in targets {
                    self.add(&format!("{target}{rest}"), links - 1);
                }
            }
            return;
        }
        self.found.insert(path.to_owned());
    }

    /// Where the link `path` points, seen from the root; of every link that matches, where its last part is a pattern.
    fn targets(&self, path: &str) -> Vec<String> {
        let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
        if !name.contains(['*', '?', '[']) {
            return self.target(parent, name).into_iter().collect();
        }
        let Ok(glob) = Glob::new(name) else { return Vec::new() };
        let Ok(entries) = fs::read_dir(self.root.join(parent)) else { return Vec::new() };
        entries
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| glob.matches(name))
            .filter_map(|name| self.target(parent, &name))
            .collect()
    }

    fn target(&self, parent: &str, name: &str) -> Option<String> {
        let link = fs::read_link(self.root.join(parent).join(name)).ok()?;
        let link = link.to_str()?;
        Some(if link.starts_with('/') { clean(link) } else { clean(&format!("/{parent}/{link}")) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn followed(root: &Path, paths: &[&str]) -> Vec<String> {
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        follow(root, &paths).expect("paths")
    }

    #[test]
    fn links_bring_what_they_point_to() {
        let root = tempfile::tempdir().expect("a directory");
        fs::create_dir_all(root.path().join("real/deep")).expect("directories");
        symlink("real", root.path().join("link")).expect("a link");
        symlink("/real/deep", root.path().join("absolute")).expect("a link");
        symlink("../../../etc/passwd", root.path().join("out")).expect("a link");
        let root = root.path();
        assert_eq!(followed(root, &["plain/file"]), ["plain/file"]);
        assert_eq!(followed(root, &["link/deep"]), ["link", "real/deep"]);
        assert_eq!(followed(root, &["absolute"]), ["absolute", "real/deep"]);
        assert_eq!(followed(root, &["link/one", "link/two"]), ["link", "real/one", "real/two"]);
        assert_eq!(followed(root, &["l*k"]), ["l*k", "real"]);
        assert_eq!(followed(root, &["out"]), ["etc/passwd", "out"]);
        assert_eq!(followed(root, &["a/b", "a", "ab"]), ["a", "ab"]);
    }

    #[test]
    fn circles_end() {
        let root = tempfile::tempdir().expect("a directory");
        symlink("b", root.path().join("a")).expect("a link");
        symlink("a", root.path().join("b")).expect("a link");
        symlink("self/x", root.path().join("self")).expect("a link");
        assert_eq!(followed(root.path(), &["a"]), ["a", "b"]);
        assert!(followed(root.path(), &["self/x"]).contains(&"self".to_owned()));
    }

    #[test]
    fn the_root_itself_is_everything() {
        let root = tempfile::tempdir().expect("a directory");
        assert_eq!(follow(root.path(), &["a".into(), "/".into()]), None);
        assert_eq!(follow(root.path(), &["x/..".into()]), None);
    }
}
