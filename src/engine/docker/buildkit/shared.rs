use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use bollard_buildkit_proto::fsutil::types::Stat;
use tokio::sync::watch;

use super::fingerprint::Fingerprint;
use super::listing::list;
use super::source::Source;
use super::wish::Wish;

/// What a session has to share: the sources that the daemon may ask for, what it was told of them, and what went wrong.
#[derive(Debug, Default)]
pub(super) struct Shared {
    sources: RwLock<HashMap<String, Source>>,
    troubles: Mutex<HashMap<String, String>>,
    /// What was told so far, by whose wish.
    told: Mutex<Vec<Told>>,
}

/// What the daemon was told once and will not ask again in this session.
#[derive(Debug, Clone)]
struct Told {
    wish: Arc<Wish>,
    /// Known when all is told; the sender is gone without a word where the telling failed.
    print: watch::Receiver<Option<Fingerprint>>,
}

impl Shared {
    /// Makes files available under a name.
    pub fn share(&self, name: &str, source: &Source) {
        self.sources.write().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), source.clone());
    }

    /// Why the last transfer of the source `name` failed on our side.
    pub fn trouble(&self, name: &str) -> Option<String> {
        self.troubles.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// Whether what was told of the sources `names` is still so. What went wrong is not.
    pub async fn is_fresh(self: &Arc<Self>, names: &[&str]) -> bool {
        if names.iter().any(|name| self.trouble(name).is_some()) {
            return false;
        }
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for mut one in told.into_iter().filter(|one| names.contains(&one.wish.name.as_str())) {
            let before = match one.print.wait_for(Option::is_some).await {
                Ok(print) => *print,
                Err(_) => return false,
            };
            let shared = Arc::clone(self);
            let now = tokio::task::spawn_blocking(move || shared.fingerprint(&one.wish)).await.ok().flatten();
            if now != before {
                return false;
            }
        }
        true
    }

    /// What would be told by this wish now; `None` where it fails. Blocks.
    fn fingerprint(&self, wish: &Wish) -> Option<Fingerprint> {
        let mut print = Fingerprint::default();
        let mut visit = |stat: Stat| {
            print.add(&stat);
            ControlFlow::Continue(())
        };
        list(&self.source(&wish.name)?, wish, &mut visit).ok()?;
        Some(print)
    }

    /// A transfer begins: what it tells, it says at its end through what it gets here.
    pub fn begin(&self, wish: &Arc<Wish>) -> watch::Sender<Option<Fingerprint>> {
        let (say, print) = watch::channel(None);
        self.told.lock().unwrap_or_else(PoisonError::into_inner).push(Told { wish: Arc::clone(wish), print });
        self.set_trouble(&wish.name, None);
        say
    }

    /// The source of this name.
    pub fn source(&self, name: &str) -> Option<Source> {
        self.sources.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// Remembers why a transfer failed, or that it did not.
    pub fn set_trouble(&self, name: &str, trouble: Option<String>) {
        let mut troubles = self.troubles.lock().unwrap_or_else(PoisonError::into_inner);
        match trouble {
            Some(trouble) => drop(troubles.insert(name.to_owned(), trouble)),
            None => drop(troubles.remove(name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonic::metadata::MetadataMap;

    fn wish(name: &str) -> Arc<Wish> {
        let mut head = MetadataMap::new();
        head.insert("dir-name", name.parse().expect("a value"));
        Arc::new(Wish::read(&head))
    }

    #[tokio::test]
    async fn what_was_told_is_fresh_until_it_changes() {
        let root = tempfile::tempdir().expect("a directory");
        std::fs::write(root.path().join("a"), "1").expect("a file");
        let shared = Arc::new(Shared::default());
        shared.share("context", &Source::Directory(root.path().to_owned()));
        assert!(shared.is_fresh(&["context"]).await);

        let wish = wish("context");
        let say = shared.begin(&wish);
        let _ = say.send(shared.fingerprint(&wish));
        assert!(shared.is_fresh(&["context"]).await);
        std::fs::write(root.path().join("b"), "1").expect("a file");
        assert!(!shared.is_fresh(&["context"]).await);
        assert!(shared.is_fresh(&["other"]).await);
    }

    #[tokio::test]
    async fn what_failed_is_not_fresh() {
        let shared = Arc::new(Shared::default());
        shared.share("context", &Source::Text("FROM a".into()));
        drop(shared.begin(&wish("context")));
        assert!(!shared.is_fresh(&["context"]).await);
        shared.set_trouble("other", Some("gone".into()));
        assert!(!shared.is_fresh(&["other"]).await);
    }
}
