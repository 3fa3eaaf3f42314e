use std::sync::LazyLock;

use regex::Regex;

/// A Dockerfile as far as it takes to find the lines that a step came from.
#[derive(Debug)]
pub(super) struct Dockerfile {
    instructions: Vec<Instruction>,
}

/// An instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Instruction {
    /// Its lines, from 1, both inclusive.
    lines: (usize, usize),
    /// `RUN`, in capitals.
    keyword: String,
    /// All of it, with single blanks, without comments and continuations.
    text: String,
    /// Its stage, from 0; what stands before the first `FROM` belongs to that.
    stage: usize,
    /// `FROM … AS name`.
    names_stage: Option<String>,
}

/// `[linux/arm64 release  3/6] RUN make`.
static STEP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?s)^\[(?:([^\]]*) )?\s*(\d+)/\d+\] (.*)$").expect("a step's name is one expression")
});

static VARIABLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\$\{[^}]*\}|\$\w+").expect("a variable is one expression"));

static HEREDOC: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"<<-?\s*["']?([A-Za-z_]\w*)["']?"#).expect("a heredoc's start is one expression"));

/// The step in which the builder looks a base image up.
const METADATA: &str = "[internal] load metadata for ";

/// The base image that a step with this name looks up.
pub(super) fn base_of(step: &str) -> Option<&str> {
    step.strip_prefix(METADATA)
}

impl Dockerfile {
    pub fn parse(text: &str) -> Self {
        let mut instructions = Vec::new();
        let escape = escape_character(text);
        let mut stage = None;
        let mut lines = text.lines().enumerate();
        while let Some((first, line)) = lines.next() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let mut last = first;
            let mut words = String::new();
            let mut piece = Some(line);
            while let Some(line) = piece.take() {
                let continued = line.strip_suffix(escape);
                words.push_str(continued.unwrap_or(line));
                if continued.is_none() {
                    break;
                }
                words.push(' ');
                // Comments and blank lines within an instruction are no part of it.
                for (number, next) in lines.by_ref() {
                    let next = next.trim();
                    last = number;
                    if !next.is_empty() && !next.starts_with('#') {
                        piece = Some(next);
                        break;
                    }
                }
            }
            let ends: Vec<String> = HEREDOC.captures_iter(&words).map(|captures| captures[1].to_owned()).collect();
            let keyword = words.split_whitespace().next().unwrap_or_default().to_uppercase();
            if matches!(keyword.as_str(), "RUN" | "COPY" | "ADD") {
                for end in ends {
                    for (number, next) in lines.by_ref() {
                        last = number;
                        if next.trim() == end {
                            break;
                        }
                    }
                }
            }
            let text = single_blanks(&words);
            let mut names_stage = None;
            if keyword == "FROM" {
                stage = Some(stage.map_or(0, |stage| stage + 1));
                let words: Vec<&str> = text.split(' ').collect();
                names_stage = match words[..] {
                    [.., marker, name] if marker.eq_ignore_ascii_case("as") => Some(name.to_lowercase()),
                    _ => None,
                };
            }
            let lines = (first + 1, last + 1);
            instructions.push(Instruction { lines, keyword, text, stage: stage.unwrap_or_default(), names_stage });
        }
        Dockerfile { instructions }
    }

    /// The lines of the instruction that a step with this name came from.
    pub fn lines_of(&self, step: &str) -> Option<(usize, usize)> {
        if let Some(image) = base_of(step) {
            return self.base_lines(image);
        }
        let step = STEP.captures(step)?;
        let number: usize = step[2].parse().ok()?;
        let text = single_blanks(&step[3]);
        if let Some(image) = text.strip_prefix("FROM ") {
            return self.base_lines(image);
        }
        let stage =
            step.get(1).and_then(|label| label.as_str().split(' ').next_back()).and_then(|name| self.stage(name));
        // The builder numbers what makes a layer, the base included.
        let numbered: Vec<&Instruction> = self
            .instructions
            .iter()
            .filter(|one| stage.is_none_or(|stage| one.stage == stage))
            .filter(|one| matches!(one.keyword.as_str(), "FROM" | "RUN" | "COPY" | "ADD" | "WORKDIR"))
            .collect();
        let at_number = number.checked_sub(1).and_then(|index| numbered.get(index)).filter(|one| one.is_like(&text));
        let equal = || unique(numbered.iter().filter(|one| one.text == text));
        let alike = || unique(numbered.iter().filter(|one| one.is_like(&text)));
        at_number.or_else(equal).or_else(alike).map(|one| one.lines)
    }

    fn base_lines(&self, image: &str) -> Option<(usize, usize)> {
        let short = short_reference(image);
        let mut users = self.instructions.iter().filter(|one| {
            let words = one.text.split(' ').skip(1);
            let mut named = words.map(|word| word.strip_prefix("--from=").unwrap_or(word));
            matches!(one.keyword.as_str(), "FROM" | "COPY" | "RUN") && named.any(|word| short_reference(word) == short)
        });
        let variable =
            || unique(self.instructions.iter().filter(|one| one.keyword == "FROM" && one.text.contains('$')));
        users.next().or_else(variable).map(|one| one.lines)
    }

    fn stage(&self, name: &str) -> Option<usize> {
        let name = name.to_lowercase();
        let named = self.instructions.iter().find(|one| one.names_stage.as_deref() == Some(&name)).map(|one| one.stage);
        named.or_else(|| name.strip_prefix("stage-")?.parse().ok())
    }
}

