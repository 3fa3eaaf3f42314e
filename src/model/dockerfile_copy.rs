use std::ops::Range;

/// One `COPY` or `ADD` that takes files of the context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DockerfileCopy {
    /// What it copies, each a path from the context's root; what is no plain path is left out: patterns, variables, addresses and texts
    /// that stand in the file itself.
    pub sources: Vec<String>,
    /// The bytes of the instruction's first line.
    pub at: Range<usize>,
}

impl DockerfileCopy {
    /// Of the words behind `COPY` or `ADD`; `None` where it takes nothing of the context.
    pub(super) fn read(words: &[String], at: &Range<usize>) -> Option<Self> {
        let flags = words.iter().take_while(|word| word.starts_with("--")).count();
        if words[..flags].iter().any(|flag| flag.starts_with("--from=")) {
            return None;
        }
        let paths: Vec<String> = if words.get(flags).is_some_and(|word| word.starts_with('[')) {
            // `COPY ["a b", "/target/"]`
            serde_json::from_str(&words[flags..].join(" ")).ok()?
        } else {
            words[flags..].to_vec()
        };
        let (_, sources) = paths.split_last()?;
        let sources: Vec<String> =
            sources.iter().filter(|source| is_plain(source)).map(|source| relative(source)).collect();
        (!sources.is_empty()).then(|| DockerfileCopy { sources, at: at.clone() })
    }
}

fn is_plain(source: &str) -> bool {
    !source.contains(['$', '*', '?', '[', '\\', '"', '\''])
        && !source.contains("://")
        && !source.starts_with("<<")
        && !source.starts_with("git@")
}

/// The path from the context's root; a leading `/` and a leading `./` mean the same.
fn relative(source: &str) -> String {
    let mut rest = source;
    while let Some(shorter) = rest.strip_prefix('/').or_else(|| rest.strip_prefix("./")) {
        rest = shorter;
    }
    rest.trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(line: &str) -> Option<Vec<String>> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        DockerfileCopy::read(&words, &(0..1)).map(|copy| copy.sources)
    }

    #[test]
    fn what_is_copied_from_the_context_is_told() {
        assert_eq!(sources("a ./b/ /c d/ /target/"), Some(vec!["a".into(), "b".into(), "c".into(), "d".into()]));
        assert_eq!(sources("--chown=app:app a /x"), Some(vec!["a".into()]));
        assert_eq!(sources("[\"a b\", \"/x\"]"), Some(vec!["a b".into()]));
        for nothing in
            ["--from=build /a /x", "*.txt /x", "$SRC /x", "https://example.com/a /x", "<<EOF /x", "/x", "", "[broken"]
        {
            assert_eq!(sources(nothing), None, "{nothing}");
        }
        assert_eq!(sources(". /x"), Some(vec![".".into()]));
    }
}
