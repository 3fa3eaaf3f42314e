use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::mpsc;

/// What reaches into a run from outside: signals, of which the first stops it, the second kills, the third leaves at once; and what is done
/// beside it.
pub struct Control {
    signals: mpsc::Receiver<Signal>,
    beside: Option<BoxFuture<'static, Vec<String>>>,
}

/// A signal that the user, or whoever runs pipe, sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signal {
    /// `SIGINT`.
    pub name: &'static str,
    /// Its number.
    pub number: i32,
}

impl Signal {
    /// Ctrl-C.
    pub const INT: Signal = Signal { name: "SIGINT", number: 2 };
    /// The terminal is gone.
    pub const HUP: Signal = Signal { name: "SIGHUP", number: 1 };
    /// Somebody asks it to end.
    pub const TERM: Signal = Signal { name: "SIGTERM", number: 15 };
}

impl Control {
    /// The two ends: signals go in at one, and a run takes the other.
    pub fn channel() -> (mpsc::Sender<Signal>, Control) {
        let (sender, signals) = mpsc::channel(8);
        (sender, Control { signals, beside: None })
    }

    /// With something to be done beside the run. What it answers is told as warnings, a sentence each; it is given a moment at the end
    /// of the run, and no more.
    pub fn beside(self, work: impl Future<Output = Vec<String>> + Send + 'static) -> Self {
        Control { beside: Some(work.boxed()), ..self }
    }

    /// What is to be done beside the run.
    pub(super) fn take_beside(&mut self) -> Option<BoxFuture<'static, Vec<String>>> {
        self.beside.take()
    }

    /// The next signal; waits for ever where none can come any more.
    pub async fn signal(&mut self) -> Signal {
        match self.signals.recv().await {
            Some(signal) => signal,
            None => std::future::pending().await,
        }
    }
}
