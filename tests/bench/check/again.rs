//! Analysing once more after one line was edited, as an editor and `--watch` do.

use pipe::analysis::{Analyzer, analyze};
use pipe::model::Inputs;
use pipe::source::{Files, MemoryWorkspace};

use crate::measure::{Finding, medians, milliseconds, quotient, timed};
use crate::shapes;

pub fn measure(rounds: usize) -> Vec<Finding> {
    let text = shapes::chain(1000).remove(0).1;
    let workspace = MemoryWorkspace::default();
    let inputs = Inputs::new(&workspace);
    let files = Files::single("pipeline.kdl", &text);
    let mut analyzer = Analyzer::new();
    analyzer.analyze(&files, &inputs);
    let mut edits = 0;
    let again = || {
        edits += 1;
        let edited = text.replacen("step 500 is done", &format!("step 500 is done, {edits}"), 1);
        let files = Files::single("pipeline.kdl", &edited);
        timed(|| analyzer.analyze(&files, &inputs))
    };
    let cold = || timed(|| analyze(&files, &inputs));
    let times = medians(rounds.max(20), vec![Box::new(again), Box::new(cold)]);
    vec![Finding {
        name: "edited line / cold".to_owned(),
        ratio: quotient(times[0], times[1]),
        shown: format!("1000 stages: {} of {}", milliseconds(times[0]), milliseconds(times[1])),
        most: Some(0.1),
    }]
}
