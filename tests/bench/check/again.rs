//! Analysing once more after one line was edited, as an editor and `--watch` do.

use pipe::analysis::{Analyzer, analyze};
use pipe::model::Inputs;
use pipe::source::{Files, MemoryWorkspace};

use crate::measure::{Finding, medians, milliseconds, quotient, timed};
use crate::shapes::{self, Texts};

/// What an edited line may take of the time of all.
const MOST: f64 = 0.1;

/// A line that is edited in the middle of a pipeline: what it is in, the words, and what they are edited to, `N` being another number each
/// time.
struct Line {
    name: &'static str,
    pipeline: fn(usize) -> Texts,
    words: &'static str,
    edited: &'static str,
}

const LINES: [Line; 4] = [
    Line { name: "edited line", pipeline: shapes::chain, words: "step 500 is done", edited: "step 500 is done, N" },
    Line { name: "edited value", pipeline: shapes::chain, words: "INDEX \"500\"", edited: "INDEX \"N\"" },
    Line { name: "edited into a mistake", pipeline: shapes::chain, words: "step 500 is done", edited: "{{unknown-N}}" },
    Line { name: "edited script", pipeline: shapes::stages, words: "\"500\"", edited: "\"N\"" },
];

pub fn measure(rounds: usize) -> Vec<Finding> {
    LINES.iter().map(|line| measured(line, rounds)).collect()
}

fn measured(line: &Line, rounds: usize) -> Finding {
    let text = (line.pipeline)(1000).remove(0).1;
    let workspace = MemoryWorkspace::default();
    let inputs = Inputs::new(&workspace);
    let files = Files::single("pipeline.kdl", &text);
    let mut analyzer = Analyzer::new();
    analyzer.analyze(&files, &inputs);
    let mut edits = 0;
    let again = || {
        edits += 1;
        let edited = text.replacen(line.words, &line.edited.replace('N', &edits.to_string()), 1);
        assert_ne!(edited, text, "{} is there", line.words);
        let files = Files::single("pipeline.kdl", &edited);
        timed(|| analyzer.analyze(&files, &inputs))
    };
    let cold = || timed(|| analyze(&files, &inputs));
    let times = medians(rounds.max(20), vec![Box::new(again), Box::new(cold)]);
    Finding {
        name: format!("{} / cold", line.name),
        ratio: quotient(times[0], times[1]),
        shown: format!("1000 stages: {} of {}", milliseconds(times[0]), milliseconds(times[1])),
        most: Some(MOST),
    }
}
