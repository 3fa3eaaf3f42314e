use std::io::{self, BufWriter, Write};
use std::sync::Arc;

use crate::diagnostic::render::Style;
use crate::event::Stamped;
use crate::plan::Plan;
use crate::source::Files;

/// Sees every event of a run, in order, the last one being [`Event::RunFinished`](crate::event::Event::RunFinished).
pub trait Reporter: Send {
    /// Takes an event.
    fn handle(&mut self, stamped: &Stamped);

    /// Nothing more comes for now: what was told so far is to be seen.
    fn rest(&mut self) {}
}

/// What a reporter knows besides the events.
#[derive(Clone)]
pub struct Context {
    /// The plan that is performed.
    pub plan: Arc<Plan>,
    /// The text that failures are drawn under.
    pub files: Files,
    /// How they are drawn; also tells whether colours may be used.
    pub style: Style,
    /// Hides secrets in what the plan says: an author may have written the value of one into a command.
    pub hide: Hide,
}

/// Hides secrets in a text.
pub type Hide = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// Where lines go, many at a time where many come. Once the reader is gone it falls silent: a run ends as it would have ended.
pub struct Screen {
    out: BufWriter<Box<dyn Write + Send>>,
    gone: Option<io::Error>,
}

/// How many bytes are written at a time.
const AT_A_TIME: usize = 32 * 1024;

impl Screen {
    /// A screen that writes to `out`.
    pub fn new(out: impl Write + Send + 'static) -> Self {
        Screen { out: BufWriter::with_capacity(AT_A_TIME, Box::new(out)), gone: None }
    }

    /// Writes a line and its newline; it is to be seen after [`Screen::flush`].
    pub fn line(&mut self, line: &str) {
        if self.gone.is_none() {
            self.gone = writeln!(self.out, "{line}").err();
        }
    }

    /// Lets everything be seen.
    pub fn flush(&mut self) {
        if self.gone.is_none() {
            self.gone = self.out.flush().err();
        }
    }

    /// Why it fell silent, where it did.
    pub fn error(&self) -> Option<&io::Error> {
        self.gone.as_ref()
    }
}
