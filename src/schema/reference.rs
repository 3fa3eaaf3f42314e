use std::fmt::Write;

use super::lookup::{matching, paths};
use super::pages::{PAGES, Page};
use super::section::{fits_a_line, page_of, section};
use super::unready::by_place;
use super::{NodeDef, Type, find};

/// The files of the language reference, by name, in Markdown.
pub fn reference() -> Vec<(String, String)> {
    let pages = PAGES.iter().map(|page| (format!("{}.md", page.slug), render(page)));
    std::iter::once(("README.md".to_owned(), index())).chain(pages).collect()
}

/// The Markdown of what `topic` names: the node at that path (`service.healthcheck`), or all whose paths end so (`timeout`).
pub fn explain(topic: &str) -> Option<String> {
    let nodes = matching(topic);
    (!nodes.is_empty()).then(|| nodes.iter().map(|node| page(node)).collect::<Vec<_>>().join("\n"))
}

/// The Markdown of one node, as a page of its own.
pub fn page(node: &'static NodeDef) -> String {
    section(node, 1)
}

const MADE: &str = "<!-- Made from the table in src/schema by `UPDATE=1 cargo test --test pure reference`. -->\n\n";

fn index() -> String {
    let mut out = format!("{MADE}# The pipeline language\n\n");
    out.push_str(
        "A pipeline is a file of [KDL 2](https://kdl.dev): nodes with arguments, properties and blocks of further nodes. Words stand without \
         quotes where KDL allows it; what begins with a digit, holds `/`, or is a keyword wants quotes. Comments are `// …` and `/* … */`, and \
         `/-` before a node takes it out.\n\n",
    );
    out.push_str("| page | nodes |\n|---|---|\n");
    for page in PAGES {
        let nodes: Vec<String> =
            page.nodes.iter().map(|path| format!("`{}`", path.rsplit('.').next().unwrap_or(path))).collect();
        let _ = writeln!(out, "| [{}]({}.md) | {} |", page.title, page.slug, nodes.join(", "));
    }
    out.push_str("| [Every query, filter and predicate by example](vocabulary.md) | |\n");
    out.push_str(PEERS);
    out.push_str(INTERPOLATION);
    out.push_str(ANNOTATIONS);
    out.push_str("\n## Types\n\n| type | takes | such as |\n|---|---|---|\n");
    for ty in Type::all() {
        let example = if matches!(ty, Type::Word(_)) { String::new() } else { format!("`{}`", ty.example()) };
        let _ = writeln!(out, "| {} | {} | {} |", ty.title(), ty.doc(), example.replace('|', "\\|"));
    }
    let unready = by_place();
    if !unready.is_empty() {
        out.push_str("\n## Not yet run\n\nChecked in full; `pipe run` refuses what needs it:\n\n");
    }
    for (places, parts) in unready {
        let _ = writeln!(out, "- {}: {}", places.join(", "), parts.join(", "));
    }
    out.push_str("\n## All nodes\n\n| node | |\n|---|---|\n");
    let headings = headings();
    for (path, node) in paths() {
        let told = headings.iter().find(|(told, ..)| std::ptr::eq(*told, node));
        let link = told.map_or(format!("`{path}`"), |(_, page, heading)| format!("[`{path}`]({page}.md#{heading})"));
        let _ = writeln!(out, "| {link} | {} |", node.doc);
    }
    out
}

const PEERS: &str = "
Who knows another tool finds its words beside ours: [Hurl](../peers/hurl.md), [goss](../peers/goss.md) and
[container-structure-test](../peers/container-structure-test.md).
";

const ANNOTATIONS: &str = "
## Annotations

A word in parentheses before a string says what is in it: `(bash)\"…\"`, `(json)\"…\"`.

| annotation | means | where |
|---|---|---|
| `(secret)` | the name of a secret, whose value is meant | a variable of `env` |
| `(sh)`, `(bash)`, `(python)` | a script for `/bin/sh`, bash or Python 3; of `sh` it chooses the interpreter | `sh`, `healthcheck`, any text |
| `(json)`, `(regex)` | JSON or a regular expression, which `pipe check` parses | any text |
| `(sql)` | SQL, for editors | any text |
";

const INTERPOLATION: &str = "
## Interpolation

`{{name}}` in a text is filled in, once: a value is never looked through again. `$NAME` and `$(…)` are the shell's and are left alone.
A literal `{{` is written `{{{{`. All names are looked up by `pipe check`.

| hole | is |
|---|---|
| `{{PARAM}}` | the value of a param |
| `{{matrix.AXIS}}` | in a stage with a matrix: the instance's value of that axis |
| `{{SERVICE.url}}`, `{{SERVICE.host}}`, `{{SERVICE.port.8000}}` | where a service's port is reached from outside |
| `{{SERVICE.internal-url}}` | where it is reached from inside the run's network |
| `{{IMAGE.digest}}` | the id of an image that the pipeline declares |
| `{{matrix.AXIS}}` | the value of an axis, in a stage that has a matrix |
| `{{pipeline.name}}`, `{{run.id}}` | the pipeline's name, the run's identity |
| `{{CAPTURE}}` | what an earlier probe of the same test kept |
";

fn render(page: &Page) -> String {
    let mut out = format!("{MADE}# {}\n\n{}\n\n```kdl\n{}```\n", page.title, page.intro, page.example);
    for root in page.nodes.iter().filter_map(|path| find(path)) {
        let _ = write!(out, "\n{}", section(root, 2));
        for node in described_under(root) {
            let _ = write!(out, "\n{}", section(node, 3));
        }
    }
    out
}

/// The nodes under `root` that have a section on its page: those that fit no line of a table and are no page's own.
fn described_under(root: &'static NodeDef) -> Vec<&'static NodeDef> {
    let mut found: Vec<&'static NodeDef> = Vec::new();
    let mut open: Vec<&'static NodeDef> = vec![root];
    while let Some(parent) = open.pop() {
        for node in parent.nodes() {
            let known = found.iter().any(|seen| std::ptr::eq(*seen, node));
            if !fits_a_line(node) && page_of(node).is_none() && !known {
                found.push(node);
                open.push(node);
            }
        }
    }
    found
}

/// Each node with the page and the heading under which it is told, in the order of reading.
fn headings() -> Vec<(&'static NodeDef, &'static str, &'static str)> {
    let mut found: Vec<(&'static NodeDef, &'static str, &'static str)> = Vec::new();
    for page in PAGES {
        for root in page.nodes.iter().filter_map(|path| find(path)) {
            let sections = std::iter::once(root).chain(described_under(root));
            for section in sections {
                found.push((section, page.slug, section.name));
                let lines = section.nodes().filter(|node| fits_a_line(node) && page_of(node).is_none());
                found.extend(lines.map(|node| (node, page.slug, section.name)));
            }
        }
    }
    found
}
