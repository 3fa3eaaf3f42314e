use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use indexmap::IndexMap;

use super::Reporter;
use super::words::plural;
use crate::event::{Event, Stamped};
use crate::plan::NodeId;

/// How many bytes of output wait for the screen.
const MOST: usize = 1024 * 1024;
/// What an event takes besides its line.
const EACH: usize = 160;
/// How long a screen that takes nothing at all holds up those that write. Whoever takes longer is left behind.
const PATIENCE: Duration = Duration::from_secs(1);

/// Lets a reporter go at its own pace, on a thread of its own. A screen that is slow slows the containers that write to it; one that hangs
/// (a pager, Ctrl-S, a pipe that nobody reads) is left behind: what happened is told as soon as it goes on, but of the output only
/// how much was left out. Log files have it all.
pub struct Paced {
    queue: Arc<Queue>,
    thread: Option<JoinHandle<()>>,
    /// Where the log files are.
    logs: Option<PathBuf>,
}

#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    /// Something was put in, or all has been.
    filled: Condvar,
    /// Something was taken out.
    taken: Condvar,
}

#[derive(Default)]
struct State {
    events: VecDeque<Stamped>,
    /// Bytes of output among them.
    bytes: usize,
    /// How many events were taken out so far.
    taken: u64,
    /// All has been put in.
    complete: bool,
    /// Lines and bytes of output that are left out since the screen hangs; `None` while it does not.
    left_out: Option<IndexMap<NodeId, (usize, usize)>>,
}

impl Paced {
    /// Shows with `reporter`; whoever misses something finds it in `logs`.
    pub fn new(mut reporter: Box<dyn Reporter>, logs: Option<PathBuf>) -> Self {
        let queue = Arc::<Queue>::default();
        let from = queue.clone();
        let thread = std::thread::spawn(move || {
            while let Some(stamped) = from.next(reporter.as_mut()) {
                reporter.handle(&stamped);
            }
            reporter.rest();
        });
        Paced { queue, thread: Some(thread), logs }
    }

    /// Waits until the screen has shown everything, however long that takes.
    pub fn finish(mut self) {
        self.queue.complete();
        if let Some(thread) = self.thread.take() {
            // A screen that panicked has shown what it could.
            let _ = thread.join();
        }
    }

    /// What is said in place of what was left out.
    fn excuses(&self, left_out: IndexMap<NodeId, (usize, usize)>) -> impl Iterator<Item = Event> {
        let place = self.logs.as_ref().map_or(String::new(), |logs| format!("; see {}", logs.display()));
        left_out.into_iter().map(move |(node, (lines, bytes))| {
            let lines = plural(lines, "line", "lines");
            let message = format!("{lines} ({bytes} bytes) left out here, since the screen did not take them{place}");
            Event::Warning { node: Some(node), message }
        })
    }
}

impl Reporter for Paced {
    fn handle(&mut self, stamped: &Stamped) {
        let mut state = self.queue.lock();
        let size = match &stamped.event {
            Event::Output { line, .. } => Some(line.len() + EACH),
            _ => None,
        };
        if let Some(size) = size {
            state = self.queue.room(state, size);
        }
        let over = state.bytes <= MOST / 2 || matches!(stamped.event, Event::RunFinished(_));
        match (&stamped.event, state.left_out.take()) {
            (Event::Output { node, line, .. }, Some(mut left_out)) if !over => {
                let (lines, bytes) = left_out.entry(*node).or_default();
                (*lines, *bytes) = (*lines + 1, *bytes + line.len());
                state.left_out = Some(left_out);
                return;
            }
            // How far something has come is of no use to a screen that does not look.
            (Event::Transfer { .. }, Some(left_out)) if !over => {
                state.left_out = Some(left_out);
                return;
            }
            (_, Some(left_out)) if !over => state.left_out = Some(left_out),
            (_, Some(left_out)) => {
                let excuses = self.excuses(left_out).map(|event| Stamped { at: stamped.at, event });
                state.events.extend(excuses);
            }
            (_, None) => {}
        }
        state.bytes += size.unwrap_or(0);
        state.events.push_back(stamped.clone());
        drop(state);
        self.queue.filled.notify_one();
    }
}

/// Whoever does not wait for the end leaves the screen to itself.
impl Drop for Paced {
    fn drop(&mut self) {
        self.queue.complete();
    }
}

