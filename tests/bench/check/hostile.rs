//! Texts that were made to hurt: 64 KiB of whatever is dear for its length.

use std::time::Duration;

use pipe::analysis::analyze;
use pipe::model::Inputs;
use pipe::source::{Files, MemoryWorkspace};

use crate::measure::{Finding, medians, milliseconds, quotient, timed};

/// What 64 KiB may take.
const MOST: Duration = Duration::from_millis(50);

/// Repeated; `N` is another number each time.
const PARTS: [&str; 24] = [
    "a\n",
    "a ",
    "{",
    "}",
    "a{\n",
    "/-",
    "/*",
    "\"",
    "\"\n",
    "#\"",
    "'a' ",
    "a=N ",
    "a 1.5N\n",
    "a 0xN\n",
    "a \"\\u{4N}\"\n",
    "a \"\"\"\n\\\nN\n\"\"\"\n",
    "a true\n",
    "stage sN {}\n",
    "stage sN { needs tN }\n",
    "image a\n",
    "param pN default=N\n",
    "template tN { extends t1N }\n",
    "stage sN { sh \"{{x}}\" }\n",
    "- N\n",
];

pub fn measure(rounds: usize) -> Vec<Finding> {
    let workspace = MemoryWorkspace::default();
    let slowest = PARTS
        .iter()
        .map(|part| {
            let files = Files::single("pipeline.kdl", &text(part));
            let turn = || timed(|| analyze(&files, &Inputs::new(&workspace)));
            (medians(rounds.min(5), vec![Box::new(turn)])[0], *part)
        })
        .max();
    let (time, part) = slowest.expect("there are some");
    vec![Finding {
        name: "hostile text / 50 ms".to_owned(),
        ratio: quotient(time, MOST),
        shown: format!("64 KiB of `{}`: {}", part.escape_debug(), milliseconds(time)),
        most: Some(1.0),
    }]
}

fn text(part: &str) -> String {
    let mut out = String::new();
    for number in 0.. {
        let next = part.replace('N', &number.to_string());
        if out.len() + next.len() > 64 * 1024 {
            break;
        }
        out.push_str(&next);
    }
    out
}
