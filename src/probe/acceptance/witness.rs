use std::collections::HashMap;
use std::time::Duration;

use super::suite::Suite;
use crate::event::ServiceLog;
use crate::model::Name;

/// How long what a service writes about a request may take to arrive after its answer.
const ARRIVES: Duration = Duration::from_millis(100);
/// How many lines are shown of the service under test, and of each other one.
const LINES: usize = 20;
const OTHERS: usize = 8;
/// How many other services are shown.
const SERVICES: usize = 5;
/// How many characters of a line are shown.
const WIDE: usize = 400;

/// Places in what services have written.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    places: HashMap<Name, u64>,
}

impl Marks {
    /// A service had written so many lines.
    pub fn set(&mut self, service: Name, lines: u64) {
        self.places.insert(service, lines);
    }

    /// How many lines a service had written.
    pub fn of(&self, service: &Name) -> u64 {
        self.places.get(service).copied().unwrap_or_default()
    }
}

/// What services wrote since `marks`, with a moment's patience for what is on its way: that under test first, though it be nothing,
/// and of the others those that wrote anything.
pub(super) async fn testimony(suite: &Suite<'_>, marks: &Marks) -> Vec<ServiceLog> {
    tokio::time::sleep(ARRIVES).await;
    let target = suite.acceptance.target.as_ref().map(|target| target.service.value.as_str());
    let (under_test, others): (Vec<_>, Vec<_>) =
        suite.site.since(marks).into_iter().partition(|log| Some(log.service.as_str()) == target);
    let others = others.into_iter().filter(|log| !log.lines.is_empty()).take(SERVICES);
    under_test.into_iter().map(|log| cut(log, LINES)).chain(others.map(|log| cut(log, OTHERS))).collect()
}

/// The last lines of a log.
fn cut(mut log: ServiceLog, most: usize) -> ServiceLog {
    let gone = log.lines.len().saturating_sub(most);
    log.lines.drain(..gone);
    log.before += gone as u64;
    for line in &mut log.lines {
        if let Some((end, _)) = line.char_indices().nth(WIDE) {
            line.truncate(end);
            line.push('…');
        }
    }
    log
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_of_a_log_are_shown_and_those_before_are_counted() {
        let lines = (0..50).map(|line| format!("{line} {}", "x".repeat(1000))).collect();
        let log = cut(ServiceLog { service: "app".into(), before: 7, lines, files: Vec::new() }, 20);
        assert_eq!((log.before, log.lines.len()), (37, 20));
        assert!(log.lines[0].starts_with("30 x") && log.lines.iter().all(|line| line.chars().count() == WIDE + 1));
    }
}
