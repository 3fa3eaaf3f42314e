use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::DockerfileCopy;
use super::instructions::Instructions;

/// What a pipeline must know of a Dockerfile: its stages and its arguments. Not a parser of the instructions' bodies.
///
/// Understands comments, the `escape` directive, continued lines and heredocs, as the reference of Dockerfiles describes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dockerfile {
    /// In order.
    pub stages: Vec<DockerfileStage>,
    /// Names of all `ARG` instructions, with their places, in order.
    pub args: Vec<DockerfileArg>,
    /// What no builder accepts, in order.
    pub faults: Vec<DockerfileFault>,
}

/// What makes a text no Dockerfile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DockerfileFault {
    /// What.
    pub kind: DockerfileFaultKind,
    /// The bytes at fault.
    pub at: Range<usize>,
}

/// What can be wrong with a Dockerfile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DockerfileFaultKind {
    /// A line begins with a word that is no instruction.
    UnknownInstruction,
    /// An instruction other than `ARG` before the first `FROM`.
    BeforeFrom,
    /// A `FROM` that is not `FROM image` or `FROM image AS name`.
    BadFrom,
}

/// The instructions that there are, by the reference of Dockerfiles.
pub const INSTRUCTIONS: [&str; 18] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// One `FROM`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DockerfileStage {
    /// `AS name`, lower case as BuildKit compares it.
    pub name: Option<String>,
    /// What it begins from, global arguments filled in where they have a value.
    pub base: String,
    /// What it copies from or mounts, besides: names or numbers of stages, or images.
    pub sources: Vec<String>,
    /// What it copies from the context.
    pub copies: Vec<DockerfileCopy>,
    /// Whether `--platform` asks for another platform than that of the build.
    pub foreign: bool,
    /// The bytes of the instruction's line.
    pub at: Range<usize>,
    /// The bytes of its name, where that stands in the same line.
    pub name_at: Option<Range<usize>>,
    /// The number of that line, from 1.
    pub line: usize,
}

/// One `ARG`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DockerfileArg {
    /// Its name.
    pub name: String,
    /// The bytes of the instruction's line.
    pub at: Range<usize>,
}

/// Arguments that BuildKit knows without an `ARG`.
const PREDEFINED: [&str; 22] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "FTP_PROXY",
    "ftp_proxy",
    "NO_PROXY",
    "no_proxy",
    "ALL_PROXY",
    "all_proxy",
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETARCH",
    "TARGETVARIANT",
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDARCH",
    "BUILDVARIANT",
    "SOURCE_DATE_EPOCH",
    "BUILDKIT_INLINE_CACHE",
    "BUILDKIT_SYNTAX",
    "BUILDKIT_MULTI_PLATFORM",
];

impl Dockerfile {
    /// Reads the text of a Dockerfile. Total: what is no instruction is passed over.
    pub fn read(text: &str) -> Dockerfile {
        Dockerfile::read_with(text, &BTreeMap::new())
    }

