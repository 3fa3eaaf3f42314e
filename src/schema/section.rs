use std::fmt::Write;

use super::lookup::all;
use super::pages::{PAGES, Page};
use super::{Argument, Arity, Body, DOCUMENT, NodeDef, Part, Property, Rule, Support, Type, Word, find};

/// As many words stand with their argument; more have a table of their own.
const FEW: usize = 8;

/// All that the table says of one node, under a heading of that level.
pub(super) fn section(node: &'static NodeDef, level: usize) -> String {
    let mut out = format!("{} `{}`\n\n{}", "#".repeat(level), node.name, node.doc);
    if !node.more.is_empty() {
        let _ = write!(out, " {}", node.more);
    }
    let _ = writeln!(out, "\n\n```text\n{}\n```", signature(node));
    if node.support == Support::Checked {
        let _ = writeln!(out, "\nNot yet run: `pipe check` knows it, and `pipe run` refuses what needs it.");
    }
    arguments(&mut out, node);
    match find(node.same_as).filter(|shared| !std::ptr::eq(*shared, node)) {
        Some(shared) => {
            let _ = writeln!(out, "\nWhat else it takes is that of {}.", link(shared));
        }
        None => {
            properties(&mut out, node);
            block(&mut out, node);
        }
    }
    for rule in node.rules {
        let _ = writeln!(out, "\n{}", sentence(rule));
    }
    let count = if node.repeatable { "may stand several times" } else { "stands once" };
    let _ = writeln!(out, "\nIt {count} {}.", places(node));
    out
}

/// Whether one line of a table says all of it, or all that is its own.
pub(super) fn fits_a_line(node: &NodeDef) -> bool {
    if !node.same_as.is_empty() {
        return true;
    }
    let bare = node.properties.is_empty()
        && node.any_property.is_none()
        && node.flags.is_empty()
        && node.rules.is_empty()
        && node.more.is_empty();
    let words =
        node.arguments.iter().all(|argument| argument.words.is_empty() && !matches!(argument.ty, Type::Word(_)));
    bare && words && matches!(node.body, Body::None)
}

fn arguments(out: &mut String, node: &NodeDef) {
    let entry = match node.body {
        Body::Entries(entries) => vec![("key", entries.key.to_owned()), ("value", argument_text(&entries.value))],
        Body::None | Body::Nodes(_) => match node.lines {
            Some(lines) => vec![("a line", format!("{}. {}", capital(lines.key), argument_text(&lines.value)))],
            None => Vec::new(),
        },
    };
    let own = node.arguments.iter().map(|argument| (argument.name, argument_text(argument)));
    let flags = node.flags.iter().map(|flag| {
        let not_run = if flag.support == Support::Checked { " Not yet run." } else { "" };
        (flag.word, format!("{}{not_run}", capital(flag.doc)))
    });
    let rows: Vec<(&str, String)> = own.chain(entry).chain(flags).collect();
    if !rows.is_empty() {
        out.push_str("\n| argument | |\n|---|---|\n");
    }
    for (name, text) in rows {
        let _ = writeln!(out, "| `{name}` | {text} |");
    }
    node.arguments.iter().for_each(|argument| words_below(out, argument));
}

fn has_many_words(argument: &Argument) -> bool {
    matches!(argument.ty, Type::Word(words) if words.len() > FEW)
}

/// The words of an argument that has many, a line each.
fn words_below(out: &mut String, argument: &Argument) {
    let Type::Word(words) = argument.ty else { return };
    if has_many_words(argument) {
        let _ = writeln!(out, "\n| {} | |\n|---|---|", argument.name);
        for row in word_rows(words) {
            let _ = writeln!(out, "| {} |", row.join(" | "));
        }
    }
}

fn argument_text(argument: &Argument) -> String {
    let mut text = match argument.arity {
        Arity::One => format!("{}. {}", capital(argument.ty.title()), argument.doc),
        Arity::Optional => format!("{}, may be missing. {}", capital(argument.ty.title()), argument.doc),
        Arity::Many => format!("{}, one or more. {}", capital(argument.ty.title()), argument.doc),
        Arity::Exactly(count) => format!("{}, {count} of them. {}", capital(argument.ty.title()), argument.doc),
    };
    if !argument.default.is_empty() {
        let _ = write!(text, " Without it: {}.", code_if_word(argument.default));
    }
    match argument.ty {
        Type::Word(words) if words.len() <= FEW => text.push_str(&word_list(words)),
        Type::Word(_) => text.push_str(" Each is told below."),
        _ => {}
    }
    text.push_str(&word_list(argument.words));
    for annotation in argument.annotations {
        let _ = write!(text, " It may bear `({annotation})`.");
    }
    text
}