impl Instruction {
    /// Whether `text`, in which variables are filled in, may be this instruction.
    fn is_like(&self, text: &str) -> bool {
        let mut rest = text;
        let mut begin = true;
        let mut literals = VARIABLE.split(&self.text).peekable();
        while let Some(literal) = literals.next() {
            let last = literals.peek().is_none();
            let found = match (begin, last) {
                (true, true) => (rest == literal).then_some(""),
                (true, false) => rest.strip_prefix(literal),
                (false, true) => rest.ends_with(literal).then_some(""),
                (false, false) => rest.split_once(literal).map(|(_, behind)| behind),
            };
            let Some(found) = found else { return false };
            rest = found;
            begin = false;
        }
        true
    }
}

/// The only one; none where there are several.
fn unique<'a, T>(mut all: impl Iterator<Item = &'a T>) -> Option<&'a T> {
    let first = all.next();
    if all.next().is_some() { None } else { first }
}

fn single_blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `# escape=` at the very beginning may make it a backquote.
fn escape_character(text: &str) -> char {
    let directives = text.lines().map(str::trim).take_while(|line| line.starts_with('#') && line.contains('='));
    let escape = directives
        .filter_map(|line| line[1..].split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("escape"));
    escape.and_then(|(_, value)| value.trim().chars().next()).filter(|value| *value == '`').unwrap_or('\\')
}

/// A reference without what the builder adds to it.
fn short_reference(reference: &str) -> &str {
    let reference = reference.split('@').next().unwrap_or(reference);
    let reference = reference.strip_prefix("docker.io/").unwrap_or(reference);
    let reference = reference.strip_prefix("library/").unwrap_or(reference);
    reference.strip_suffix(":latest").unwrap_or(reference)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# syntax=docker/dockerfile:1
ARG BASE=busybox
FROM debian:bookworm-slim AS Build
WORKDIR /src
# a comment
RUN apt-get update && \\
    # within
    apt-get install -y \\

    jq
COPY . .
RUN make

FROM busybox:1.35
ARG V
RUN echo $V ${X:-y} end
RUN <<EOT sh
echo hi
EOT
RUN make
COPY --from=example.test/tool:2 /bin/tool /bin/
";

    fn lines_of(step: &str) -> Option<(usize, usize)> {
        Dockerfile::parse(TEXT).lines_of(step)
    }

    #[test]
    fn a_step_leads_to_its_lines() {
        assert_eq!(lines_of("[build 1/5] FROM docker.io/library/debian:bookworm-slim"), Some((3, 3)));
        assert_eq!(lines_of("[build 2/5] WORKDIR /src"), Some((4, 4)));
        assert_eq!(lines_of("[build 3/5] RUN apt-get update &&     apt-get install -y     jq"), Some((6, 10)));
        assert_eq!(lines_of("[linux/arm64 build 5/5] RUN make"), Some((12, 12)));
        assert_eq!(lines_of("[stage-1  2/10] RUN echo 1.2 y end"), Some((16, 16)));
        assert_eq!(lines_of("[stage-1 4/5] RUN make"), Some((20, 20)));
    }

    #[test]
    fn what_is_not_certain_is_not_told() {
        assert_eq!(lines_of("[2/9] RUN make"), None);
        assert_eq!(lines_of("[build 3/5] RUN something else"), None);
        assert_eq!(lines_of("exporting to image"), None);
    }

    #[test]
    fn a_base_leads_to_who_names_it() {
        assert_eq!(lines_of("[internal] load metadata for docker.io/library/busybox:1.35"), Some((14, 14)));
        assert_eq!(
            lines_of("[internal] load metadata for docker.io/library/debian:bookworm-slim@sha256:12"),
            Some((3, 3))
        );
        assert_eq!(lines_of("[internal] load metadata for example.test/tool:2"), Some((21, 21)));
        assert_eq!(lines_of("[internal] load metadata for docker.io/library/none:latest"), None);
        let variable = Dockerfile::parse("ARG B\nFROM $B\nRUN true\n");
        assert_eq!(variable.lines_of("[internal] load metadata for docker.io/library/x:latest"), Some((2, 2)));
    }

    #[test]
    fn heredocs_and_another_escape_character_are_known() {
        assert_eq!(lines_of("[stage-1 3/5] RUN <<EOT sh"), Some((17, 19)));
        let text = Dockerfile::parse("# escape=`\nFROM a\nRUN one `\n  two\nRUN c:\\\nRUN three\n");
        assert_eq!(text.lines_of("[2/4] RUN one   two"), Some((3, 4)));
        assert_eq!(text.lines_of("[3/4] RUN c:\\"), Some((5, 5)));
    }
}
