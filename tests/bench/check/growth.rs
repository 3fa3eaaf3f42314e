//! How the time of `pipe check` grows when a pipeline has ten times as much of something.

use crate::measure::{Finding, check, directory, medians, milliseconds, quotient};
use crate::shapes::SHAPES;

/// What ten times as much may cost: a little more than ten times as much.
const MOST: f64 = 12.0;

pub fn measure(rounds: usize) -> Vec<Finding> {
    SHAPES
        .iter()
        .map(|shape| {
            let sizes = [shape.size, shape.size * 10];
            let directories = sizes.map(|size| directory(&format!("{} {size}", shape.name), &(shape.files)(size)));
            let code = i32::from(!shape.is_valid);
            let times = medians(
                rounds,
                vec![Box::new(|| check(&directories[0], code)), Box::new(|| check(&directories[1], code))],
            );
            Finding {
                name: format!("{} × 10", shape.name),
                ratio: quotient(times[1], times[0]),
                shown: format!("{} {}: {} to {}", sizes[1], shape.what, milliseconds(times[0]), milliseconds(times[1])),
                most: Some(MOST),
            }
        })
        .collect()
}