fn word_list(words: &[Word]) -> String {
    word_rows(words).iter().map(|[word, doc]| format!("<br>{word}: {doc}")).collect()
}

/// Each word as it is written, and what it means.
fn word_rows(words: &[Word]) -> Vec<[String; 2]> {
    let there = words.iter();
    let row = |word: &Word| {
        let takes: String = word.takes.iter().map(|argument| format!(" {}", argument.name.to_uppercase())).collect();
        let not_run = if word.support == Support::Checked { " (not yet run)" } else { "" };
        [format!("`{}{takes}`", word.word), format!("{}{not_run}", word.doc)]
    };
    there.map(row).collect()
}

fn properties(out: &mut String, node: &NodeDef) {
    if let Some(value) = &node.any_property {
        let _ = writeln!(out, "\nProperties of any name: {}", argument_text(value));
    }
    let there: Vec<&Property> = node.properties.iter().collect();
    if there.is_empty() {
        return;
    }
    out.push_str("\n| property | is | without it | |\n|---|---|---|---|\n");
    for property in there {
        let not = if property.negatable { format!(", `not-{}`", property.name) } else { String::new() };
        let words = if let Type::Word(words) = property.ty { word_list(words) } else { String::new() };
        let range = match property.ty {
            Type::Integer { min, max: i64::MAX } => format!(" from {min}"),
            Type::Integer { min, max } => format!(" from {min} to {max}"),
            _ => String::new(),
        };
        let default = if property.required { "must be there".to_owned() } else { code_if_word(property.default) };
        let requires = property.requires.map_or(String::new(), |part| format!(" Only with `{}`.", part.name()));
        let not_run = if property.support == Support::Checked { " Not yet run." } else { "" };
        let _ = writeln!(
            out,
            "| `{}`{not} | {}{range} | {default} | {}{requires}{not_run}{words} |",
            property.name,
            property.ty.title(),
            property.doc
        );
    }
}

fn block(out: &mut String, node: &NodeDef) {
    let there: Vec<&NodeDef> = node.nodes().collect();
    let (lines, sections): (Vec<&NodeDef>, Vec<&NodeDef>) =
        there.into_iter().partition(|child| fits_a_line(child) && page_of(child).is_none());
    if !lines.is_empty() {
        out.push_str("\n| in its block | |\n|---|---|\n");
    }
    let mut told: Vec<*const Word> = Vec::new();
    let mut many: Vec<&Argument> = Vec::new();
    for child in lines {
        // The queries of a probe stand in several of its nodes, and are told once.
        let new = |argument: &&Argument| match argument.ty {
            Type::Word(words) if !child.same_as.is_empty() => !told.contains(&words.as_ptr()),
            _ => child.same_as.is_empty(),
        };
        let arguments: Vec<&Argument> = child.arguments.iter().filter(new).collect();
        many.extend(arguments.iter().filter(|argument| has_many_words(argument)));
        let arguments = arguments.into_iter().map(argument_text);
        let shared = find(child.same_as).map(|shared| format!("As {}.", link(shared)));
        told.extend(child.arguments.iter().filter_map(|argument| match argument.ty {
            Type::Word(words) => Some(words.as_ptr()),
            _ => None,
        }));
        let not_run =
            (child.support == Support::Checked && node.support != Support::Checked).then(|| "Not yet run.".to_owned());
        let text = std::iter::once(child.doc.to_owned()).chain(not_run).chain(shared).chain(arguments);
        let _ = writeln!(out, "| `{}` | {} |", signature(child), text.collect::<Vec<_>>().join(" "));
    }
    many.into_iter().for_each(|argument| words_below(out, argument));
    if !sections.is_empty() {
        let names: Vec<String> = sections.iter().map(|child| link(child)).collect();
        let _ = writeln!(
            out,
            "\nIn its block{}: {}.",
            if names.len() > 1 { " stand" } else { " stands" },
            names.join(", ")
        );
    }
}

