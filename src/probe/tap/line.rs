/// What one line says, its indentation taken off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// `1..4 # SKIP why`
    Plan {
        /// How many tests there will be.
        count: u64,
        /// Why there are none.
        reason: &'a str,
    },
    /// `not ok 2 - name # TODO why`
    Point(Point),
    /// `Bail out! why`
    BailOut(&'a str),
    /// `# text`
    Comment(&'a str),
    /// `---`
    YamlBegins,
    /// `...`
    YamlEnds,
    /// `TAP version 14`, `pragma +strict`, or output of a test.
    Other,
}

/// A test that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Point {
    pub ok: bool,
    pub number: Option<u64>,
    pub name: String,
    pub directive: Directive,
}

/// What is said of a test besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Directive {
    None,
    Skip(String),
    Todo(String),
}

/// How deep a line is indented, and what stands there. A tab counts as the four spaces of a subtest.
pub(super) fn split_indent(line: &str) -> (usize, &str) {
    let rest = line.trim_start_matches([' ', '\t']);
    let indent = line[..line.len() - rest.len()].chars().map(|c| if c == '\t' { 4 } else { 1 }).sum();
    (indent, rest.trim_end())
}

/// Reads one line without its indentation.
pub(super) fn read(text: &str) -> Line<'_> {
    if let Some(comment) = text.strip_prefix('#') {
        return Line::Comment(comment.strip_prefix(' ').unwrap_or(comment));
    }
    if let Some(reason) = strip_prefix_case(text, "bail out!") {
        return Line::BailOut(reason.trim());
    }
    match text {
        "---" => return Line::YamlBegins,
        "..." => return Line::YamlEnds,
        _ => {}
    }
    plan(text).or_else(|| point(text).map(Line::Point)).unwrap_or(Line::Other)
}

fn plan(text: &str) -> Option<Line<'_>> {
    let rest = text.strip_prefix("1..")?;
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let count = rest[..digits].parse().ok()?;
    let after = rest[digits..].trim_start();
    if !after.is_empty() && !after.starts_with('#') {
        return None;
    }
    let reason = after.trim_start_matches('#').trim_start();
    let reason = strip_prefix_case(reason, "skip").map_or(reason, skip_word);
    Some(Line::Plan { count, reason: reason.trim() })
}

fn point(text: &str) -> Option<Point> {
    let (ok, rest) = match text.strip_prefix("not ok") {
        Some(rest) => (false, rest),
        None => (true, text.strip_prefix("ok")?),
    };
    if !(rest.is_empty() || rest.starts_with([' ', '\t'])) {
        return None;
    }
    let rest = rest.trim_start();
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let after = &rest[digits..];
    let numbered = digits > 0 && (after.is_empty() || after.starts_with([' ', '\t']));
    let (number, rest) = if numbered { (rest[..digits].parse().ok(), after.trim_start()) } else { (None, rest) };
    let rest = rest.strip_prefix('-').map_or(rest, str::trim_start);
    let (name, directive) = directive(rest);
    Some(Point { ok, number, name: unescaped(name.trim_end()), directive })
}

/// The last `#` that is not escaped and says `skip` or `todo` begins a directive; any other is part of the name.
fn directive(text: &str) -> (&str, Directive) {
    for (place, _) in text.match_indices('#') {
        if text[..place].ends_with('\\') || !(place == 0 || text[..place].ends_with([' ', '\t'])) {
            continue;
        }
        let said = text[place + 1..].trim_start();
        if let Some(reason) = strip_prefix_case(said, "skip") {
            return (&text[..place], Directive::Skip(skip_word(reason).trim().to_owned()));
        }
        if let Some(reason) = strip_prefix_case(said, "todo") {
            return (&text[..place], Directive::Todo(skip_word(reason).trim().to_owned()));
        }
    }
    (text, Directive::None)
}

/// What stands after the rest of a word: `SKIPPED: why` and `skip why` both say `why`.
fn skip_word(text: &str) -> &str {
    text.trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_start_matches(':')
}

fn strip_prefix_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

fn unescaped(name: &str) -> String {
    name.replace("\\#", "#").replace("\\\\", "\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(ok: bool, number: Option<u64>, name: &str, directive: Directive) -> Line<'static> {
        Line::Point(Point { ok, number, name: name.to_owned(), directive })
    }

    #[test]
    fn points_have_a_number_and_a_name_or_not() {
        assert_eq!(read("ok 1 - adds"), point(true, Some(1), "adds", Directive::None));
        assert_eq!(read("not ok 2 adds"), point(false, Some(2), "adds", Directive::None));
        assert_eq!(read("ok"), point(true, None, "", Directive::None));
        assert_eq!(read("ok adds 2"), point(true, None, "adds 2", Directive::None));
        assert_eq!(read("ok 2xx answers"), point(true, None, "2xx answers", Directive::None));
        assert_eq!(read(r"ok 3 - issue \#7 and #8"), point(true, Some(3), "issue #7 and #8", Directive::None));
    }

    #[test]
    fn directives_are_read_in_any_case() {
        assert_eq!(read("ok 1 a # SKIP no db"), point(true, Some(1), "a", Directive::Skip("no db".into())));
        assert_eq!(read("ok 1 a # skipped: no db"), point(true, Some(1), "a", Directive::Skip("no db".into())));
        assert_eq!(read("ok 1 # skip"), point(true, Some(1), "", Directive::Skip(String::new())));
        assert_eq!(read("not ok 1 a # Todo later"), point(false, Some(1), "a", Directive::Todo("later".into())));
    }

    #[test]
    fn plans_and_the_rest() {
        assert_eq!(read("1..4"), Line::Plan { count: 4, reason: "" });
        assert_eq!(read("1..0 # SKIP no tests here"), Line::Plan { count: 0, reason: "no tests here" });
        assert_eq!(read("1..4 bottles"), Line::Other);
        assert_eq!(read("1..99999999999999999999999"), Line::Other);
        assert_eq!(read("Bail out!  gone"), Line::BailOut("gone"));
        assert_eq!(read("#   failed"), Line::Comment("  failed"));
        assert_eq!(read("okay"), Line::Other);
        assert_eq!(read("TAP version 13"), Line::Other);
    }
}
