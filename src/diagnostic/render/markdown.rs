use super::Style;
use super::style::Role;

/// The blanks before a fenced block.
const INDENT: &str = "    ";
/// The blanks between columns of a table.
const BETWEEN: usize = 2;
/// The least that the last column of a table gets.
const NARROWEST: usize = 24;

/// Begins and ends code within a line; as wide as nothing, and turned into colours in the end.
const CODE: char = '\u{1}';

/// Our own pages as they are shown on a screen: headings, paragraphs, lists, fenced blocks and tables, wrapped to the width.
///
/// Without colours code keeps its backticks and headings their `#`, so that what is code stays clear.
pub fn markdown(text: &str, style: &Style) -> String {
    let mut out = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line.trim().is_empty() {
            if out.last().is_some_and(|last: &String| !last.is_empty()) {
                out.push(String::new());
            }
        } else if line.starts_with("<!--") {
            // A remark for who edits the file.
        } else if let Some(info) = line.strip_prefix("```") {
            if let Some(caption) = caption(info) {
                out.push(style.paint(Role::Note, &caption));
            }
            let block = lines.by_ref().take_while(|line| !line.starts_with("```"));
            out.extend(block.map(|line| format!("{INDENT}{line}").trim_end().to_owned()));
        } else if line.starts_with('#') {
            let heading =
                if style.color { line.trim_start_matches('#').trim().replace('`', "") } else { line.to_owned() };
            out.push(style.paint(Role::Message, &heading));
        } else if line.starts_with('|') {
            let mut rows = vec![cells(line, style)];
            while let Some(line) = lines.next_if(|line| line.starts_with('|')) {
                rows.push(cells(line, style));
            }
            table(&mut out, &rows, style);
        } else {
            let (mark, first) = line.strip_prefix("- ").map_or(("", line), |rest| ("- ", rest));
            let mut text = first.trim().to_owned();
            while let Some(line) =
                lines.next_if(|line| !line.trim().is_empty() && !line.starts_with(['|', '#', '`', '-']))
            {
                text.push(' ');
                text.push_str(line.trim());
            }
            let wrapped = wrapped(&inline(&text, style), style.width.saturating_sub(mark.len()));
            let lines = wrapped.iter().enumerate().map(|(at, line)| {
                let before = if at == 0 { mark } else { &"  "[..mark.len()] };
                format!("{before}{line}")
            });
            out.extend(painted(lines, style));
        }
    }
    out.join("\n").trim_end().to_owned()
}

fn caption(info: &str) -> Option<String> {
    info.split_whitespace().find_map(|word| match word {
        "bad" => Some("not so:".to_owned()),
        "good" => Some("but so:".to_owned()),
        _ => word.strip_prefix("file=").map(|path| format!("{path}:")),
    })
}

/// Without links and backticks, where colours stand for those.
fn inline(text: &str, style: &Style) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        let link = rest[at..].split_once("](").and_then(|(name, after)| Some((name, after.split_once(')')?.1)));
        let Some((name, after)) = link.filter(|(name, _)| !name[1..].contains('[')) else {
            out.push_str(&rest[..=at]);
            rest = &rest[at + 1..];
            continue;
        };
        out.push_str(&rest[..at]);
        out.push_str(&name[1..]);
        rest = after;
    }
    out.push_str(rest);
    if style.color { out.replace('`', &CODE.to_string()) } else { out }
}

fn width(text: &str) -> usize {
    text.chars().filter(|c| *c != CODE).count()
}

