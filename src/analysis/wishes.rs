use std::collections::{BTreeMap, HashMap, HashSet};

use super::suppression::{Comment, Suppression, read};
use crate::diagnostic::codes::{hygiene, shape::MUTUALLY_EXCLUSIVE};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Edit, Fix, Level, Levels, Severity, codes, listed, near};
use crate::source::{FileId, Files, SourceFile, Span, Spanned};
use crate::syntax::{self, Outline};

/// The diagnostics as the author of the pipeline wants them, sorted: without what comments leave out, weighed as the header's `lint`
/// says; and what is to be told of those wishes themselves. The first `documents` of `files` are pipelines. What is not found proves a wish
/// needless only where `is_valid`: opinions are formed of valid pipelines alone.
pub(super) fn granted(
    diagnostics: Diagnostics,
    lint: &[(Level, Spanned<String>)],
    files: &Files,
    documents: usize,
    is_valid: bool,
) -> Diagnostics {
    let mut told = Diagnostics::new();
    let mut suppressions = Suppressions::of(files, documents, &mut told);
    let mut left = suppressions.applied(diagnostics, files);
    suppressions.judge(files, is_valid, &mut told);
    left.extend(told);
    let (levels, told) = levels(lint);
    let mut left = levels.apply(left);
    left.extend(told);
    left.sort();
    left
}

/// The same for what is found later, on request: nothing is told of the wishes themselves, which has been done.
pub(super) fn applied(
    diagnostics: Diagnostics,
    lint: &[(Level, Spanned<String>)],
    files: &Files,
    documents: usize,
) -> Diagnostics {
    let mut suppressions = Suppressions::of(files, documents, &mut Diagnostics::new());
    let (levels, _) = levels(lint);
    let mut left = levels.apply(suppressions.applied(diagnostics, files));
    left.sort();
    left
}

/// All comments that leave something out.
#[derive(Default)]
struct Suppressions {
    list: Vec<Suppression>,
    /// Whether each code of each of them has left something out.
    used: Vec<Vec<bool>>,
    /// Those that cover a line, by index.
    by_line: HashMap<(FileId, usize), Vec<usize>>,
    /// Strings that span lines, by where they begin: what is found inside stands on their first line.
    blocks: BTreeMap<(FileId, u32), Span>,
}

impl Suppressions {
    fn of(files: &Files, documents: usize, told: &mut Diagnostics) -> Self {
        let mut all = Suppressions::default();
        // Only who writes such comments pays for finding them.
        for file in files.iter().take(documents).filter(|file| file.text().contains("pipe:")) {
            let Outline { comments, blocks } = syntax::outline(file);
            all.blocks.extend(blocks.into_iter().map(|span| ((span.file, span.start), span)));
            // From the end, so that a comment above a comment covers what that one covers.
            let mut covered_below: HashMap<usize, usize> = HashMap::new();
            for comment in comments.into_iter().rev() {
                let line = file.line_of(comment.start as usize);
                let own_line = is_blank(&file.text()[file.line_start(line)..comment.start as usize]);
                let covers = if own_line { below(file, line, &covered_below) } else { line };
                if own_line {
                    covered_below.insert(line, covers);
                }
                match read(file, comment) {
                    Some(Comment::Suppression(suppression)) => {
                        all.by_line.entry((file.id(), covers)).or_default().push(all.list.len());
                        all.used.push(vec![false; suppression.codes.len()]);
                        all.list.push(suppression);
                    }
                    Some(Comment::Malformed(span, meant)) => told.push(malformed(span, meant)),
                    None => {}
                }
            }
        }
        all
    }

    /// The diagnostics that no comment leaves out.
    fn applied(&mut self, diagnostics: Diagnostics, files: &Files) -> Diagnostics {
        if self.list.is_empty() {
            return diagnostics;
        }
        diagnostics.into_iter().filter(|diagnostic| !self.leaves_out(diagnostic, files)).collect()
    }

    fn leaves_out(&mut self, diagnostic: &Diagnostic, files: &Files) -> bool {
        let Some(span) = diagnostic.span().filter(|_| diagnostic.code.severity() != Severity::Error) else {
            return false;
        };
        let around = self.blocks.range(..=(span.file, span.start)).next_back();
        let around = around.map(|(_, block)| *block).filter(|block| block.file == span.file && span.start < block.end);
        let file = files.get(span.file);
        let lines = [span.start].into_iter().chain(around.map(|block| block.start));
        let lines: Vec<usize> = lines.map(|offset| file.line_of(offset as usize)).collect();
        let mut is_left_out = false;
        for line in lines {
            for index in self.by_line.get(&(span.file, line)).into_iter().flatten() {
                for (at, code) in self.list[*index].codes.iter().enumerate() {
                    if code.value == diagnostic.code.slug() {
                        self.used[*index][at] = true;
                        is_left_out = true;
                    }
                }
            }
        }
        is_left_out
    }

