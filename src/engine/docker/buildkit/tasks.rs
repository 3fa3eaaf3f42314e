use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use hyper::rt::Executor;
use tokio::task::JoinSet;

/// The tasks of one connection. All of them end, and the connection with them, when this is dropped; what they hold does not keep it.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    running: Arc<Mutex<JoinSet<()>>>,
}

/// Starts tasks on behalf of a connection.
#[derive(Debug, Clone)]
pub(super) struct Spawner {
    running: std::sync::Weak<Mutex<JoinSet<()>>>,
}

impl Tasks {
    pub fn spawner(&self) -> Spawner {
        Spawner { running: Arc::downgrade(&self.running) }
    }

    /// Starts a task.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.spawner().spawn(task);
    }
}

impl Spawner {
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        // Nothing is started any more for a connection that has ended.
        let Some(running) = self.running.upgrade() else { return };
        let mut running = running.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that have ended are let go.
        while running.try_join_next().is_some() {}
        running.spawn(task);
    }
}

impl<F> Executor<F> for Spawner
where
    F: Future + Send + 'static,
    F::Output: Send,
{
    fn execute(&self, task: F) {
        self.spawn(async move {
            task.await;
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::oneshot;

    #[tokio::test]
    async fn tasks_end_with_their_owner() {
        let tasks = Tasks::default();
        let spawner = tasks.spawner();
        let (held, gone) = oneshot::channel::<()>();
        spawner.execute(async move {
            std::future::pending::<()>().await;
            drop(held);
        });
        drop(tasks);
        gone.await.expect_err("the task's own end is gone");
        spawner.execute(async { panic!("nothing starts any more") });
        tokio::task::yield_now().await;
    }
}