/// Lines of at most `most` characters, broken between words.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let line = lines.last_mut().expect("there is one from the start");
        if line.is_empty() {
            line.push_str(word);
        } else if width(line) + 1 + width(word) <= most {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// Colours for the marks of code, which may span several lines.
fn painted(lines: impl Iterator<Item = String>, style: &Style) -> Vec<String> {
    let mut within = false;
    lines
        .map(|line| {
            let mut out = String::new();
            for (at, part) in line.split(CODE).enumerate() {
                within ^= at > 0;
                match (within, part.is_empty()) {
                    (_, true) => {}
                    (true, _) => out.push_str(&style.paint(Role::Help, part)),
                    (false, _) => out.push_str(part),
                }
            }
            out.trim_end().to_owned()
        })
        .collect()
}

fn cells(line: &str, style: &Style) -> Vec<String> {
    let line = line.replace("\\|", "\u{2}");
    let line = line.trim().trim_start_matches('|').trim_end_matches('|');
    line.split('|').map(|cell| inline(cell.trim(), style).replace('\u{2}', "|")).collect()
}

/// Columns side by side, the last one wrapped to what is left; the line of dashes is left out.
fn table(out: &mut Vec<String>, rows: &[Vec<String>], style: &Style) {
    let is_rule =
        |row: &Vec<String>| row.iter().all(|cell| !cell.is_empty() && cell.chars().all(|c| c == '-' || c == ':'));
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let most = style.width / 3;
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            let cells = rows.iter().filter(|row| !is_rule(row)).filter_map(|row| row.get(column));
            let natural = cells.flat_map(|cell| cell.split("<br>")).map(width).max().unwrap_or(0);
            if column + 1 < columns { natural.min(most) } else { natural }
        })
        .collect();
    let before: usize = widths.iter().rev().skip(1).map(|width| width + BETWEEN).sum();
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| !is_rule(row)) {
        let cells: Vec<Vec<String>> = row
            .iter()
            .enumerate()
            .map(|(column, cell)| {
                let most = if column + 1 < columns {
                    widths[column]
                } else {
                    style.width.saturating_sub(before).max(NARROWEST)
                };
                let lines = cell.split("<br>").flat_map(|part| wrapped(part, most));
                painted(lines, style)
            })
            .collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        for line in 0..height {
            let mut text = String::new();
            for (column, cell) in cells.iter().enumerate() {
                let part = cell.get(line).map_or("", String::as_str);
                text.push_str(part);
                if column + 1 < cells.len() {
                    let blanks = (widths[column] + BETWEEN).saturating_sub(shown_width(part)).max(1);
                    text.extend(std::iter::repeat_n(' ', blanks));
                }
            }
            let text = text.trim_end();
            out.push(if at == 0 { style.paint(Role::Note, text) } else { text.to_owned() });
        }
    }
}

/// Without colours.
fn shown_width(text: &str) -> usize {
    let mut width = 0;
    let mut escape = false;
    for c in text.chars() {
        match c {
            '\u{1b}' => escape = true,
            'm' if escape => escape = false,
            _ if escape => {}
            _ => width += 1,
        }
    }
    width
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# `a-code`\n\nA paragraph that is longer than the screen, with `code of\nthree words` and [a link](b.md#c).\n\n\
                        ```kdl bad\na {\n\n    b\n}\n```\n\n| property | is | |\n|---|---|---|\n| `x` | text | One. <br>`y`: two words and more of them, wrapped. |\n\n\
                        - first point\n- second\n";

    #[test]
    fn a_page_fits_its_screen() {
        let style = Style { width: 40, ..Style::default() };
        let expected = "\
# `a-code`

A paragraph that is longer than the
screen, with `code of three words` and a
link.

not so:
    a {

        b
    }

property  is
`x`       text  One.
                `y`: two words and more
                of them, wrapped.

- first point
- second";
        assert_eq!(markdown(PAGE, &style), expected);
    }

    #[test]
    fn colours_stand_for_marks_and_take_no_room() {
        let style = Style { width: 40, color: true, ..Style::default() };
        let text = markdown(PAGE, &style);
        assert!(
            !text.contains('`') && !text.contains('\u{1}') && text.contains("\u{1b}[36mcode of three words\u{1b}[0m"),
            "{text}"
        );
        assert!(text.lines().all(|line| shown_width(line) <= 40), "{text}");
        assert!(text.starts_with("\u{1b}[1ma-code\u{1b}[0m"), "{text}");
    }
}
