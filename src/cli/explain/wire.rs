//! The JSON of `pipe explain`; its form is versioned.

use serde_json::{Value, json};

use super::args::Listed;
use super::evidence::Evidence;
use super::list::{fix, weight};
use super::page::{Related, example};
use super::topic::Topic;
use crate::diagnostic::{Code, codes};
use crate::schema::{self, Argument, Arity, NodeDef, Property, Support, Type, Word};

/// The version of the format, as `v`.
const VERSION: u32 = 1;

/// All that is known of a topic.
pub fn topic(topic: &Topic) -> Value {
    match topic {
        Topic::Code(code) => {
            let mut value = of_code(*code);
            value["page"] = code.page().into();
            json!({ "v": VERSION, "codes": [value] })
        }
        Topic::Nodes(nodes) => {
            let related = Related::of(nodes);
            let nodes: Vec<Value> = nodes.iter().map(|node| of_node(node, &related)).collect();
            json!({ "v": VERSION, "nodes": nodes })
        }
    }
}

/// Every code, every node, or both.
pub fn list(listed: Listed) -> Value {
    let codes = || codes::all().map(of_code).collect::<Vec<_>>();
    let nodes = || {
        let entry = |(path, node): (String, &NodeDef)| json!({ "path": path, "doc": node.doc, "support": support(node.support) });
        schema::paths().into_iter().map(entry).collect::<Vec<_>>()
    };
    match listed {
        Listed::Codes => json!({ "v": VERSION, "codes": codes() }),
        Listed::Nodes => json!({ "v": VERSION, "nodes": nodes() }),
        Listed::All => json!({ "v": VERSION, "nodes": nodes(), "codes": codes() }),
    }
}

fn of_code(code: Code) -> Value {
    let fix = match fix(&Evidence::of(code)) {
        "" => Value::Null,
        word => word.into(),
    };
    json!({ "code": code.slug(), "severity": weight(code), "class": code.class(), "doc": code.summary(), "fix": fix })
}

fn of_node(node: &'static NodeDef, related: &Related) -> Value {
    let path = schema::paths().into_iter().find(|(_, known)| std::ptr::eq(*known, node)).map(|(path, _)| path);
    json!({
        "path": path,
        "name": node.name,
        "doc": node.doc,
        "more": node.more,
        "support": support(node.support),
        "signature": schema::signature(node),
        "arguments": node.arguments.iter().map(argument).collect::<Vec<_>>(),
        "flags": words(node.flags),
        "properties": node.properties.iter().map(property).collect::<Vec<_>>(),
        "children": node.nodes().map(|child| child.name).collect::<Vec<_>>(),
        "repeatable": node.repeatable,
        "example": example(node),
        "codes": related.codes_of(node).map(|code| code.slug()).collect::<Vec<_>>(),
        "page": schema::page(node),
    })
}

fn argument(argument: &Argument) -> Value {
    let (least, most) = match argument.arity {
        Arity::One => (1, Some(1)),
        Arity::Optional => (0, Some(1)),
        Arity::Many => (1, None),
        Arity::Exactly(count) => (count, Some(count)),
    };
    let own = [words(argument.words), words(set(argument.ty))].concat();
    json!({
        "name": argument.name,
        "type": argument.ty.title(),
        "doc": argument.doc,
        "min": least,
        "max": most,
        "default": text(argument.default),
        "words": own,
        "annotations": argument.annotations,
    })
}

fn property(property: &Property) -> Value {
    json!({
        "name": property.name,
        "type": property.ty.title(),
        "doc": property.doc,
        "required": property.required,
        "negatable": property.negatable,
        "default": text(property.default),
        "words": words(set(property.ty)),
        "support": support(property.support),
    })
}

fn words(words: &[Word]) -> Vec<Value> {
    words.iter().map(|word| json!({ "word": word.word, "doc": word.doc })).collect()
}

fn set(ty: Type) -> &'static [Word] {
    if let Type::Word(words) = ty { words } else { &[] }
}

fn text(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { text.into() }
}

fn support(support: Support) -> Value {
    match support {
        Support::Since(version) => json!({ "since": version }),
        Support::Checked => "checked".into(),
    }
}