    /// Reads it as a build with these arguments does.
    pub fn read_with(text: &str, given: &BTreeMap<String, String>) -> Dockerfile {
        let mut stages: Vec<DockerfileStage> = Vec::new();
        let mut args = Vec::new();
        let mut globals = BTreeMap::new();
        let mut faults = Vec::new();
        let any_frontend = has_foreign_syntax(text);
        let (mut line, mut counted) = (1, 0);
        for (words, at) in Instructions::new(text) {
            if !any_frontend {
                faults.extend(fault(&words, &at, stages.is_empty()));
            }
            let mut words = words.into_iter();
            let keyword = words.next().unwrap_or_default().to_ascii_uppercase();
            match keyword.as_str() {
                "FROM" => {
                    let native = ["$BUILDPLATFORM", "${BUILDPLATFORM}", "$TARGETPLATFORM", "${TARGETPLATFORM}"];
                    let mut rest = words.peekable();
                    let mut foreign = false;
                    while let Some(flag) = rest.next_if(|word| word.starts_with("--")) {
                        foreign |= flag.strip_prefix("--platform=").is_some_and(|platform| !native.contains(&platform));
                    }
                    let base = filled(&rest.next().unwrap_or_default(), &globals);
                    let written = match (rest.next(), rest.next()) {
                        (Some(word), Some(name)) if word.eq_ignore_ascii_case("as") => Some(name),
                        _ => None,
                    };
                    let name_at = written.as_ref().and_then(|name| {
                        let start = at.start + text[at.clone()].rfind(name.as_str())?;
                        Some(start..start + name.len())
                    });
                    let name = written.map(|name| name.to_lowercase());
                    line += text[counted..at.start].matches('\n').count();
                    counted = at.start;
                    stages.push(DockerfileStage {
                        name,
                        base,
                        sources: Vec::new(),
                        copies: Vec::new(),
                        foreign,
                        at,
                        name_at,
                        line,
                    });
                }
                "ARG" => {
                    for word in words {
                        let (name, default) = match word.split_once('=') {
                            Some((name, default)) => (name.to_owned(), Some(unquoted(default))),
                            None => (word, None),
                        };
                        if stages.is_empty() {
                            let value = given.get(&name).cloned();
                            let value = value.or_else(|| default.map(|default| filled(default, &globals)));
                            globals.extend(value.map(|value| (name.clone(), value)));
                        }
                        args.push(DockerfileArg { name, at: at.clone() });
                    }
                }
                "COPY" | "ADD" | "RUN" => {
                    if let Some(stage) = stages.last_mut() {
                        if keyword != "RUN" {
                            stage.copies.extend(DockerfileCopy::read(words.as_slice(), &at));
                        }
                        stage.sources.extend(words.take_while(|word| word.starts_with("--")).filter_map(source));
                    }
                }
                _ => {}
            }
        }
        Dockerfile { stages, args, faults }
    }

    /// The images that a build of `target` takes from outside of the file, each once; `None` where they cannot all be told:
    /// an argument has no value, a platform is asked for, or there is no such target.
    pub fn images(&self, target: Option<&str>) -> Option<Vec<&str>> {
        let last = match target {
            Some(target) => self.stages.iter().position(|stage| Some(stage) == self.stage(target))?,
            None => self.stages.len().checked_sub(1)?,
        };
        let mut images = Vec::new();
        let mut wanted = BTreeSet::from([last]);
        // A stage takes from earlier ones only, so that each is met once, after all that want it.
        while let Some(index) = wanted.pop_last() {
            let stage = &self.stages[index];
            let earlier = &self.stages[..index];
            let named = |name: &str| earlier.iter().rposition(|stage| stage.name.as_deref() == Some(name));
            let base = named(&stage.base.to_lowercase());
            if base.is_none() && stage.foreign {
                return None;
            }
            let numbered = |name: &str| name.parse().ok().filter(|number| *number < index);
            let copied =
                stage.sources.iter().map(|name| (name, named(&name.to_lowercase()).or_else(|| numbered(name))));
            for (name, stage) in std::iter::once((&stage.base, base)).chain(copied) {
                match stage {
                    Some(stage) => drop(wanted.insert(stage)),
                    None if name.contains('$') || name.is_empty() => return None,
                    None if name == "scratch" || images.contains(&name.as_str()) => {}
                    None => images.push(name.as_str()),
                }
            }
        }
        Some(images)
    }

    /// The stages that a build of `target` performs, by their number: the target, what it begins from and copies from. Empty where there
    /// is no such target.
    pub fn performed(&self, target: Option<&str>) -> BTreeSet<usize> {
        let last = match target {
            Some(target) => self.stages.iter().position(|stage| Some(stage) == self.stage(target)),
            None => self.stages.len().checked_sub(1),
        };
        let mut performed = BTreeSet::new();
        let mut wanted: Vec<usize> = last.into_iter().collect();
        while let Some(index) = wanted.pop() {
            if !performed.insert(index) {
                continue;
            }
            let stage = &self.stages[index];
            let earlier = &self.stages[..index];
            for name in std::iter::once(&stage.base).chain(&stage.sources) {
                let lower = name.to_lowercase();
                let named = earlier.iter().rposition(|stage| stage.name.as_deref() == Some(lower.as_str()));
                wanted.extend(named.or_else(|| name.parse().ok().filter(|number| *number < index)));
            }
        }
        performed
    }

    /// The stage that `target` names: by `AS`, or by its number from 0. BuildKit compares without case.
    pub fn stage(&self, target: &str) -> Option<&DockerfileStage> {
        let lower = target.to_lowercase();
        self.stages
            .iter()
            .rev()
            .find(|stage| stage.name.as_deref() == Some(lower.as_str()))
            .or_else(|| target.parse::<usize>().ok().and_then(|index| self.stages.get(index)))
    }

