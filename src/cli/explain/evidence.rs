use crate::analysis::analyze;
use crate::diagnostic::{Code, blocks};
use crate::model::Inputs;
use crate::schema::{DOCUMENT, NodeDef};
use crate::source::{Files, MemoryWorkspace, Span};
use crate::syntax::{Node, parse};

/// What the bad examples of a code's page show of it.
#[derive(Debug, Default)]
pub struct Evidence {
    /// Whether one of its findings carries edits that mend it.
    pub has_fix: bool,
    /// Whether those may be applied without a look.
    pub is_safe: bool,
    /// The nodes that it was found on.
    pub nodes: Vec<&'static NodeDef>,
}

impl Evidence {
    /// Analyses the bad examples of the code's page. Codes that only a run can meet have none.
    pub fn of(code: Code) -> Self {
        let blocks = blocks(code.page());
        let files = blocks.iter().filter_map(|block| Some((block.file()?, block.text.as_str())));
        let workspace = files.fold(MemoryWorkspace::default(), |workspace, (path, text)| workspace.with(path, text));
        let mut evidence = Evidence::default();
        for block in blocks.iter().filter(|block| block.is("bad")) {
            let analysis = analyze(&Files::single("pipeline.kdl", &block.text), &Inputs::new(&workspace));
            let (document, _) = parse(analysis.files.root());
            for diagnostic in analysis.diagnostics.iter().filter(|diagnostic| diagnostic.code == code) {
                evidence.has_fix |= !diagnostic.fixes.is_empty();
                evidence.is_safe |= diagnostic.fixes.iter().any(|fix| fix.safe);
                evidence.nodes.extend(diagnostic.span().and_then(|span| node_at(&document.nodes, span)));
            }
        }
        evidence
    }
}

/// The innermost node of the language around a span of the document.
fn node_at(nodes: &[Node], span: Span) -> Option<&'static NodeDef> {
    let mut found = None;
    let (mut parent, mut nodes) = (&DOCUMENT, nodes);
    while let Some(node) = nodes.iter().find(|node| node.span.start <= span.start && span.end <= node.span.end) {
        let Some(definition) = parent.child(&node.name) else { break };
        (found, parent, nodes) = (Some(definition), definition, node.children());
    }
    found
}