    /// What is to be told of the comments themselves.
    fn judge(&self, files: &Files, is_valid: bool, told: &mut Diagnostics) {
        for (suppression, used) in self.list.iter().zip(&self.used) {
            let mut unused = Vec::new();
            for (code, used) in suppression.codes.iter().zip(used) {
                match codes::find(&code.value) {
                    None => told.push(unknown(code, &[])),
                    Some(found) if found.severity() == Severity::Error => {
                        told.push(suppressed_error(found, code.span).fix_of(without(suppression, &[code], files)));
                    }
                    Some(found) if !used && is_valid && !codes::is_on_request(found) => unused.push(code),
                    Some(_) => {}
                }
            }
            if let [first, ..] = unused.as_slice() {
                let names = listed(unused.iter().map(|code| &code.value), "and");
                let verb = if unused.len() == 1 { "is" } else { "are" };
                told.push(
                    Diagnostic::new(hygiene::UNUSED_SUPPRESSION, format!("{names} {verb} not found here"))
                        .label(first.span, "leaves nothing out")
                        .help("take it away")
                        .fix_of(without(suppression, &unused, files)),
                );
            }
            if !suppression.has_reason {
                told.push(
                    Diagnostic::new(hygiene::SUPPRESSION_WITHOUT_REASON, "the suppression does not say why")
                        .label(suppression.comment, "no reason")
                        .help("write the reason behind the brackets: `// pipe: allow(unused-volume) filled by hand`"),
                );
            }
        }
    }
}

/// The next line below `line` that is neither blank nor a comment alone. `covered` knows that of the comments below.
fn below(file: &SourceFile, line: usize, covered: &HashMap<usize, usize>) -> usize {
    let mut next = line + 1;
    while next < file.line_count() && is_blank(&file.text()[file.line_range(next)]) {
        next += 1;
    }
    covered.get(&next).copied().unwrap_or(next)
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// Takes codes out of a suppression, and the comment with the last of them.
fn without(suppression: &Suppression, codes: &[&Spanned<String>], files: &Files) -> Fix {
    let gone: HashSet<Span> = codes.iter().map(|code| code.span).collect();
    let stay: Vec<&str> =
        suppression.codes.iter().filter(|code| !gone.contains(&code.span)).map(|code| code.value.as_str()).collect();
    if !stay.is_empty() {
        let edits = vec![Edit { span: suppression.list, text: stay.join(", ") }];
        return Fix { title: "take it out of the list".to_owned(), safe: true, edits };
    }
    let file = files.get(suppression.comment.file);
    let (start, end) = (suppression.comment.start as usize, suppression.comment.end as usize);
    let line = file.line_of(start);
    let before = &file.text()[file.line_start(line)..start];
    let span = if is_blank(before) {
        file.span(file.line_start(line), file.line_start(line + 1))
    } else {
        file.span(file.line_start(line) + before.trim_end().len(), end)
    };
    Fix { title: "take the comment away".to_owned(), safe: true, edits: vec![Edit { span, text: String::new() }] }
}

/// What the header wants of codes, and what is wrong with it.
fn levels(lint: &[(Level, Spanned<String>)]) -> (Levels, Diagnostics) {
    let mut levels = Levels::new("deny");
    let mut told = Diagnostics::new();
    let mut first: HashMap<&str, Span> = HashMap::new();
    for (level, word) in lint {
        match codes::find(&word.value) {
            None if *level == Level::Deny && word.value == "warnings" => levels.deny_warnings(),
            None => told.push(unknown(word, if *level == Level::Deny { &["warnings"] } else { &[] })),
            Some(code) if code.severity() == Severity::Error && *level != Level::Deny => {
                told.push(suppressed_error(code, word.span));
            }
            Some(code) => {
                if levels.set(code, *level).is_some() {
                    let message = format!("`{code}` is wanted in two ways");
                    let mut diagnostic = Diagnostic::new(MUTUALLY_EXCLUSIVE, message).label(word.span, "and here");
                    if let Some(first) = first.get(code.slug()) {
                        diagnostic = diagnostic.label(*first, "here");
                    }
                    told.push(diagnostic.help("keep one of them"));
                }
                first.entry(code.slug()).or_insert(word.span);
            }
        }
    }
    (levels, told)
}

fn unknown(word: &Spanned<String>, groups: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::new(hygiene::UNKNOWN_CODE, format!("there is no code `{}`", word.value))
        .label(word.span, "not a code");
    let known = codes::all().map(|code| code.slug()).chain(groups.iter().copied());
    match near(&word.value, known).as_slice() {
        [] => diagnostic.help("write a code as it is shown in brackets; `pipe explain` lists all of them"),
        [only] => diagnostic.help(format!("did you mean `{only}`?")).suggestion(
            format!("write `{only}`"),
            word.span,
            only.to_string(),
        ),
        misses => diagnostic.help(format!("did you mean {}?", listed(misses, "or"))),
    }
}

fn suppressed_error(code: Code, span: Span) -> Diagnostic {
    Diagnostic::new(hygiene::SUPPRESSED_ERROR, format!("`{code}` is an error, and stays one"))
        .label(span, "has no effect")
        .note("the run would fail, or lie; only warnings and advice are a matter of opinion")
        .help("take it away, and mend what is found")
}

fn malformed(span: Span, meant: Option<String>) -> Diagnostic {
    let diagnostic = Diagnostic::new(hygiene::MALFORMED_SUPPRESSION, "the comment leaves nothing out in this form")
        .label(span, "not understood");
    match meant {
        Some(meant) => diagnostic.help(format!("write `{meant}`")).fix(format!("write `{meant}`"), span, meant),
        None => diagnostic.help("write `allow(CODE)` and the reason, such as `allow(unused-volume) filled by hand`"),
    }
}
