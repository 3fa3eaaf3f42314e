use std::io::Write;

/// The last lines of a terminal, drawn again in place; what is said for good scrolls by above them.
///
/// The cursor rests at the beginning of the line below. Whatever a terminal writes there by itself, such as the `^C` of a key,
/// breaks no line and is gone with the next drawing. A terminal that is gone is no error of a run: the region falls silent.
pub(super) struct Region {
    out: Box<dyn Write + Send>,
    drawn: Vec<String>,
    gone: bool,
}

/// Asks the terminal to show what follows at once; those that cannot pass over it.
const BEGIN: &str = "\u{1b}[?2026h";
const END: &str = "\u{1b}[?2026l";

impl Region {
    /// An empty region on `out`.
    pub(super) fn new(out: Box<dyn Write + Send>) -> Self {
        Region { out, drawn: Vec::new(), gone: false }
    }

    /// Draws `rows`, none of which may be wider than the terminal, in place of what is drawn.
    pub(super) fn draw(&mut self, rows: Vec<String>) {
        if rows != self.drawn {
            self.write("", rows);
        }
    }

    /// Writes lines for good, and `rows` below them.
    pub(super) fn say(&mut self, lines: &str, rows: Vec<String>) {
        self.write(&format!("{lines}\n"), rows);
    }

    /// One write for all of it, so that nothing half drawn is seen.
    fn write(&mut self, lines: &str, rows: Vec<String>) {
        let mut text = String::from(BEGIN);
        text.push('\r');
        if !self.drawn.is_empty() {
            text.push_str(&format!("\u{1b}[{}A", self.drawn.len()));
        }
        if !lines.is_empty() {
            text.push_str("\u{1b}[J");
            text.push_str(lines);
        }
        for row in &rows {
            text.push_str(row);
            text.push_str("\u{1b}[K\n");
        }
        text.push_str("\u{1b}[J");
        text.push_str(END);
        self.drawn = rows;
        self.gone = self.gone || self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush()).is_err();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// What a terminal of some columns shows, by the few sequences that a region uses.
    #[derive(Clone, Default)]
    struct Terminal(Arc<Mutex<(Vec<String>, usize, usize)>>);

    const COLUMNS: usize = 20;

    impl Write for Terminal {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let mut screen = self.0.lock().expect("no test panics with it");
            let (lines, row, column) = &mut *screen;
            let mut rest = std::str::from_utf8(bytes).expect("text");
            while let Some(c) = rest.chars().next() {
                rest = &rest[c.len_utf8()..];
                while lines.len() <= *row {
                    lines.push(String::new());
                }
                match c {
                    '\r' => *column = 0,
                    '\n' => (*row, *column) = (*row + 1, 0),
                    '\u{1b}' => {
                        let end = rest.find(|c: char| c.is_ascii_alphabetic()).expect("it ends");
                        let (sequence, after) = rest.split_at(end + 1);
                        rest = after;
                        match sequence {
                            "[J" => {
                                lines.truncate(*row + 1);
                                lines[*row].truncate(*column);
                            }
                            "[K" => lines[*row].truncate(*column),
                            "[?2026h" | "[?2026l" => {}
                            up => {
                                let up = up.strip_prefix('[').and_then(|up| up.strip_suffix('A')).expect("known");
                                *row -= up.parse::<usize>().expect("a number");
                            }
                        }
                    }
                    c => {
                        if *column == COLUMNS {
                            (*row, *column) = (*row + 1, 0);
                            lines.push(String::new());
                        }
                        let line = &mut lines[*row];
                        line.truncate(*column);
                        line.push(c);
                        *column += 1;
                    }
                }
            }
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn rows(rows: &[&str]) -> Vec<String> {
        rows.iter().map(|row| (*row).to_owned()).collect()
    }

    fn shown(terminal: &Terminal) -> Vec<String> {
        terminal.0.lock().expect("no test panics with it").0.iter().filter(|line| !line.is_empty()).cloned().collect()
    }

    #[test]
    fn rows_stay_below_what_is_said_and_leave_nothing_behind() {
        let terminal = Terminal::default();
        let mut region = Region::new(Box::new(terminal.clone()));
        region.draw(rows(&["a working", "b working"]));
        assert_eq!(shown(&terminal), ["a working", "b working"]);
        region.draw(rows(&["a done", "b works on", "c waits"]));
        assert_eq!(shown(&terminal), ["a done", "b works on", "c waits"]);
        region.say("a line that is longer than the terminal", rows(&["b"]));
        assert_eq!(shown(&terminal), ["a line that is longe", "r than the terminal", "b"]);
        region.draw(Vec::new());
        region.say("the end", Vec::new());
        assert_eq!(shown(&terminal), ["a line that is longe", "r than the terminal", "the end"]);
    }

    #[test]
    fn what_the_terminal_echoes_is_gone_with_the_next_drawing() {
        let mut terminal = Terminal::default();
        let mut region = Region::new(Box::new(terminal.clone()));
        region.draw(rows(&["exactly as wide as i"]));
        terminal.write_all(b"^C").expect("it takes everything");
        region.say("stopping", rows(&["ends"]));
        assert_eq!(shown(&terminal), ["stopping", "ends"]);
    }

    #[test]
    fn what_has_not_changed_is_not_drawn_again() {
        let terminal = Terminal::default();
        let mut region = Region::new(Box::new(terminal.clone()));
        region.draw(rows(&["a"]));
        let before = terminal.0.lock().expect("no test panics with it").1;
        region.draw(rows(&["a"]));
        assert_eq!(terminal.0.lock().expect("no test panics with it").1, before);
    }
}
