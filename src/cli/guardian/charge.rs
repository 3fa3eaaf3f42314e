use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What a guardian is told first, as a line of JSON. It goes through the pipe, where nobody else can read it, and not over the command line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// The run.
    pub run: String,
    /// The address of its engine, whatever the environment may come to say.
    pub engine: String,
    /// The run's directory.
    pub directory: Option<PathBuf>,
}

/// What a run says that needs no guardian any more.
pub(super) const END: &str = "end";

impl Charge {
    /// As it is told.
    pub(super) fn line(&self) -> String {
        let mut line = serde_json::to_string(self).expect("texts alone");
        line.push('\n');
        line
    }
}

/// What a guardian heard until its pipe broke, or was closed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// The run came to its end; or died before it said what it is, and so before it made anything.
    Nothing,
    /// The run died.
    Death(Charge),
}

impl Heard {
    /// From all that came through the pipe.
    pub(super) fn of(text: &str) -> Self {
        let Some((first, rest)) = text.split_once('\n') else { return Heard::Nothing };
        match serde_json::from_str(first) {
            Ok(charge) if rest.lines().all(|word| word != END) => Heard::Death(charge),
            _ => Heard::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_word_itself_ends_a_watch() {
        let charge = Charge { run: "r1".into(), engine: "unix:///s".into(), directory: Some("/state/runs/r1".into()) };
        let death = || Heard::Death(charge.clone());
        assert_eq!(Heard::of(&charge.line()), death());
        assert_eq!(Heard::of(&format!("{}en", charge.line())), death());
        assert_eq!(Heard::of(&format!("{}end\n", charge.line())), Heard::Nothing);
        let line = charge.line();
        for cut in 0..line.len() {
            assert_eq!(Heard::of(&line[..cut]), Heard::Nothing, "nothing was made before all of it was said");
        }
    }
}
