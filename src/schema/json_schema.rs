use serde_json::{Map, Value, json};

use super::lookup::{all, definition_id};
use super::{Argument, Arity, Body, DOCUMENT, Entries, NodeDef, Property, Rule, SIGNALS, Support, Type, Word};

/// The definition of a value that bears no type of its own.
const SCALAR: &str = "#/$defs/-scalar";
/// The definition of whatever value.
const VALUE: &str = "#/$defs/-value";

/// The language as a JSON Schema (draft 2020-12) of a pipeline in its JSON form: a list of nodes, each
/// `{"name", "type"?, "arguments"?, "properties"?, "children"?}`; a value with an annotation is `{"type", "value"}`.
///
/// Each node of the table is a definition of its own. What the schema cannot say (references, what excludes what) is for `pipe check`.
pub fn json_schema() -> Value {
    let nodes: Vec<&'static NodeDef> = all().into_iter().collect();
    let mut definitions = Map::new();
    for node in nodes.iter().skip(1) {
        definitions.insert(definition_id(node, &nodes), define(node, &nodes));
    }
    definitions.insert(
        "-scalar".to_owned(),
        json!({ "description": "A value.", "type": ["string", "number", "boolean", "null"] }),
    );
    definitions.insert(
        "-value".to_owned(),
        json!({
            "description": "A value, with its annotation where it has one.",
            "anyOf": [{ "$ref": SCALAR }, annotated(&json!({ "type": "string" }), &json!({ "$ref": SCALAR }))],
        }),
    );
    let mut root = block(&DOCUMENT, &nodes);
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), "https://json-schema.org/draft/2020-12/schema".into());
    schema.insert("title".to_owned(), "The pipeline language".into());
    schema.insert(
        "description".to_owned(),
        "A pipeline in its JSON form. Made from the table in src/schema by `UPDATE=1 cargo test --test pure reference`.".into(),
    );
    schema.append(root.as_object_mut().expect("it is an object"));
    schema.insert("$defs".to_owned(), definitions.into());
    schema.into()
}

fn define(node: &'static NodeDef, nodes: &[&'static NodeDef]) -> Value {
    let mut description = node.doc.to_owned();
    if !node.more.is_empty() {
        description = format!("{description} {}", node.more);
    }
    if node.support == Support::Checked {
        description.push_str(" It is checked, and not yet run.");
    }
    let required: Vec<&Property> = node.properties.iter().filter(|property| property.required).collect();
    let mut wanted = vec!["name"];
    if needs_arguments(node) {
        wanted.push("arguments");
    }
    if !required.is_empty() {
        wanted.push("properties");
    }
    json!({
        "title": node.name,
        "description": description,
        "type": "object",
        "properties": {
            "name": { "const": node.name },
            "type": { "type": "string" },
            "arguments": arguments(node),
            "properties": properties(node, &required),
            "children": match node.body {
                Body::None => json!({ "type": "array", "maxItems": 0 }),
                Body::Nodes(_) => block(node, nodes),
                Body::Entries(entries) => json!({
                    "description": entries.key,
                    "type": "array",
                    "items": line(&entries),
                }),
            },
        },
        "required": wanted,
        "additionalProperties": false,
    })
}

/// The nodes that may stand in one, those that may stand once at most once.
fn block(parent: &'static NodeDef, nodes: &[&'static NodeDef]) -> Value {
    let refer = |node: &NodeDef| json!({ "$ref": format!("#/$defs/{}", definition_id(node, nodes)) });
    let there: Vec<&NodeDef> = parent.nodes().collect();
    if there.is_empty() {
        return json!({ "type": "array", "maxItems": 0 });
    }
    let lines = parent.lines.iter().map(line);
    let ways: Vec<Value> = there.iter().map(|node| refer(node)).chain(lines).collect();
    let mut value = json!({ "type": "array", "items": { "anyOf": ways } });
    let single: Vec<Value> = there
        .iter()
        .filter(|node| !node.repeatable)
        .map(|node| {
            let named = json!({ "properties": { "name": { "const": node.name } }, "required": ["name"] });
            json!({ "contains": named, "minContains": 0, "maxContains": 1 })
        })
        .collect();
    if !single.is_empty() {
        value["allOf"] = single.into();
    }
    value
}

/// A node of any name with a value.
fn line(entries: &Entries) -> Value {
    json!({
        "type": "object",
        "properties": {
            "name": { "type": "string" },
            "arguments": sequence(&[entries.value], &[]),
        },
        "required": ["name"],
        "additionalProperties": false,
    })
}

fn needs_arguments(node: &NodeDef) -> bool {
    node.arguments.iter().any(|argument| argument.arity != Arity::Optional)
}

fn arguments(node: &NodeDef) -> Value {
    if let Body::Entries(entries) = node.body {
        let key = Argument::new("key", Type::String, entries.key);
        let line = sequence(&[key, entries.value], &[]);
        return json!({ "description": "A key and its value, where there is no block.", "anyOf": [{ "type": "array", "maxItems": 0 }, line] });
    }
    let mut ways = expanded(node.arguments);
    match ways.len() {
        1 => sequence(&ways.remove(0), node.flags),
        _ => json!({ "anyOf": ways.iter().map(|way| sequence(way, node.flags)).collect::<Vec<_>>() }),
    }
}