/// The page that describes a node by name.
pub(super) fn page_of(node: &NodeDef) -> Option<&'static Page> {
    PAGES.iter().find(|page| page.nodes.iter().any(|path| find(path).is_some_and(|own| std::ptr::eq(own, node))))
}

/// A link to the section of a node: on the page that is its own, or on this one.
fn link(node: &'static NodeDef) -> String {
    match page_of(node) {
        Some(page) => format!("[`{name}`]({}.md#{name})", page.slug, name = node.name),
        None => format!("[`{name}`](#{name})", name = node.name),
    }
}

/// How a node is written, what may be missing in brackets; two lines where it takes lines of `KEY VALUE`.
pub fn signature(node: &NodeDef) -> String {
    let mut parts = vec![node.name.to_owned()];
    parts.extend(node.arguments.iter().map(|argument| {
        let name = argument.name.to_uppercase();
        match argument.arity {
            Arity::One => name,
            Arity::Optional => format!("[{name}]"),
            Arity::Many => format!("{name}…"),
            Arity::Exactly(count) => vec![name; count].join(" "),
        }
    }));
    if let Body::Entries(entries) = node.body {
        parts.push(if entries.value.arity == Arity::Optional { "KEY [VALUE]" } else { "KEY VALUE" }.to_owned());
    }
    parts.extend(node.flags.iter().map(|flag| format!("[{}]", flag.word)));
    let properties = node.properties.iter();
    let properties: Vec<String> = properties
        .map(
            |property| {
                if property.required { format!("{}=…", property.name) } else { format!("[{}=…]", property.name) }
            },
        )
        .collect();
    if properties.len() <= 6 {
        parts.extend(properties);
    } else {
        parts.push("[PROPERTY=…]…".to_owned());
    }
    if node.any_property.is_some() {
        parts.push("NAME=…".to_owned());
    }
    match node.body {
        Body::Nodes(_) if node.lines.is_some() => parts.push("{ NAME VALUE…; … }".to_owned()),
        Body::Nodes(_) if node.nodes().next().is_some() => parts.push("{ … }".to_owned()),
        Body::Nodes(_) => {}
        Body::Entries(_) => parts.push("| { KEY VALUE; … }".replacen("| ", &format!("\n{} ", node.name), 1)),
        Body::None => {}
    }
    parts.join(" ").replace(" \n", "\n")
}

fn sentence(rule: &Rule) -> String {
    let list = |parts: &[Part]| -> String {
        let names: Vec<String> = parts
            .iter()
            .map(|part| match part {
                Part::Argument(name) => format!("the {name}"),
                Part::Property(name) => format!("`{name}=`"),
                Part::Word(_, name) | Part::Flag(name) | Part::Child(name) => format!("`{name}`"),
            })
            .collect();
        names.join(", ")
    };
    match rule {
        Rule::AtMostOne(parts) => format!("At most one of {}.", list(parts)),
        Rule::ExactlyOne(parts) => format!("Exactly one of {}.", list(parts)),
        Rule::AtLeastOne(parts) => format!("At least one of {}.", list(parts)),
        Rule::Asserts => "Something must be asserted: a value, a property, or a block.".to_owned(),
        Rule::Alone(part) => format!("With `{}` no property may stand.", part.name()),
        Rule::PortOnce => "What the text of the port says itself, no property may say otherwise.".to_owned(),
    }
}

fn places(node: &'static NodeDef) -> String {
    let parents = all().into_iter().filter(|parent| parent.nodes().any(|child| std::ptr::eq(child, node)));
    let places: Vec<String> = parents.map(place).collect();
    match places.as_slice() {
        [] => "nowhere".to_owned(),
        [only] => only.clone(),
        [rest @ .., end] => format!("{} and {end}", rest.join(", ")),
    }
}

pub(super) fn place(node: &NodeDef) -> String {
    if std::ptr::eq(node, &DOCUMENT) { "at the top level".to_owned() } else { format!("in `{}`", node.name) }
}

fn code_if_word(text: &str) -> String {
    if text.is_empty() || text.contains(' ') { text.to_owned() } else { format!("`{text}`") }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + chars.as_str())
}
