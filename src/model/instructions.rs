use std::ops::Range;

/// The instructions of a Dockerfile as words, each with the bytes of its first line.
pub(super) struct Instructions<'a> {
    text: &'a str,
    at: usize,
    escape: char,
}

impl<'a> Instructions<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let directive = text.lines().map_while(|line| line.trim().strip_prefix('#')).find_map(|line| {
            let (key, value) = line.split_once('=')?;
            (key.trim().eq_ignore_ascii_case("escape")).then(|| value.trim().chars().next()).flatten()
        });
        Instructions { text, at: 0, escape: if directive == Some('`') { '`' } else { '\\' } }
    }

    /// The next line and the offset where it begins.
    fn line(&mut self) -> Option<(&'a str, usize)> {
        if self.at >= self.text.len() {
            return None;
        }
        let start = self.at;
        let rest = &self.text[start..];
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        self.at = start + line.len() + 1;
        Some((line, start))
    }

    /// Passes over the bodies of the heredocs that `line` opens.
    fn skip_heredocs(&mut self, line: &str) {
        for delimiter in heredocs(line) {
            while let Some((body, _)) = self.line() {
                if body.trim_start_matches('\t').trim_end() == delimiter {
                    break;
                }
            }
        }
    }
}

impl Iterator for Instructions<'_> {
    type Item = (Vec<String>, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        let (first, start) = loop {
            let (line, start) = self.line()?;
            if !line.trim().is_empty() && !line.trim_start().starts_with('#') {
                break (line, start);
            }
        };
        let indent = first.len() - first.trim_start().len();
        let at = start + indent..start + first.trim_end().len();
        let mut words: Vec<String> = Vec::new();
        let mut line = first;
        while let Some(part) = line.trim_end().strip_suffix(self.escape) {
            words.extend(part.split_whitespace().map(str::to_owned));
            line = loop {
                match self.line() {
                    Some((next, _)) if next.trim_start().starts_with('#') || next.trim().is_empty() => {}
                    Some((next, _)) => break next,
                    None => break "",
                }
            };
        }
        words.extend(line.split_whitespace().map(str::to_owned));
        let keyword = words.first().map(|word| word.to_ascii_uppercase());
        if matches!(keyword.as_deref(), Some("RUN" | "COPY" | "ADD" | "ONBUILD")) {
            self.skip_heredocs(&words.join(" "));
        }
        Some((words, at))
    }
}

/// The delimiters of the heredocs that a line opens: `<<EOF`, `<<-EOF`, `<<"EOF"`.
fn heredocs(line: &str) -> Vec<String> {
    line.match_indices("<<")
        .filter_map(|(at, _)| {
            let rest = line[at + 2..].trim_start_matches('-');
            let rest = rest.trim_start_matches(['"', '\'']);
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            (end > 0 && !rest.starts_with(|c: char| c.is_ascii_digit())).then(|| rest[..end].to_owned())
        })
        .collect()
}