/// Every way in which words that take arguments of their own let the arguments follow each other.
fn expanded(arguments: &[Argument]) -> Vec<Vec<Argument>> {
    let Some((first, rest)) = arguments.split_first() else { return vec![Vec::new()] };
    let further = expanded(rest);
    let mut ways: Vec<Vec<Argument>> = further.iter().map(|rest| [&[*first], &rest[..]].concat()).collect();
    let taking = words(first).filter(|word| !word.takes.is_empty());
    for word in taking {
        let alone = Argument {
            ty: Type::Word(std::slice::from_ref(word)),
            words: &[],
            arity: Arity::One,
            doc: word.doc,
            ..*first
        };
        for rest in &further {
            ways.push([&[alone], word.takes, &rest[..]].concat());
        }
    }
    ways
}

fn words(argument: &Argument) -> impl Iterator<Item = &'static Word> {
    let closed: &'static [Word] = if let Type::Word(words) = argument.ty { words } else { &[] };
    argument.words.iter().chain(closed)
}

/// Values in that order, then flags in any.
fn sequence(arguments: &[Argument], flags: &'static [Word]) -> Value {
    let flags: Vec<&str> = flags.iter().map(|flag| flag.word).collect();
    let mut items = Vec::new();
    let mut least = 0;
    let mut rest = if flags.is_empty() { Value::Bool(false) } else { json!({ "enum": flags }) };
    for argument in arguments {
        let value = argument_value(argument);
        let (count, wanted) = match argument.arity {
            Arity::One => (1, 1),
            Arity::Exactly(count) => (count, count),
            Arity::Optional => (1, 0),
            Arity::Many => {
                rest = if flags.is_empty() { value.clone() } else { json!({ "anyOf": [value, { "enum": flags }] }) };
                (1, 1)
            }
        };
        items.extend(std::iter::repeat_n(value, count));
        least += wanted;
    }
    let mut schema = json!({ "type": "array", "minItems": least });
    if !items.is_empty() {
        schema["prefixItems"] = items.into();
    }
    schema["items"] = rest;
    schema
}

fn argument_value(argument: &Argument) -> Value {
    let mut value = of_type(argument.ty);
    let own: Vec<&str> = argument.words.iter().map(|word| word.word).collect();
    if !own.is_empty() {
        value = json!({ "anyOf": [value, { "enum": own }] });
    }
    if !argument.annotations.is_empty() {
        value = json!({ "anyOf": [annotated(&json!({ "enum": argument.annotations }), &json!({ "$ref": SCALAR })), value] });
    }
    described(value, &format!("{}: {}", argument.name, argument.doc), argument.default)
}

fn annotated(annotation: &Value, value: &Value) -> Value {
    json!({
        "type": "object",
        "properties": { "type": annotation, "value": value },
        "required": ["type", "value"],
        "additionalProperties": false,
    })
}

fn properties(node: &NodeDef, required: &[&Property]) -> Value {
    let mut found = Map::new();
    for property in node.properties.iter() {
        let value = described(of_type(property.ty), property.doc, property.default);
        if property.negatable {
            found.insert(format!("not-{}", property.name), value.clone());
        }
        found.insert(property.name.to_owned(), value);
    }
    let other = node.any_property.map_or(Value::Bool(false), |value| described(of_type(value.ty), value.doc, ""));
    let mut schema = json!({ "type": "object", "properties": found, "additionalProperties": other });
    if !required.is_empty() {
        schema["required"] = required.iter().map(|property| property.name).collect();
    }
    if node.rules.iter().any(|rule| matches!(rule, Rule::Asserts)) {
        schema["description"] = "What must hold; something must.".into();
    }
    schema
}

fn described(mut value: Value, doc: &str, default: &str) -> Value {
    if let Some(schema) = value.as_object_mut() {
        let default = if default.is_empty() { String::new() } else { format!(" Without it: {default}.") };
        schema.insert("description".to_owned(), format!("{doc}{default}").into());
    }
    value
}

/// What a value of the type is in JSON.
fn of_type(ty: Type) -> Value {
    match ty {
        Type::Word(words) => {
            let words: Vec<&str> = words.iter().map(|word| word.word).collect();
            json!({ "enum": words })
        }
        Type::Signal => json!({ "enum": SIGNALS }),
        Type::Integer { min, max: i64::MAX } => json!({ "type": "integer", "minimum": min }),
        Type::Integer { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Type::Port => json!({ "type": "integer", "minimum": 1, "maximum": u16::MAX }),
        Type::PublishedPort => json!({ "type": ["integer", "string"] }),
        Type::Number => json!({ "type": "number" }),
        Type::Boolean => json!({ "type": "boolean" }),
        Type::Duration { .. } => {
            let unit = |unit| format!("([0-9]+(\\.[0-9]+)?{unit})?");
            json!({ "type": "string", "pattern": format!("^{}{}{}{}$", unit("h"), unit("m"), unit("s"), unit("ms")) })
        }
        Type::Size => json!({ "type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?(B|[kMGT]B|[KMGT]iB)$" }),
        // A number may stand for the string that it spells.
        Type::Text | Type::Spelled => json!({ "type": ["string", "number"] }),
        Type::Any => json!({ "$ref": VALUE }),
        other if other.is_string() => json!({ "type": "string" }),
        _ => json!({ "$ref": SCALAR }),
    }
}
