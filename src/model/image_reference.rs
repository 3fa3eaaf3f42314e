use std::fmt;
use std::ops::Range;

/// `[registry/]path[:tag][@digest]`, checked against the grammar of the distribution project's `reference` package.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ImageReference(String);

/// Why a text is no image reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceError {
    /// What is wrong.
    pub kind: ReferenceErrorKind,
    /// The bytes at fault.
    pub at: Range<usize>,
}

/// What can be wrong with an image reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceErrorKind {
    /// Nothing there.
    Empty,
    /// An upper-case letter in the path; registries take lower case only.
    UpperCase,
    /// A part of the path that is not lower-case letters and digits, joined by `.`, `_`, `__` or dashes.
    Path,
    /// A registry that is not `host[:port]`.
    Registry,
    /// A tag that is not 1–128 of letters, digits, `_`, `.` and `-`, beginning with none of the last two.
    Tag,
    /// A digest that is not `algorithm:hex` of at least 32 digits.
    Digest,
    /// A name of more than 255 bytes.
    TooLong,
}

impl ImageReference {
    /// Reads a reference; the first thing that is wrong with it otherwise.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        let parts = Parts::of(text);
        parts.check(text)?;
        Ok(ImageReference(text.to_owned()))
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `registry/path`, without tag and digest.
    pub fn repository(&self) -> &str {
        &self.0[Parts::of(&self.0).name]
    }

    /// `host[:port]` of the registry, where one is written.
    pub fn registry(&self) -> Option<&str> {
        let name = self.repository();
        let (first, _) = name.split_once('/')?;
        is_registry(first).then_some(first)
    }

    /// The tag, where one is written.
    pub fn tag(&self) -> Option<&str> {
        Parts::of(&self.0).tag.map(|at| &self.0[at])
    }

    /// `sha256:…`, where one is written.
    pub fn digest(&self) -> Option<&str> {
        Parts::of(&self.0).digest.map(|at| &self.0[at])
    }
}

impl fmt::Display for ImageReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where the parts of a reference lie.
struct Parts {
    name: Range<usize>,
    tag: Option<Range<usize>>,
    digest: Option<Range<usize>>,
}

impl Parts {
    fn of(text: &str) -> Parts {
        let (rest, digest) = match text.find('@') {
            Some(at) => (at, Some(at + 1..text.len())),
            None => (text.len(), None),
        };
        let last = text[..rest].rfind('/').map_or(0, |slash| slash + 1);
        match text[last..rest].find(':') {
            Some(colon) => Parts { name: 0..last + colon, tag: Some(last + colon + 1..rest), digest },
            None => Parts { name: 0..rest, tag: None, digest },
        }
    }

    fn check(&self, text: &str) -> Result<(), ReferenceError> {
        let wrong = |kind, at| Err(ReferenceError { kind, at });
        let name = &text[self.name.clone()];
        if name.is_empty() {
            return wrong(ReferenceErrorKind::Empty, 0..text.len());
        }
        if name.len() > 255 {
            return wrong(ReferenceErrorKind::TooLong, self.name.clone());
        }
        let mut at = 0;
        for (index, part) in name.split('/').enumerate() {
            let range = at..at + part.len();
            at = range.end + 1;
            let is_last = range.end == name.len();
            if index == 0 && !is_last && is_registry(part) {
                if !is_host(part) {
                    return wrong(ReferenceErrorKind::Registry, range);
                }
            } else if !is_path(part) {
                let lower = part.to_ascii_lowercase();
                let kind = if is_path(&lower) { ReferenceErrorKind::UpperCase } else { ReferenceErrorKind::Path };
                return wrong(kind, range);
            }
        }
        if let Some(range) = self.tag.clone().filter(|range| !is_tag(&text[range.clone()])) {
            return wrong(ReferenceErrorKind::Tag, range);
        }
        if let Some(range) = self.digest.clone().filter(|range| !is_digest(&text[range.clone()])) {
            return wrong(ReferenceErrorKind::Digest, range);
        }
        Ok(())
    }
}

/// Whether the first part of a path names a registry, by the rule that Docker follows.
fn is_registry(part: &str) -> bool {
    part.contains(['.', ':']) || part == "localhost" || part.chars().any(|c| c.is_ascii_uppercase())
}

fn is_host(part: &str) -> bool {
    let (host, port) = match part.rfind(':') {
        Some(colon) if !part.ends_with(']') => (&part[..colon], Some(&part[colon + 1..])),
        _ => (part, None),
    };
    let port_fits = port.is_none_or(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()));
    let host_fits = match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => !address.is_empty() && address.bytes().all(|b| b.is_ascii_hexdigit() || b == b':'),
        None => host.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        }),
    };
    port_fits && host_fits
}

/// `[a-z0-9]+` parts, joined by `.`, `_`, `__` or any number of dashes.
fn is_path(part: &str) -> bool {
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    part.starts_with(word)
        && part.ends_with(word)
        && part.split(word).all(|joint| matches!(joint, "" | "." | "_" | "__") || joint.bytes().all(|b| b == b'-'))
}

fn is_tag(tag: &str) -> bool {
    tag.len() <= 128
        && tag.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && tag.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}

fn is_digest(digest: &str) -> bool {
    digest.split_once(':').is_some_and(|(algorithm, hex)| {
        algorithm.split(['-', '_', '+', '.']).all(|part| {
            part.starts_with(|c: char| c.is_ascii_alphabetic()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        }) && hex.len() >= 32
            && hex.bytes().all(|b| b.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> ReferenceErrorKind {
        ImageReference::parse(text).unwrap_err().kind
    }

    #[test]
    fn references_of_all_shapes_are_read() {
        let digest = format!("sha256:{}", "0123456789abcdef".repeat(4));
        for (text, repository, registry, tag) in [
            ("mariadb:10.11", "mariadb", None, Some("10.11")),
            ("a/b_c__d--e.f", "a/b_c__d--e.f", None, None),
            ("127.0.0.1:5000/x:1", "127.0.0.1:5000/x", Some("127.0.0.1:5000"), Some("1")),
            ("localhost/x/y", "localhost/x/y", Some("localhost"), None),
            ("[::1]:5000/x", "[::1]:5000/x", Some("[::1]:5000"), None),
            ("Registry/x:_a", "Registry/x", Some("Registry"), Some("_a")),
        ] {
            let reference = ImageReference::parse(text).unwrap();
            assert_eq!((reference.repository(), reference.registry(), reference.tag()), (repository, registry, tag));
        }
        let pinned = ImageReference::parse(&format!("x:1@{digest}")).unwrap();
        assert_eq!((pinned.tag(), pinned.digest()), (Some("1"), Some(digest.as_str())));
    }

    #[test]
    fn each_part_is_held_to_its_grammar() {
        use ReferenceErrorKind::*;
        for (text, wanted) in [
            ("", Empty),
            (":1", Empty),
            ("MariaDB:1", UpperCase),
            ("a/B", UpperCase),
            ("a//b", Path),
            ("a___b", Path),
            ("-a", Path),
            ("a.b:x/y", Registry),
            ("a:", Tag),
            ("a:.x", Tag),
            ("a:b c", Tag),
            ("a@sha256:12", Digest),
            ("a b", Path),
        ] {
            assert_eq!(kind(text), wanted, "{text}");
        }
        assert_eq!(kind(&"a/".repeat(200)), TooLong);
        assert_eq!(ImageReference::parse("x/Foo:1").unwrap_err().at, 2..5);
    }
}
