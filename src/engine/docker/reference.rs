use crate::engine::{EngineError, ErrorKind, Result};

/// An image reference, taken apart: `registry/repository:tag`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    /// With the registry, as written.
    repository: String,
    /// A tag, or a digest `sha256:…`.
    version: String,
    digest: bool,
}

impl Reference {
    /// Takes a reference apart; without a tag it means `latest`.
    ///
    /// # Errors
    /// `NotFound` for what can be no reference: nothing has that name, and it must not become part of a path of the API.
    pub(super) fn parse(text: &str) -> Result<Self> {
        path(text)?;
        if let Some((repository, digest)) = text.split_once('@') {
            return Ok(Reference { repository: repository.into(), version: digest.into(), digest: true });
        }
        let tag = text.rsplit_once(':').filter(|(_, tag)| !tag.contains('/'));
        let (repository, tag) = tag.unwrap_or((text, "latest"));
        Ok(Reference { repository: repository.into(), version: tag.into(), digest: false })
    }

    /// The host of the registry; `docker.io` where none is named.
    pub(super) fn registry(&self) -> &str {
        match self.repository.split_once('/') {
            Some((first, _)) if first.contains(['.', ':']) || first == "localhost" => first,
            _ => "docker.io",
        }
    }

    /// Without the tag.
    pub(super) fn repository(&self) -> &str {
        &self.repository
    }

    /// The tag or the digest.
    pub(super) fn version(&self) -> &str {
        &self.version
    }

    /// In one word.
    pub(super) fn full(&self) -> String {
        format!("{}{}{}", self.repository, if self.digest { '@' } else { ':' }, self.version)
    }
}

/// A name as it may stand in a path of the API.
///
/// # Errors
/// `NotFound` where it would lead elsewhere.
pub(super) fn path(name: &str) -> Result<&str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._:/@-+".contains(&byte);
    let leads_away = name.split('/').any(|part| part.is_empty() || part.chars().all(|it| it == '.'));
    match !name.is_empty() && name.bytes().all(plain) && !leads_away {
        true => Ok(name),
        false => {
            let message = format!("nothing can be named `{name}`");
            Err(EngineError::new(ErrorKind::NotFound, format!("find `{name}`"), message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_taken_apart() {
        for (text, registry, repository, version, full) in [
            ("busybox", "docker.io", "busybox", "latest", "busybox:latest"),
            ("library/busybox:1.35", "docker.io", "library/busybox", "1.35", "library/busybox:1.35"),
            ("127.0.0.1:5000/a/b", "127.0.0.1:5000", "127.0.0.1:5000/a/b", "latest", "127.0.0.1:5000/a/b:latest"),
            ("localhost/x:2", "localhost", "localhost/x", "2", "localhost/x:2"),
            ("r.test/x@sha256:abc", "r.test", "r.test/x", "sha256:abc", "r.test/x@sha256:abc"),
        ] {
            let reference = Reference::parse(text).expect(text);
            assert_eq!(
                (reference.registry(), reference.repository(), reference.version(), reference.full().as_str()),
                (registry, repository, version, full)
            );
        }
    }

    #[test]
    fn nothing_leads_out_of_its_place_in_the_api() {
        for text in ["", "../containers/json", "a/../b", "a?force=1", "a b", "a//b", "a#b", "/a", "ü", "."] {
            assert!(Reference::parse(text).is_err(), "{text}");
        }
    }
}