impl Queue {
    /// Waits for room for so many bytes of output, as long as the screen takes anything; gives up where it does not.
    fn room<'q>(&'q self, mut state: MutexGuard<'q, State>, size: usize) -> MutexGuard<'q, State> {
        while state.left_out.is_none() && state.bytes > 0 && state.bytes + size > MOST {
            let before = state.taken;
            let waited = self.taken.wait_timeout_while(state, PATIENCE, |state| state.taken == before);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            if state.taken == before {
                state.left_out = Some(IndexMap::new());
            }
        }
        state
    }

    /// The next event, once there is one; lets the reporter rest before it waits. `None` at the end.
    fn next(&self, reporter: &mut dyn Reporter) -> Option<Stamped> {
        let mut state = self.lock();
        if state.events.is_empty() && !state.complete {
            drop(state);
            reporter.rest();
            state = self.lock();
        }
        while state.events.is_empty() && !state.complete {
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let next = state.events.pop_front();
        if let Some(Stamped { event: Event::Output { line, .. }, .. }) = &next {
            state.bytes -= line.len() + EACH;
        }
        state.taken += 1;
        drop(state);
        self.taken.notify_one();
        next
    }

    fn complete(&self) {
        self.lock().complete = true;
        self.filled.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::event::OutputStream;

    /// A screen that shows only while it is allowed to.
    struct Stuck {
        may: mpsc::Receiver<()>,
        seen: Arc<Mutex<Vec<Event>>>,
    }

    impl Reporter for Stuck {
        fn handle(&mut self, stamped: &Stamped) {
            // Once nobody holds it up any more, it goes on for good.
            let _ = self.may.recv();
            self.seen.lock().expect("no test panics with it").push(stamped.event.clone());
        }
    }

    fn scene() -> (Paced, mpsc::Sender<()>, Arc<Mutex<Vec<Event>>>) {
        let (go, may) = mpsc::channel();
        let seen = Arc::<Mutex<Vec<Event>>>::default();
        let stuck = Stuck { may, seen: seen.clone() };
        (Paced::new(Box::new(stuck), Some(PathBuf::from("/logs"))), go, seen)
    }

    fn line(length: usize) -> Stamped {
        let event = Event::Output { node: NodeId(0), stream: OutputStream::Stdout, line: vec![b'x'; length] };
        Stamped { at: Duration::ZERO, event }
    }

    fn warning(message: &str) -> Stamped {
        Stamped { at: Duration::ZERO, event: Event::Warning { node: None, message: message.to_owned() } }
    }

    #[test]
    fn a_screen_that_hangs_is_left_behind_and_told_what_it_missed() {
        let (mut paced, go, seen) = scene();
        let count = 2 * MOST / 8_192;
        for number in 0..count {
            paced.handle(&line(8_192));
            if number == count / 2 {
                paced.handle(&warning("in between"));
            }
        }
        let waiting = paced.queue.lock().bytes;
        assert!(waiting <= MOST, "{waiting} bytes wait");
        drop(go);
        while !paced.queue.lock().events.is_empty() {
            std::thread::yield_now();
        }
        paced.handle(&line(1));
        paced.finish();
        let seen = seen.lock().expect("no test panics with it");
        let shown = seen.iter().filter(|event| matches!(event, Event::Output { .. })).count();
        let warnings: Vec<&String> = seen
            .iter()
            .filter_map(|event| match event {
                Event::Warning { message, .. } => Some(message),
                _ => None,
            })
            .collect();
        let missed = count + 1 - shown;
        assert!(missed > 0);
        let excuse = format!(
            "{missed} lines ({} bytes) left out here, since the screen did not take them; see /logs",
            missed * 8_192
        );
        assert_eq!(warnings, ["in between", &excuse]);
    }

    #[test]
    fn a_screen_that_is_slow_loses_nothing() {
        let (mut paced, go, seen) = scene();
        let count = 2 * MOST / 8_192;
        let reader = std::thread::spawn(move || {
            for _ in 0..count {
                std::thread::yield_now();
                go.send(()).expect("it is awaited");
            }
        });
        for _ in 0..count {
            paced.handle(&line(8_192));
        }
        paced.finish();
        reader.join().expect("it ends");
        assert_eq!(seen.lock().expect("no test panics with it").len(), count);
    }
}
