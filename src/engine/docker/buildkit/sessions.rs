use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::session::{Secrets, Session};
use super::solve::Files;
use super::source::Source;
use crate::engine::Result;
use crate::engine::docker::Dialer;

/// The sessions of a run: one for all builds of a context, opened by the first of them.
///
/// A second one is opened where the first was lost, where its files have changed since they were sent, or where the builds under way
/// have another secret of the same id.
#[derive(Debug)]
pub(super) struct Sessions {
    dialer: Dialer,
    config: Option<PathBuf>,
    contexts: Mutex<HashMap<Source, Arc<Open>>>,
    visits: AtomicU64,
}

/// The open sessions of a context, the newest last.
type Open = tokio::sync::Mutex<Vec<Arc<Session>>>;

impl Sessions {
    /// None is open yet; `config` is where credentials come from.
    pub fn new(dialer: Dialer, config: Option<PathBuf>) -> Self {
        Sessions { dialer, config, contexts: Mutex::default(), visits: AtomicU64::default() }
    }

    /// Lets a build into a session.
    ///
    /// # Errors
    /// See [`Session::open`].
    pub async fn join(&self, files: &Files, secrets: Secrets) -> Result<Visit> {
        let open = {
            let mut contexts = self.contexts.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(contexts.entry(files.context.clone()).or_default())
        };
        // Builds that begin together wait here for the first of them, and then share its session.
        let mut open = open.lock().await;
        open.retain(|session| !session.has_ended());
        let mut found = None;
        for session in open.iter().rev() {
            if session.accepts(&secrets) && session.is_fresh(&files.dockerfile_name).await {
                found = Some(Arc::clone(session));
                break;
            }
        }
        let session = match found {
            Some(session) => session,
            None => {
                // Those that nobody uses are of no more use: their files have changed.
                open.retain(|session| !session.is_idle());
                let session = Arc::new(Session::open(&self.dialer, self.config.as_deref(), &files.context).await?);
                open.push(Arc::clone(&session));
                session
            }
        };
        session.share(&files.dockerfile_name, &files.dockerfile);
        let number = self.visits.fetch_add(1, Ordering::Relaxed);
        session.admit(number, secrets);
        Ok(Visit { session, number })
    }
}

/// A build's stay in a session. Its secrets are forgotten when this is dropped.
#[derive(Debug)]
pub(super) struct Visit {
    /// The session.
    pub session: Arc<Session>,
    number: u64,
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.session.dismiss(self.number);
    }
}
