//! Drawing diagnostics: many of them, and those far down.

use pipe::analysis::analyze;
use pipe::diagnostic::render::{Style, full};
use pipe::diagnostic::{Diagnostic, Diagnostics, codes};
use pipe::model::Inputs;
use pipe::source::{Files, MemoryWorkspace};

use crate::measure::{Finding, medians, milliseconds, quotient, timed};
use crate::shapes;

/// What ten times as many may cost.
const MOST: f64 = 12.0;

pub fn measure(rounds: usize) -> Vec<Finding> {
    let text = shapes::chain(10_000).remove(0).1;
    let files = Files::single("pipeline.kdl", &text);
    let style = Style { limit: usize::MAX, ..Style::default() };
    let places: Vec<usize> = text.match_indices("extends base").map(|(at, _)| at).collect();
    let of = |count: usize| -> Diagnostics {
        let places = places.iter().step_by(places.len() / count).take(count);
        let span = |at: &usize| files.root().span(*at, at + "extends".len());
        let one = |at| Diagnostic::new(codes::names::UNKNOWN_REFERENCE, "there is none").label(span(at), "here");
        places.map(one).collect()
    };
    let [few, many] = [of(300), of(3000)];
    let draw = |diagnostics: &Diagnostics| timed(|| full(diagnostics, &files, &style));
    let times = medians(rounds, vec![Box::new(|| draw(&few)), Box::new(|| draw(&many))]);
    vec![
        Finding {
            name: "drawing × 10".to_owned(),
            ratio: quotient(times[1], times[0]),
            shown: format!("3000 diagnostics: {} to {}", milliseconds(times[0]), milliseconds(times[1])),
            most: Some(MOST),
        },
        capped(rounds),
    ]
}

/// Ten thousand mistakes are told of in few words.
fn capped(rounds: usize) -> Finding {
    let errors = shapes::SHAPES.iter().find(|shape| shape.name == "errors").expect("it is one of them");
    let files = Files::single("pipeline.kdl", &(errors.files)(10_000)[0].1);
    let workspace = MemoryWorkspace::default();
    let analysis = analyze(&files, &Inputs::new(&workspace));
    let draw = || timed(|| full(&analysis.diagnostics, &analysis.files, &Style::default()));
    let cold = || timed(|| analyze(&files, &Inputs::new(&workspace)));
    let times = medians(rounds, vec![Box::new(draw), Box::new(cold)]);
    Finding {
        name: "drawing / finding".to_owned(),
        ratio: quotient(times[0], times[1]),
        shown: format!("10000 mistakes: {} to draw, {} to find", milliseconds(times[0]), milliseconds(times[1])),
        most: None,
    }
}
