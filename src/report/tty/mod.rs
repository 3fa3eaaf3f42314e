//! The live view on a terminal: what has happened scrolls by, what runs now stands below with its time and last line, and
//! under it what waits for that.

mod region;
mod row;
mod view;
mod waiting;

use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use self::view::View;
use super::{Context, Reporter};
use crate::event::Stamped;

/// How often the view is drawn anew while nothing happens.
const FRAME: Duration = Duration::from_millis(100);

/// The terminal that is drawn on, and what only the process knows of it.
pub struct Terminal {
    /// Where to write.
    pub out: Box<dyn Write + Send>,
    /// Its columns and lines, now.
    pub size: Box<dyn Fn() -> (usize, usize) + Send>,
    /// A clock that goes on; only differences matter.
    pub clock: Box<dyn Fn() -> Duration + Send>,
}

/// Draws a run on a terminal.
pub struct Tty {
    view: Arc<Mutex<View>>,
    /// Dropped to end the thread that turns the spinners.
    turning: Option<mpsc::Sender<()>>,
    turner: Option<JoinHandle<()>>,
}

impl Tty {
    /// Draws on `terminal`, and goes on turning spinners until it is dropped.
    pub fn new(context: Context, terminal: Terminal) -> Self {
        let view = Arc::new(Mutex::new(View::new(context, terminal)));
        let (turning, ended) = mpsc::channel::<()>();
        let turner = std::thread::spawn({
            let view = view.clone();
            move || {
                while ended.recv_timeout(FRAME) == Err(mpsc::RecvTimeoutError::Timeout) {
                    locked(&view).draw();
                }
            }
        });
        Tty { view, turning: Some(turning), turner: Some(turner) }
    }
}

impl Reporter for Tty {
    fn handle(&mut self, stamped: &Stamped) {
        locked(&self.view).handle(stamped);
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        drop(self.turning.take());
        if let Some(turner) = self.turner.take() {
            // Its only end is the return above.
            let _ = turner.join();
        }
    }
}

fn locked(view: &Mutex<View>) -> MutexGuard<'_, View> {
    view.lock().unwrap_or_else(PoisonError::into_inner)
}
