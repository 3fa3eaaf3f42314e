//! What the author of a pipeline wants to hear of, and where they may say so.

use super::of;
use crate::diagnostic::codes::preflight::PLATFORM_MISMATCH;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};

const STAGE: &str = "stage a {\n    image \"busybox:1.35\"\n    command echo a\n}\n";

fn with(text: &str) -> Vec<String> {
    let analysis = of(&format!("{text}{STAGE}"));
    let told = analysis.diagnostics.iter().filter(|diagnostic| diagnostic.severity > Severity::Advice);
    told.map(|diagnostic| diagnostic.code.slug().to_owned()).collect()
}

#[test]
fn a_comment_leaves_out_at_its_line_or_the_next() {
    assert_eq!(with("volume data\n"), ["unused-volume"]);
    assert_eq!(with("volume data // pipe: allow(unused-volume) by hand\n"), [""; 0]);
    assert_eq!(with("// pipe: allow(unused-volume) by hand\n\n// more\nvolume data\n"), [""; 0]);
    let stacked =
        "// pipe: allow(unused-volume) by hand\n// pipe: allow(unused-param) later\nvolume data; param x default=y\n";
    assert_eq!(with(stacked), [""; 0]);
}

#[test]
fn a_comment_leaves_out_nothing_elsewhere() {
    assert_eq!(
        with("// pipe: allow(unused-volume) by hand\nparam x default=y\nvolume data\n"),
        ["unused-suppression", "unused-param", "unused-volume"]
    );
    assert_eq!(with("volume data // pipe: allow(unused-param, unused-volume) by hand\n"), ["unused-suppression"]);
}

#[test]
fn what_is_found_in_a_block_string_stands_on_its_first_line() {
    let text = "stage b {\n    image \"busybox:1.35\"\n    // pipe: allow(failure-ignored, pipe-hides-failure, unquoted-removal) a trial\n    \
                sh \"\"\"\n        cd /tmp\n        rm -rf $X/*\n        \"\"\"\n}\n";
    let without =
        text.replace("    // pipe: allow(failure-ignored, pipe-hides-failure, unquoted-removal) a trial\n", "");
    assert!(with(&without).contains(&"unquoted-removal".to_owned()), "{:?}", with(&without));
    assert!(!with(text).contains(&"unquoted-removal".to_owned()), "{:?}", with(text));
}

#[test]
fn what_is_looked_for_on_request_is_not_needless_where_nobody_asked() {
    assert_eq!(with("// pipe: allow(shellcheck, platform-mismatch) both are known\n"), [""; 0]);
}

#[test]
fn what_is_found_on_request_is_left_out_and_weighed_too() {
    let text = format!("pipeline p {{ lint {{ deny platform-mismatch }} }}\n{STAGE}");
    let analysis = of(&text);
    let place = |word: &str, text: &str| {
        let at = text.find(word).expect("it is in there");
        analysis.files.root().span(at, at + word.len())
    };
    let found = |span| Diagnostics::from_iter([Diagnostic::new(PLATFORM_MISMATCH, "x").label(span, "y")]);
    let granted = analysis.granted(found(place("\"busybox:1.35\"", &text)));
    assert_eq!(granted.count(Severity::Error), 1);
    let allowed = of(&text.replace("1.35\"\n", "1.35\" // pipe: allow(platform-mismatch) emulated\n"));
    assert!(allowed.granted(found(place("\"busybox:1.35\"", &text))).is_empty());
    assert!(allowed.diagnostics.is_empty(), "{:?}", allowed.diagnostics);
}

#[test]
fn errors_stay_and_nothing_is_needless_in_a_broken_file() {
    let text = "volume data // pipe: allow(unused-volume) by hand\nstage b {\n    image \"busybox:1.35\"\n    \
                needs nobody // pipe: allow(unknown-reference) soon\n}\n";
    assert_eq!(with(text), ["unknown-reference", "suppressed-error"]);
}

#[test]
fn the_header_weighs_findings() {
    assert_eq!(with("pipeline p { lint { allow unused-volume } }\nvolume data\n"), [""; 0]);
    let denied = of(&format!("pipeline p {{ lint {{ deny warnings }} }}\nvolume data\n{STAGE}"));
    assert!(denied.pipeline.is_none() && denied.diagnostics.has_errors(), "what is denied is not run");
    assert_eq!(
        with(
            "pipeline p { lint { allow unused-volume; deny unused-volume unused-vol; warn unknown-node } }\nvolume data\n"
        ),
        ["mutually-exclusive", "unknown-code", "suppressed-error", "unused-volume"]
    );
}

#[test]
fn many_comments_cost_in_proportion() {
    let text: String = (0..20_000).map(|_| "// pipe: allow(unused-volume) x\n").collect();
    let began = std::time::Instant::now();
    let all = with(&format!("{text}volume data\n"));
    assert!(all.is_empty() || all.iter().all(|code| code == "unused-suppression"));
    assert!(began.elapsed() < std::time::Duration::from_secs(20), "{:?}", began.elapsed());
}
