use std::time::Duration;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::plan::StepId;

/// The pictures of a spinner that turns.
const TURNS: [char; 10] = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
/// How long each is seen.
const TURN: Duration = Duration::from_millis(100);

/// The row of a node at work: its name, its time, what it does and what it said last.
pub(super) struct Row {
    pub(super) step: StepId,
    name: String,
    since: Duration,
    doing: String,
    /// Whether `doing` stays when there is a last line; it goes where the name of the node says enough.
    stays: bool,
    said: String,
}

impl Row {
    /// A row that begins at `since`.
    pub(super) fn new(name: &str, step: StepId, since: Duration, doing: String, stays: bool) -> Self {
        Row { step, name: name.to_owned(), since, doing, stays, said: String::new() }
    }

    /// The last line that it said.
    pub(super) fn say(&mut self, line: &str) {
        let line = line.trim();
        if !line.is_empty() {
            line.clone_into(&mut self.said);
        }
    }

    /// What it does now, in other words.
    pub(super) fn does(&mut self, doing: String) {
        self.doing = doing;
    }

    /// How long it has been there.
    pub(super) fn age(&self, now: Duration) -> Duration {
        now.saturating_sub(self.since)
    }

    /// The line at `now` on a terminal of `columns`, names in a column of `width`.
    pub(super) fn line(&self, now: Duration, width: usize, columns: usize) -> String {
        let turn = TURNS[(now.as_millis() / TURN.as_millis()) as usize % TURNS.len()];
        let words = match (self.said.as_str(), self.stays) {
            ("", _) => self.doing.clone(),
            (said, false) => said.to_owned(),
            (said, true) => format!("{} · {said}", self.doing),
        };
        let name = padded(&self.name, column(width, columns));
        fitted(&format!("{turn} {name} {:>5}  {words}", short(self.age(now))), columns)
    }
}

/// The line of a node that waits for others.
pub(super) fn waiting_line(name: &str, on: &[&str], width: usize, columns: usize) -> String {
    let name = padded(name, column(width, columns));
    fitted(&format!("  {name}        waiting for {}", on.join(", ")), columns)
}

/// How wide the column of names is, on a terminal of `columns`, where the longest wants `width`: at most a third.
pub(super) fn column(width: usize, columns: usize) -> usize {
    width.min(columns / 3)
}

/// At most so many columns, with what tells the instances of a matrix apart kept: first the names of axes go, then the end of the
/// stage's own name, and at last the middle of all.
fn shortened(name: &str, columns: usize) -> String {
    if name.width() <= columns {
        return name.to_owned();
    }
    let Some((stage, axes)) = name.strip_suffix(']').and_then(|name| name.split_once('[')) else {
        return without_middle(name, columns);
    };
    let values: Vec<&str> = axes.split(',').map(|axis| axis.split_once('=').map_or(axis, |(_, value)| value)).collect();
    let values = format!("[{}]", values.join(","));
    match columns.checked_sub(values.width()) {
        Some(room) if room >= 4 => fitted(stage, room) + &values,
        _ => without_middle(&(stage.to_owned() + &values), columns),
    }
}

fn without_middle(text: &str, columns: usize) -> String {
    if text.width() <= columns || columns < 3 {
        return fitted(text, columns);
    }
    let end: String = text.chars().rev().collect();
    let end: String = taken(&end, columns / 2).chars().rev().collect();
    format!("{}…{end}", taken(text, (columns - 1).saturating_sub(end.width())))
}

/// As much of the beginning as has room.
fn taken(text: &str, columns: usize) -> &str {
    let mut left = columns;
    for (at, c) in text.char_indices() {
        match left.checked_sub(c.width().unwrap_or(0)) {
            Some(less) => left = less,
            None => return &text[..at],
        }
    }
    text
}

/// At most so many columns, the cut marked; a terminal shows a tab as it likes, so it is a blank here.
fn fitted(text: &str, columns: usize) -> String {
    let text = text.replace('\t', " ");
    if text.width() <= columns {
        return text;
    }
    taken(&text, columns.saturating_sub(1)).to_owned() + "…"
}

/// Exactly so many columns.
fn padded(text: &str, columns: usize) -> String {
    let text = shortened(text, columns);
    let blanks = columns.saturating_sub(text.width());
    text + &" ".repeat(blanks)
}

/// `4s`, `1m05s`: a time that changes once a second.
fn short(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 { format!("{seconds}s") } else { format!("{}m{:02}s", seconds / 60, seconds % 60) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(75);

    fn row(stays: bool) -> Row {
        Row::new("app", StepId(0), Duration::from_secs(71), "run uwsgi".to_owned(), stays)
    }

    #[test]
    fn the_last_line_takes_the_place_of_the_command() {
        let mut row = row(false);
        assert_eq!(row.line(NOW, 5, 80), "⠋ app      4s  run uwsgi");
        row.say("collecting\r\n");
        assert_eq!(row.line(NOW, 5, 80), "⠋ app      4s  collecting");
        row.say("  ");
        assert_eq!(row.line(NOW, 5, 80), "⠋ app      4s  collecting", "an empty line says nothing");
    }

    #[test]
    fn a_wait_is_told_beside_the_last_line() {
        let mut row = row(true);
        row.say("starting");
        row.does("not healthy yet".to_owned());
        assert_eq!(row.line(Duration::from_secs(140), 5, 80), "⠋ app   1m09s  not healthy yet · starting");
        assert_eq!(waiting_line("app", &["migrate", "db"], 5, 80), "  app          waiting for migrate, db");
    }

    #[test]
    fn instances_are_told_apart_on_a_narrow_terminal() {
        let names = ["3.11", "3.12"].map(|python| format!("integration[python={python},database=postgresql]"));
        let shown = names.clone().map(|name| shortened(&name, column(48, 80)));
        assert_eq!(shown, ["integrat…[3.11,postgresql]", "integrat…[3.12,postgresql]"]);
        let few = shortened("unit[python=3.12,db=mariadb]", 26);
        assert_eq!(few, "unit[3.12,mariadb]", "the names of axes go first");
        assert_eq!(shortened("unit[python=3.12]", 26), "unit[python=3.12]", "what has room stays");
        let many = ["1", "2"].map(|last| format!("s[a={},b={last}]", "x".repeat(40)));
        let [one, other] = many.map(|name| shortened(&name, 26));
        assert!(one != other && one.width() <= 26, "{one} {other}");
    }

    #[test]
    fn a_row_is_never_wider_than_the_terminal() {
        for said in ["x".repeat(500), "日本語".repeat(100), "a\tb\t".repeat(50), "é".repeat(80)] {
            for columns in [1, 7, 20, 40, 80] {
                let mut row = Row::new(&"long-name-".repeat(6), StepId(0), Duration::ZERO, String::new(), true);
                row.say(&said);
                assert!(row.line(NOW, 24, columns).width() <= columns, "{columns}: {said}");
                assert!(waiting_line(&said, &[&said], 24, columns).width() <= columns);
            }
        }
    }
}
