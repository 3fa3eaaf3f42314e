/// A fenced block of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block<'a> {
    /// The words after the fence: `kdl bad`, `kdl good`, `text file=Dockerfile`.
    pub info: Vec<&'a str>,
    /// The line of the fence, from 1.
    pub line: usize,
    /// What stands between the fences, each line ended.
    pub text: String,
}

impl<'a> Block<'a> {
    /// Whether it is an example of that kind: `bad` or `good`.
    pub fn is(&self, kind: &str) -> bool {
        self.info == ["kdl", kind]
    }

    /// The path of the file that it stands for, where it is one beside the pipeline.
    pub fn file(&self) -> Option<&'a str> {
        self.info.iter().find_map(|word| word.strip_prefix("file="))
    }
}

/// The fenced blocks of a page in Markdown, in order.
pub fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let text = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```");
            let text = text.flat_map(|line| [line, "\n"]).collect();
            blocks.push(Block { info: info.split_whitespace().collect(), line: at + 1, text });
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_know_what_they_are() {
        let found = blocks("# a\n\n```kdl bad\nx\n```\n\n```text file=a/Dockerfile\nFROM b\n\nRUN c\n```\n");
        assert!(found[0].is("bad") && !found[0].is("good") && found[0].file().is_none());
        assert_eq!((found[0].line, found[0].text.as_str()), (3, "x\n"));
        assert_eq!((found[1].file(), found[1].text.as_str()), (Some("a/Dockerfile"), "FROM b\n\nRUN c\n"));
    }
}
