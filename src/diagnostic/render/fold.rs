use super::printable::wrapped;

/// The least that a line is folded to.
const NARROW: usize = 38;
/// The longest word before a colon that what is folded stands behind.
const KEY: usize = 12;

/// A line of a note that fits into `width` columns, two of which are taken. Evidence, which is indented, keeps its lines: a log that is
/// wrapped anew is hard to read. A command is broken as a shell takes it; the value behind `key:` stays in its column.
pub(super) fn folded(line: &str, width: usize) -> Vec<String> {
    let room = width.saturating_sub(2).max(NARROW);
    if line.chars().count() <= room || line.starts_with(char::is_whitespace) {
        return vec![line.to_owned()];
    }
    if let Some(command) = line.strip_prefix("$ ") {
        return shell_lines(command, room);
    }
    let key = line.find(": ").filter(|end| *end <= KEY && !line[..*end].contains(' '));
    let value = key.map_or(0, |end| end + 1 + line[end + 1..].chars().take_while(|c| *c == ' ').count());
    let mut lines = Vec::new();
    for part in wrapped(&line[value..], room - value) {
        // What may be pasted as a whole is never broken: a path.
        if part.starts_with('/') {
            lines.push(part);
        } else {
            let letters: Vec<char> = part.chars().collect();
            lines.extend(letters.chunks(room - value).map(|piece| piece.iter().collect::<String>()));
        }
    }
    let indent = " ".repeat(value);
    let begins = |index: usize| if index == 0 { &line[..value] } else { &indent };
    lines.iter().enumerate().map(|(index, part)| format!("{}{part}", begins(index))).collect()
}

/// A command, broken between its words: what stands in quotes stays together.
fn shell_lines(command: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec!["$".to_owned()];
    for word in words(command) {
        let last = lines.last_mut().expect("there is one from the start");
        // Room for the backslash.
        if last.chars().count() + 1 + word.chars().count() + 2 <= room || last == "$" || last.trim().is_empty() {
            if !last.trim().is_empty() {
                last.push(' ');
            }
            last.push_str(word);
        } else {
            last.push_str(" \\");
            lines.push(format!("    {word}"));
        }
    }
    lines
}

/// The words of a command line with their quotes; what follows an option stays with it.
fn words(command: &str) -> Vec<&str> {
    let (mut words, mut start, mut is_quoted) = (Vec::new(), 0, false);
    let is_option = |word: &str| word.starts_with('-');
    for (place, c) in command.char_indices() {
        match c {
            '\'' if is_quoted || !command[..place].ends_with('\\') => is_quoted = !is_quoted,
            ' ' if !is_quoted
                && is_option(&command[start..])
                && !is_option(&command[place + 1..])
                && !command[start..place].contains(' ') => {}
            ' ' if !is_quoted => {
                words.push(&command[start..place]);
                start = place + 1;
            }
            _ => {}
        }
    }
    words.push(&command[start..]);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_and_what_fits_keep_their_lines() {
        let log = format!("  {}", "word ".repeat(40));
        assert_eq!(folded(&log, 60), std::slice::from_ref(&log));
        assert_eq!(folded("expected: short", 60), ["expected: short"]);
    }

    #[test]
    fn a_value_stays_in_its_column() {
        let line = format!("actual:   \"{}\"", "x".repeat(80));
        let lines = folded(&line, 60);
        assert_eq!(lines, [format!("actual:   \"{}", "x".repeat(47)), format!("          {}\"", "x".repeat(33))]);
        let lines = folded("the word that stands here is only one of many words", 40);
        assert_eq!(lines, ["the word that stands here is only one", "of many words"]);
        let path = format!("all of it: /{}", "y".repeat(80));
        assert_eq!(folded(&path, 60).concat().matches('y').count(), 80);
        assert!(folded(&path, 60).iter().any(|line| line.ends_with(&"y".repeat(80))), "a path stays whole");
    }

    #[test]
    fn a_command_is_broken_as_a_shell_takes_it() {
        let lines =
            folded("$ curl -i -H 'Content-Type: application/json' --data-raw '{\"a\": 1}' http://127.0.0.1:1/", 60);
        let expected =
            ["$ curl -i -H 'Content-Type: application/json' \\", "    --data-raw '{\"a\": 1}' http://127.0.0.1:1/"];
        assert_eq!(lines, expected);
        let long = format!("$ curl -d '{} {}' http://h/", "x".repeat(40), "y".repeat(40));
        assert_eq!(folded(&long, 60)[1], format!("    -d '{} {}' \\", "x".repeat(40), "y".repeat(40)));
        assert_eq!(words(r"a 'b '\''c d' e"), ["a", r"'b '\''c d'", "e"]);
        assert_eq!(words("x -i -X 'a b' -k c d"), ["x", "-i", "-X 'a b'", "-k c", "d"]);
    }
}
