use std::path::Path;

use tonic::metadata::MetadataMap;

use super::follow::follow;
use super::walk::Filter;
use crate::source::{PatternError, Patterns};

/// What of a source the daemon wants to hear of; it says so in the head of the call.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wish {
    /// The source.
    pub name: String,
    include: Vec<String>,
    follow: Vec<String>,
    exclude: Vec<String>,
}

impl Wish {
    /// Reads the head of a call.
    pub fn read(head: &MetadataMap) -> Self {
        Wish {
            name: values(head, "dir-name").pop().unwrap_or_default(),
            include: values(head, "include-patterns"),
            follow: values(head, "followpaths"),
            exclude: values(head, "exclude-patterns"),
        }
    }

    /// The wish as patterns over the directory `root`, whose links are followed for that.
    pub fn filter(&self, root: &Path) -> Result<Filter, PatternError> {
        let followed = if self.follow.is_empty() { None } else { follow(root, &self.follow) };
        let mut include = self.include.clone();
        include.extend(followed.unwrap_or_default());
        let include = if include.is_empty() { None } else { Some(Patterns::new(include.iter().map(String::as_str))?) };
        Ok(Filter { include, exclude: Patterns::new(self.exclude.iter().map(String::as_str))? })
    }

    /// Whether the one file `path` is wanted, where there are no links.
    pub fn wants(&self, path: &str) -> bool {
        let wanted: Vec<&String> = self.include.iter().chain(&self.follow).collect();
        wanted.is_empty()
            || Patterns::new(wanted.into_iter().map(String::as_str))
                .is_ok_and(|patterns| !patterns.is_empty() && patterns.matches(path, &[]).0)
    }
}

/// Newer daemons escape values that would not fit into a head, and say so in a value of its own.
fn values(head: &MetadataMap, key: &str) -> Vec<String> {
    let encoded =
        head.get(format!("{key}-encoded")).is_some_and(|flag| matches!(flag.as_bytes(), b"1" | b"t" | b"true"));
    let text = head.get_all(key).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    if encoded { text.map(|value| unescape(&value)).collect() } else { text.collect() }
}

/// `%41` is `A`, `+` is a blank.
fn unescape(text: &str) -> String {
    let digit = |byte: Option<u8>| {
        byte.and_then(|byte| char::from(byte).to_digit(16)).and_then(|digit| u8::try_from(digit).ok())
    };
    let mut out = Vec::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (byte, digit(bytes.get(at + 1).copied()), digit(bytes.get(at + 2).copied())) {
            (b'%', Some(high), Some(low)) => {
                out.push(high * 16 + low);
                at += 2;
            }
            (b'+', ..) => out.push(b' '),
            _ => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_with_all_its_values() {
        let mut head = MetadataMap::new();
        head.insert("dir-name", "context-1".parse().expect("a value"));
        head.append("exclude-patterns", "a".parse().expect("a value"));
        head.append("exclude-patterns", "!a/b".parse().expect("a value"));
        let wish = Wish::read(&head);
        assert_eq!((wish.name.as_str(), wish.exclude.len(), wish.include.len()), ("context-1", 2, 0));
    }

    #[test]
    fn escaped_values_are_unescaped() {
        let mut head = MetadataMap::new();
        head.insert("followpaths", "a%20b+%C3%A9%".parse().expect("a value"));
        assert_eq!(values(&head, "followpaths"), ["a%20b+%C3%A9%"]);
        head.insert("followpaths-encoded", "true".parse().expect("a value"));
        assert_eq!(values(&head, "followpaths"), ["a b é%"]);
    }

    #[test]
    fn a_text_is_told_only_where_it_is_wanted() {
        let wish =
            |follow: &[&str]| Wish { follow: follow.iter().map(|path| (*path).into()).collect(), ..Wish::default() };
        assert!(wish(&[]).wants("Dockerfile"));
        assert!(wish(&["Dockerfile", "dockerfile"]).wants("Dockerfile"));
        assert!(!wish(&["Dockerfile.dockerignore"]).wants("Dockerfile"));
    }
}