    /// The names of its stages, in order.
    pub fn stage_names(&self) -> impl Iterator<Item = &str> {
        self.stages.iter().filter_map(|stage| stage.name.as_deref())
    }

    /// Whether a build argument of that name means something to it.
    pub fn takes_arg(&self, name: &str) -> bool {
        PREDEFINED.contains(&name) || self.args.iter().any(|arg| arg.name == name)
    }
}

/// Whether `# syntax=` asks for a builder of its own, whose instructions are not known here.
fn has_foreign_syntax(text: &str) -> bool {
    let directives = text.lines().map_while(|line| line.trim().strip_prefix('#'));
    let mut syntax = directives.filter_map(|line| {
        let (key, value) = line.split_once('=')?;
        key.trim().eq_ignore_ascii_case("syntax").then(|| value.trim())
    });
    syntax.next().is_some_and(|value| !value.trim_start_matches("docker.io/").starts_with("docker/dockerfile"))
}

/// What is wrong with the instruction of these words, whose first line is `at`.
fn fault(words: &[String], at: &Range<usize>, is_first: bool) -> Option<DockerfileFault> {
    let keyword = words.first()?;
    let upper = keyword.to_ascii_uppercase();
    let word = at.start..at.start + keyword.len();
    if !INSTRUCTIONS.contains(&upper.as_str()) {
        return Some(DockerfileFault { kind: DockerfileFaultKind::UnknownInstruction, at: word });
    }
    if is_first && upper != "FROM" && upper != "ARG" {
        return Some(DockerfileFault { kind: DockerfileFaultKind::BeforeFrom, at: word });
    }
    let rest: Vec<&String> = words[1..].iter().skip_while(|word| word.starts_with("--")).collect();
    let is_from = match rest.as_slice() {
        [_] => true,
        [_, word, _] => word.eq_ignore_ascii_case("as"),
        _ => false,
    };
    (upper == "FROM" && !is_from).then(|| DockerfileFault { kind: DockerfileFaultKind::BadFrom, at: at.clone() })
}

/// What `--from=x` and `--mount=type=bind,from=x` name.
fn source(flag: String) -> Option<String> {
    let from = match flag.strip_prefix("--mount=") {
        Some(options) => options.split(',').find_map(|option| option.strip_prefix("from=")),
        None => flag.strip_prefix("--from="),
    };
    from.map(|from| unquoted(from).to_owned())
}

/// What is filled in may name what was filled in before, twice a time: a value that grows longer than any reference to an image
/// is left as it is written.
const FILLED: usize = 16 * 1024;

/// `text` with `$NAME`, `${NAME}` and `${NAME:-word}` filled from `values`; unknown names stay as they are.
fn filled(text: &str, values: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(dollar) = rest.find('$') {
        out.push_str(&rest[..dollar]);
        let after = &rest[dollar + 1..];
        let (expression, length) =
            match after.strip_prefix('{').and_then(|inner| inner.find('}').map(|end| &inner[..end])) {
                Some(inner) => (inner, inner.len() + 2),
                None => {
                    let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
                    (&after[..end], end)
                }
            };
        let (name, default) = match expression.split_once(":-").or_else(|| expression.split_once('-')) {
            Some((name, default)) => (name, Some(default)),
            None => (expression, None),
        };
        match values.get(name).map(String::as_str).or(default) {
            Some(value) => out.push_str(value),
            None => out.push_str(&rest[dollar..dollar + 1 + length]),
        }
        if out.len() > FILLED {
            return text.to_owned();
        }
        rest = &after[length..];
    }
    out.push_str(rest);
    out
}

