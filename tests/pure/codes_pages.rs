//! Every code has a page that shows it and how to mend it, and the page is true: its examples are analysed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use pipe::analysis::analyze;
use pipe::diagnostic::{Block, Code, Diagnostic, Diagnostics, Severity, blocks, codes};
use pipe::model::Inputs;
use pipe::source::{Files, MemoryWorkspace};

#[test]
fn every_page_begins_with_its_code_and_a_reason() {
    each_page(|code, page, wrong| {
        let mut lines = page.lines();
        if lines.next() != Some(&format!("# {code}")) {
            wrong.push(format!("the first line is not `# {code}`"));
        }
        let reason = lines.find(|line| !line.is_empty()).unwrap_or_default();
        if reason.is_empty() || reason.starts_with('#') || reason.starts_with("```") {
            wrong.push("no paragraph after the title says what is wrong".to_owned());
        }
    });
}

#[test]
fn every_page_has_the_blocks_that_it_needs() {
    each_page(|code, page, wrong| {
        let blocks = blocks(page);
        let of = |kind: &str| blocks.iter().filter(|block| block.is(kind)).count();
        if of("good") == 0 {
            wrong.push("it has no block `kdl good`".to_owned());
        }
        if of("bad") == 0 && !is_beyond_text(code) {
            wrong.push("it has no block `kdl bad`".to_owned());
        }
        for block in &blocks {
            let is_example = block.is("bad") || block.is("good");
            if block.info.first() == Some(&"kdl") && block.file().is_none() && !is_example {
                wrong.push(format!("line {}: a `kdl` block is neither `bad` nor `good`", block.line));
            }
        }
    });
}

#[test]
fn every_bad_example_yields_its_code_and_no_other_error() {
    each_page(|code, page, wrong| {
        let blocks = blocks(page);
        for block in blocks.iter().filter(|block| block.is("bad")) {
            let found = check(&block.text, &blocks);
            let (own, others): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
                found.iter().partition(|found| found.code == code);
            if own.is_empty() {
                wrong.push(format!("line {}: the bad example does not yield it, but {}", block.line, listed(&others)));
            }
            if own.iter().any(|own| own.severity != code.severity()) {
                wrong.push(format!("line {}: the bad example yields it with another severity", block.line));
            }
            if own.iter().any(|own| own.labels.is_empty()) {
                wrong.push(format!("line {}: the bad example yields it without a place", block.line));
            }
            let besides: Vec<_> = others.into_iter().filter(|other| other.severity >= code.severity()).collect();
            if !besides.is_empty() {
                wrong.push(format!("line {}: the bad example yields besides {}", block.line, listed(&besides)));
            }
        }
    });
}

#[test]
fn every_good_example_is_clean() {
    each_page(|code, page, wrong| {
        let blocks = blocks(page);
        for block in blocks.iter().filter(|block| block.is("good")) {
            let found = check(&block.text, &blocks);
            let told: Vec<_> = found.iter().filter(|it| it.severity > Severity::Advice || it.code == code).collect();
            if !told.is_empty() {
                wrong.push(format!("line {}: the good example yields {}", block.line, listed(&told)));
            }
        }
    });
}

#[test]
fn every_page_belongs_to_a_code() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/codes");
    let expected: BTreeSet<String> = codes::all().map(|code| format!("{code}.md")).collect();
    let files = fs::read_dir(folder).expect("the pages have a folder");
    let found: BTreeSet<String> =
        files.map(|file| file.expect("the folder can be read").file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(found, expected, "the files of specs/codes are not the codes' pages");
}

#[test]
fn every_slug_is_kebab_case_and_stands_once() {
    let mut seen = BTreeSet::new();
    for code in codes::all() {
        let slug = code.slug();
        let is_kebab = slug
            .split('-')
            .all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()));
        assert!(is_kebab, "`{slug}` is not made of lower-case words and hyphens");
        assert!(seen.insert(slug), "`{slug}` is declared twice");
        assert_eq!(codes::find(slug), Some(code));
    }
}

/// Whether no text that fits a page can yield the code: only bytes, sizes, the command line, the engine or a run can.
fn is_beyond_text(code: Code) -> bool {
    let text = [
        codes::text::NOT_UTF8,
        codes::text::TEXT_LIMIT,
        codes::text::MIXED_LINE_ENDINGS,
        codes::graph::TOO_MUCH_EXTENDED,
        codes::names::INCLUDE_LIMIT,
        codes::names::INTERPOLATION_LIMIT,
    ];
    let command_line = [
        codes::shape::NOT_YET_SUPPORTED,
        codes::names::UNKNOWN_PARAM,
        codes::secrets::SECRET_FILE_READABLE,
        codes::shell::SHELLCHECK,
    ];
    let beyond = [&text[..], &command_line].concat();
    let classes = [codes::preflight::ALL, codes::run::ALL, codes::engine::ALL, codes::command::ALL].concat();
    classes.iter().chain(&beyond).any(|other| *other == code)
}

/// Holds `look` to every page and fails with all that it found.
fn each_page(look: impl Fn(Code, &str, &mut Vec<String>)) {
    let mut all = Vec::new();
    for code in codes::all() {
        let mut wrong = Vec::new();
        look(code, code.page(), &mut wrong);
        all.extend(wrong.into_iter().map(|wrong| format!("specs/codes/{code}.md: {wrong}")));
    }
    assert!(all.is_empty(), "{} pages or examples are wrong:\n{}", all.len(), all.join("\n"));
}

/// What the analysis tells of a pipeline beside the files that the page holds. No value is set from outside.
fn check(text: &str, blocks: &[Block<'_>]) -> Diagnostics {
    let files = blocks.iter().filter_map(|block| Some((block.file()?, block.text.as_str())));
    let workspace = files.fold(MemoryWorkspace::default(), |workspace, (path, text)| workspace.with(path, text));
    analyze(&Files::single("pipeline.kdl", text), &Inputs::new(&workspace)).diagnostics
}

fn listed(diagnostics: &[&Diagnostic]) -> String {
    if diagnostics.is_empty() {
        return "nothing".to_owned();
    }
    diagnostics.iter().map(|it| format!("{} ({})", it.code, it.message)).collect::<Vec<_>>().join(", ")
}
