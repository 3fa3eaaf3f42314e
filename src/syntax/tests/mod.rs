//! What the room promises as a whole; single files test their own functions beside them.

mod agreement;
mod fixes;
mod hostile;
mod mistakes;
mod shape;

use proptest::test_runner::{Config, FileFailurePersistence};

use super::{Document, Node, Value, parse};
use crate::diagnostic::Diagnostics;
use crate::source::Files;

/// So many random cases, after those of `file` that failed once.
pub(super) fn cases(count: u32, file: &'static str) -> Config {
    Config {
        cases: count,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(file))),
        ..Config::default()
    }
}

fn read(text: &str) -> (Files, Document, Diagnostics) {
    let files = Files::single("pipeline.kdl", text);
    let (document, diagnostics) = parse(files.root());
    (files, document, diagnostics)
}

/// A node on one line: names, annotations and values as they were understood, `!` where it is incomplete.
fn shown(node: &Node) -> String {
    let annotated = |annotation: &Option<crate::source::Spanned<String>>| {
        annotation.as_ref().map_or(String::new(), |annotation| format!("({})", annotation.value))
    };
    let mut out = format!("{}{}", annotated(&node.annotation), node.name.value);
    for entry in &node.entries {
        let value = match &entry.value.value {
            Value::String(value) => format!("{value:?}"),
            Value::Integer(value) => value.to_string(),
            Value::Float(value) => format!("{value:?}"),
            Value::Bool(value) => format!("#{value}"),
            Value::Null => "#null".to_owned(),
        };
        let name = entry.name.as_ref().map_or(String::new(), |name| format!("{}=", name.value));
        out += &format!(" {name}{}{value}", annotated(&entry.annotation));
    }
    if let Some(children) = &node.children {
        out += &format!(" {{ {} }}", children.iter().map(shown).collect::<Vec<_>>().join("; "));
    }
    if node.incomplete { out + " !" } else { out }
}

fn document(text: &str) -> String {
    let (_, document, _) = read(text);
    document.nodes.iter().map(shown).collect::<Vec<_>>().join("\n")
}