fn unquoted(text: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inner;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# syntax=docker/dockerfile:1
ARG VERSION=3.12
ARG IMAGE=\"python:${VERSION}\"
FROM $IMAGE AS Base
RUN apt-get update && \\
    # a comment between
    apt-get install -y x
RUN <<EOF
FROM nowhere AS trap
EOF
from --platform=$BUILDPLATFORM base as test
ARG APP_VERSION
ARG A=1 B
FROM ${OTHER:-debian:12}
COPY --from=test /app /app
";

    #[test]
    fn arguments_that_double_each_other_cost_nothing() {
        let doubling: String = (1..200).map(|at| format!("ARG A{at}=$A{0}$A{0}\n", at - 1)).collect();
        let dockerfile = Dockerfile::read(&format!("ARG A0=aaaaaaaa\n{doubling}FROM $A199\n"));
        assert!(dockerfile.stages[0].base.len() <= FILLED);
    }

    #[test]
    fn what_no_builder_accepts_has_its_place() {
        let faults = |text: &str| -> Vec<_> {
            let faults = Dockerfile::read(text).faults.into_iter();
            faults.map(|fault| (fault.kind, text[fault.at].to_owned())).collect()
        };
        use DockerfileFaultKind::{BadFrom, BeforeFrom, UnknownInstruction};
        assert_eq!(faults(TEXT), []);
        assert_eq!(
            faults("RUN x\nFROM a:1\n  RNU x\nfrom a:1 b\n"),
            [
                (BeforeFrom, "RUN".to_owned()),
                (UnknownInstruction, "RNU".to_owned()),
                (BadFrom, "from a:1 b".to_owned()),
            ]
        );
        assert_eq!(faults("# syntax=me/own:1\nFROM a:1\nINCLUDE x\n"), []);
    }

    #[test]
    fn stages_bases_and_args_are_found() {
        let file = Dockerfile::read(TEXT);
        let stages: Vec<_> = file.stages.iter().map(|stage| (stage.name.as_deref(), stage.base.as_str())).collect();
        assert_eq!(stages, [(Some("base"), "python:3.12"), (Some("test"), "base"), (None, "debian:12")]);
        assert_eq!(&TEXT[file.stages[0].at.clone()], "FROM $IMAGE AS Base");
        assert_eq!(file.stages.iter().map(|stage| stage.line).collect::<Vec<_>>(), [4, 11, 14]);
        assert!(file.takes_arg("APP_VERSION") && file.takes_arg("B") && file.takes_arg("http_proxy"));
        assert!(!file.takes_arg("APP_VERSON"));
    }

    #[test]
    fn targets_are_names_without_case_or_numbers() {
        let file = Dockerfile::read(TEXT);
        assert_eq!(file.stage("BASE"), file.stages.first());
        assert_eq!(file.stage("2"), file.stages.last());
        assert_eq!(file.stage("release"), None);
    }

    #[test]
    fn the_escape_directive_is_honoured() {
        let file = Dockerfile::read("# escape=`\nFROM a `\n  AS b\nRUN dir C:\\\nFROM c\n");
        assert_eq!(file.stages.len(), 2);
        assert_eq!(file.stages[0].name.as_deref(), Some("b"));
    }

    #[test]
    fn only_the_images_that_a_target_takes_are_its_images() {
        let text = "ARG BASE=a:1\nARG TAG\nFROM ${BASE} AS one\nFROM --platform=$BUILDPLATFORM b:1 AS two\n\
                    FROM one AS three\nCOPY --chown=1 --from=TWO /a /b\nRUN --mount=type=bind,from=c:1,target=/c cp /c /d\n\
                    FROM --platform=linux/arm64 d:1 AS four\nFROM e:$TAG AS five\nFROM scratch\nCOPY --from=0 / /\n";
        let images = |target, given: &[(&str, &str)]| {
            let given = given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let file = Dockerfile::read_with(text, &given);
            file.images(target).map(|images| images.into_iter().map(str::to_owned).collect::<Vec<_>>())
        };
        let some = |images: &[&str]| Some(images.iter().map(|image| (*image).to_owned()).collect::<Vec<_>>());
        assert_eq!(images(Some("one"), &[]), some(&["a:1"]));
        assert_eq!(images(Some("one"), &[("BASE", "x:2")]), some(&["x:2"]));
        assert_eq!(images(Some("Three"), &[]), some(&["c:1", "b:1", "a:1"]));
        assert_eq!(images(None, &[]), some(&["a:1"]));
        assert_eq!(images(Some("four"), &[]), None);
        assert_eq!((images(Some("five"), &[]), images(Some("five"), &[("TAG", "9")])), (None, some(&["e:9"])));
        assert_eq!(images(Some("six"), &[]), None);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "(FROM|ARG|RUN|<<|EOF|\\$\\{|\\}|\\$|#|=|\\\\|a|é| |\\n){0,30}") {
            Dockerfile::read(&text).images(None);
        }
    }
}
