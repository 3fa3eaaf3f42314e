use std::hash::{DefaultHasher, Hash, Hasher};

use bollard_buildkit_proto::fsutil::types::Stat;

/// What a list of files comes to. Files count as the same that have the same name, kind, size and time; as for BuildKit, which then
/// does not ask for their bytes either.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fingerprint(u64);

impl Fingerprint {
    /// Adds a file; the order counts.
    pub fn add(&mut self, stat: &Stat) {
        let mut hasher = DefaultHasher::new();
        (self.0, &stat.path, stat.mode, stat.size, stat.mod_time, &stat.linkname).hash(&mut hasher);
        self.0 = hasher.finish();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_property_counts() {
        let of = |stat: Stat| {
            let mut print = Fingerprint::default();
            print.add(&stat);
            print
        };
        let file = Stat { path: "a".into(), mode: 0o644, size: 1, mod_time: 1, ..Stat::default() };
        assert_eq!(of(file.clone()), of(file.clone()));
        for other in [
            Stat { path: "b".into(), ..file.clone() },
            Stat { mode: 0o600, ..file.clone() },
            Stat { size: 2, ..file.clone() },
            Stat { mod_time: 2, ..file.clone() },
            Stat { linkname: "c".into(), ..file.clone() },
        ] {
            assert_ne!(of(other), of(file.clone()));
        }
    }
}
