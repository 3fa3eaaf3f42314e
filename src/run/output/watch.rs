use regex::Regex;
use tokio::sync::watch;

/// Looks out for the first line of an output that matches an expression.
pub(in crate::run) struct LineWatch {
    pattern: Regex,
    seen: watch::Sender<Option<String>>,
}

impl LineWatch {
    /// A watch for `pattern`, and where the line comes to be known.
    pub(in crate::run) fn new(pattern: Regex) -> (Self, watch::Receiver<Option<String>>) {
        let (seen, line) = watch::channel(None);
        (LineWatch { pattern, seen }, line)
    }

    /// Takes a look at one line.
    pub(super) fn look(&self, line: &str) {
        if self.seen.borrow().is_none() && self.pattern.is_match(line) {
            self.seen.send_replace(Some(line.to_owned()));
        }
    }
}
