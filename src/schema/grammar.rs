use std::fmt::Write;

use super::lookup::{all, definition_id};
use super::{Argument, Arity, Body, DOCUMENT, NodeDef, Property, SIGNALS, Type};

/// The language as a document of the KDL Schema Language (version 2 of kdl.dev's draft), for editors and other implementers.
///
/// Each node of the table is a definition with an id of its own, to which its parents refer.
pub fn grammar() -> String {
    let mut out = String::from(
        "// Made from the table in src/schema by `UPDATE=1 cargo test --test pure reference`.\n\
         // In the KDL Schema Language of https://github.com/kdl-org/kdl/blob/main/SCHEMA-SPEC.md.\n\
         document {\n    info {\n        title \"The pipeline language\" lang=en\n        version \"0.1.0\"\n    }\n",
    );
    let nodes: Vec<&'static NodeDef> = all().into_iter().collect();
    for node in DOCUMENT.nodes() {
        refer(&mut out, node, &nodes, 1);
    }
    out.push_str("    definitions {\n");
    for node in nodes.iter().filter(|node| !std::ptr::eq(**node, &DOCUMENT)) {
        define(&mut out, node, &nodes);
    }
    out.push_str("    }\n}\n");
    out
}

fn refer(out: &mut String, node: &NodeDef, nodes: &[&'static NodeDef], depth: usize) {
    let indent = "    ".repeat(depth);
    let max = if node.repeatable { "" } else { " { max 1; }" };
    let _ = writeln!(
        out,
        "{indent}node {} ref={}{max}",
        quote(node.name),
        quote(&format!("[id=\"{}\"]", definition_id(node, nodes)))
    );
}

fn define(out: &mut String, node: &'static NodeDef, nodes: &[&'static NodeDef]) {
    let _ = writeln!(
        out,
        "        node {} id={} description={} {{",
        quote(node.name),
        quote(&definition_id(node, nodes)),
        quote(node.doc)
    );
    let entries = match node.body {
        Body::Entries(entries) => Some(entries),
        Body::None | Body::Nodes(_) => None,
    };
    if node.any_property.is_some() {
        out.push_str("            other-props-allowed #true\n");
    }
    for argument in node.arguments {
        value(out, argument);
        if let Type::Word(words) = argument.ty
            && words.iter().any(|word| !word.takes.is_empty())
        {
            out.push_str("            value description=\"what the word before it takes\" { min 0; max 1; }\n");
        }
    }
    if entries.is_some() {
        out.push_str(
            "            value description=\"a key and its value, where there is no block\" { min 0; max 2; }\n",
        );
    }
    if !node.flags.is_empty() {
        let words: Vec<String> = node.flags.iter().map(|flag| quote(flag.word)).collect();
        let _ = writeln!(out, "            value {{ min 0; max {}; enum {}; }}", words.len(), words.join(" "));
    }
    for property in node.properties.iter() {
        prop(out, property, property.name);
        if property.negatable {
            prop(out, property, &format!("not-{}", property.name));
        }
    }
    if let Some(entries) = entries {
        let _ = writeln!(
            out,
            "            children {{\n                other-nodes-allowed #true\n                node {{"
        );
        let _ = write!(out, "    ");
        value(out, &entries.value);
        out.push_str("                }\n            }\n");
    }
    if node.nodes().next().is_some() {
        out.push_str("            children {\n");
        if let Some(lines) = node.lines {
            out.push_str("                other-nodes-allowed #true\n                node {\n    ");
            value(out, &lines.value);
            out.push_str("                }\n");
        }
        for child in node.nodes() {
            refer(out, child, nodes, 4);
        }
        out.push_str("            }\n");
    }
    out.push_str("        }\n");
}

fn value(out: &mut String, argument: &Argument) {
    let counts = match argument.arity {
        Arity::One => "min 1; max 1;".to_owned(),
        Arity::Optional => "min 0; max 1;".to_owned(),
        Arity::Many => "min 1;".to_owned(),
        Arity::Exactly(count) => format!("min {count}; max {count};"),
    };
    let names: Vec<&str> = argument.annotations.iter().chain(argument.ty.languages()).copied().collect();
    let tag = match names.as_slice() {
        [] => String::new(),
        names => format!(" tag {{ enum {}; }};", names.iter().map(|name| quote(name)).collect::<Vec<_>>().join(" ")),
    };
    let _ = writeln!(
        out,
        "            value description={}{}",
        quote(argument.doc),
        braces(&format!("{counts} {}{tag}", validations(argument.ty)))
    );
}

fn prop(out: &mut String, property: &Property, name: &str) {
    let required = if property.required { "required #true; " } else { "" };
    let _ = writeln!(
        out,
        "            prop {} description={}{}",
        quote(name),
        quote(property.doc),
        braces(&format!("{required}{}", validations(property.ty)))
    );
}

/// A block of one line; nothing where there is nothing in it.
fn braces(inside: &str) -> String {
    if inside.trim().is_empty() { String::new() } else { format!(" {{ {} }}", inside.trim()) }
}

fn validations(ty: Type) -> String {
    match ty {
        Type::Word(words) => {
            let words: Vec<String> = words.iter().map(|word| quote(word.word)).collect();
            format!("type string; enum {};", words.join(" "))
        }
        Type::Signal => {
            format!("type string; enum {};", SIGNALS.iter().map(|signal| quote(signal)).collect::<Vec<_>>().join(" "))
        }
        Type::Integer { min, max: i64::MAX } => format!("type number; \">=\" {min};"),
        Type::Integer { min, max } => format!("type number; \">=\" {min}; \"<=\" {max};"),
        Type::Port => "type number; \">=\" 1; \"<=\" 65535;".to_owned(),
        Type::Number => "type number;".to_owned(),
        Type::Boolean => "type boolean;".to_owned(),
        Type::Duration { .. } => {
            let unit = |unit| format!("([0-9]+(\\\\.[0-9]+)?{unit})?");
            format!("type string; pattern \"^{}{}{}{}$\";", unit("h"), unit("m"), unit("s"), unit("ms"))
        }
        Type::Size => "type string; pattern \"^[0-9]+(\\\\.[0-9]+)?(B|[kMGT]B|[KMGT]iB)$\";".to_owned(),
        Type::Regex => "type string; format regex;".to_owned(),
        Type::Url => "type string; format url-reference;".to_owned(),
        Type::Any | Type::PublishedPort | Type::Text | Type::Spelled => String::new(),
        Type::Name
        | Type::String
        | Type::Script
        | Type::Path
        | Type::ContainerPath
        | Type::ImageReference
        | Type::Json
        | Type::JsonPath
        | Type::XPath
        | Type::Address
        | Type::Words => "type string;".to_owned(),
    }
}

fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
