use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostics, render};

/// How often each code was found, the most frequent first.
pub fn statistics(diagnostics: &Diagnostics) -> String {
    let mut counts: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for diagnostic in diagnostics {
        counts.entry(diagnostic.code.slug()).or_insert((0, render::word(diagnostic.severity))).0 += 1;
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by_key(|(slug, (count, _))| (std::cmp::Reverse(*count), *slug));
    let width = rows.first().map_or(0, |(_, (count, _))| count.to_string().len());
    rows.into_iter().map(|(slug, (count, weight))| format!("{count:>width$}  {weight:<7}  {slug}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{
        Diagnostic,
        codes::{names::UNUSED_VOLUME, shape::UNKNOWN_NODE},
    };

    #[test]
    fn the_most_frequent_stands_first() {
        let found = (0..12).map(|_| Diagnostic::new(UNUSED_VOLUME, "x")).chain([Diagnostic::new(UNKNOWN_NODE, "y")]);
        assert_eq!(statistics(&found.collect()), "12  warning  unused-volume\n 1  error    unknown-node\n");
    }
}
