use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::bats_text::BatsText;
use crate::event::{Event, TestCase};
use crate::probe::tap::{Tap, TapVerdict};
use crate::run::session::Task;

/// How many tests are kept of an attempt that may be of no account; of one that has more, all are told.
const MOST: usize = 10_000;

/// The tests that a container tells of on its standard output, in TAP: each is told as it ends, or once it is known that it counts.
#[derive(Clone)]
pub(super) struct ToldTests {
    task: Task,
    /// The file that they stand in, where its lines can be shown.
    text: Option<Arc<BatsText>>,
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    tap: Tap,
    /// Those that are not told yet; none where each is told as it ends.
    kept: Option<Vec<TestCase>>,
}

impl ToldTests {
    /// Of the task's node, from the first line on. With `keeps` they are told at the end, if at all.
    pub(super) fn of(task: &Task, keeps: bool) -> Self {
        let tap = Tap::new(Some(task.node().name.clone()));
        ToldTests {
            task: task.clone(),
            text: None,
            inner: Arc::new(Mutex::new(Inner { tap, kept: keeps.then(Vec::new) })),
        }
    }

    /// The same, with the lines of their file that they failed at.
    pub(super) fn showing(self, text: Option<BatsText>) -> Self {
        ToldTests { text: text.map(Arc::new), ..self }
    }

    /// Takes each line of the output; answers what is to be told.
    pub(super) fn reader(&self) -> impl FnMut(&str) -> Vec<Event> + Send + use<> {
        let tests = self.clone();
        move |line| {
            let mut inner = tests.lock();
            let ended = inner.tap.line(line);
            let now = inner.take(ended);
            drop(inner);
            tests.events(now)
        }
    }

    /// The output is over: tells what is left, and answers what all of it came to.
    pub(super) async fn finish(&self) -> TapVerdict {
        let (now, verdict) = {
            let mut inner = self.lock();
            let (rest, verdict) = std::mem::replace(&mut inner.tap, Tap::new(None)).finish();
            (inner.take(rest), verdict)
        };
        self.tell(now).await;
        verdict
    }

    /// Tells those that were kept: they count.
    pub(super) async fn count(&self) {
        let kept = self.lock().kept.take().unwrap_or_default();
        self.tell(kept).await;
    }

    async fn tell(&self, cases: Vec<TestCase>) {
        for event in self.events(cases) {
            self.task.teller.tell(event).await;
        }
    }

    fn events(&self, cases: Vec<TestCase>) -> Vec<Event> {
        let node = self.task.step().node;
        cases.iter().for_each(|case| self.task.noticed(case));
        let shown = |case: TestCase| match &self.text {
            Some(text) => text.shown(case),
            None => case,
        };
        cases.into_iter().map(|case| Event::Tested { node, case: shown(case) }).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// What of these is told now.
    fn take(&mut self, ended: Vec<TestCase>) -> Vec<TestCase> {
        let Some(kept) = &mut self.kept else { return ended };
        kept.extend(ended);
        if kept.len() > MOST { self.kept.take().unwrap_or_default() } else { Vec::new() }
    }
}
