use std::fmt::Write;

use super::args::Listed;
use super::evidence::Evidence;
use crate::diagnostic::{Code, Severity, codes};
use crate::schema::{self, Support};

/// Every code, every node, or both, in Markdown.
pub fn markdown(listed: Listed) -> String {
    match listed {
        Listed::Codes => of_codes(),
        Listed::Nodes => of_nodes(),
        Listed::All => format!("{}\n{}", of_nodes(), of_codes()),
    }
}

fn of_codes() -> String {
    let mut out = String::from("# Codes of diagnostics\n");
    let mut class = "";
    for code in codes::all() {
        if code.class() != class {
            class = code.class();
            let _ = write!(out, "\n## {class}\n\n| code | weight | fix | |\n|---|---|---|---|\n");
        }
        let _ = writeln!(out, "| `{code}` | {} | {} | {} |", weight(code), fix(&Evidence::of(code)), code.summary());
    }
    out
}

fn of_nodes() -> String {
    let mut out = String::from("# Nodes of the language\n\n| node | |\n|---|---|\n");
    for (path, node) in schema::paths() {
        let support = match node.support {
            Support::Since(_) => "",
            Support::Checked => " Checked, and not yet run.",
        };
        let _ = writeln!(out, "| `{path}` | {}{support} |", node.doc);
    }
    out
}

/// The word of a code's weight.
pub fn weight(code: Code) -> &'static str {
    match code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "advice",
    }
}

/// Whether `pipe check --fix` mends it: `safe`; whether it proposes how: `look`; nothing where it does neither.
pub fn fix(evidence: &Evidence) -> &'static str {
    match (evidence.has_fix, evidence.is_safe) {
        (true, true) => "safe",
        (true, false) => "look",
        (false, _) => "",
    }
}
