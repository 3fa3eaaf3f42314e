use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

/// An id that no other build or session has: 25 characters, as BuildKit's own are.
pub(super) fn random_id() -> String {
    let part = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", part(), part()).chars().take(25).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn ids_differ() {
        let ids: HashSet<String> = (0..1000).map(|_| random_id()).collect();
        assert_eq!(ids.len(), 1000);
        assert!(ids.iter().all(|id| id.len() == 25));
    }
}
