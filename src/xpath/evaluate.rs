use std::collections::BTreeSet;

use super::axis::Axis;
use super::expression::{Arithmetic, Comparison, Node, Step};
use super::function::Function;
use super::tree::Kind;
use super::value::read;
use super::{Expression, NodeId, Tree, Value};

/// How many nodes are looked at: an expression that asks for more is given up, so that none takes for ever.
const MOST_LOOKS: usize = 20_000_000;

/// How much of a document is read as text, in bytes and nodes that are passed: elements in each other are all the same text.
const MOST_READ: usize = 1 << 28;

impl Expression {
    /// What the expression gives of a document; in words why it gives nothing.
    pub fn evaluate(&self, tree: &Tree) -> Result<Value, String> {
        let mut asking = Asking { tree, looks: 0, read_before: tree.was_read() };
        asking.node(&self.0, &Context { node: tree.root(), position: 1, size: 1 })
    }
}

/// Where a part of an expression is asked.
struct Context {
    node: NodeId,
    position: usize,
    size: usize,
}

struct Asking<'a> {
    tree: &'a Tree,
    looks: usize,
    /// How much of the document was read before it was asked.
    read_before: usize,
}

impl Asking<'_> {
    fn node(&mut self, node: &Node, context: &Context) -> Result<Value, String> {
        if self.tree.was_read() - self.read_before > MOST_READ {
            return Err(format!("the XPath reads more than {} MiB of text in this document", MOST_READ >> 20));
        }
        Ok(match node {
            Node::Or(left, right) => {
                Value::Bool(self.node(left, context)?.truth() || self.node(right, context)?.truth())
            }
            Node::And(left, right) => {
                Value::Bool(self.node(left, context)?.truth() && self.node(right, context)?.truth())
            }
            Node::Compare(comparison, left, right) => {
                let (left, right) = (self.node(left, context)?, self.node(right, context)?);
                Value::Bool(self.compare(*comparison, &left, &right)?)
            }
            Node::Arithmetic(arithmetic, left, right) => {
                let left = self.node(left, context)?.number(self.tree);
                let right = self.node(right, context)?.number(self.tree);
                Value::Number(match arithmetic {
                    Arithmetic::Add => left + right,
                    Arithmetic::Subtract => left - right,
                    Arithmetic::Multiply => left * right,
                    Arithmetic::Divide => left / right,
                    Arithmetic::Remainder => left % right,
                })
            }
            Node::Negate(of) => Value::Number(-self.node(of, context)?.number(self.tree)),
            Node::Union(left, right) => {
                let mut all: BTreeSet<NodeId> = self.nodes(left, context)?.into_iter().collect();
                all.extend(self.nodes(right, context)?);
                Value::Nodes(all.into_iter().collect())
            }
            Node::Number(number) => Value::Number(*number),
            Node::Literal(text) => Value::Text(text.clone()),
            Node::Call(function, arguments) => self.call(*function, arguments, context)?,
            Node::Path { from_root, steps } => {
                let start = if *from_root { self.tree.root() } else { context.node };
                Value::Nodes(self.steps(vec![start], steps)?)
            }
            Node::Filter { of, predicates, steps } => {
                if predicates.is_empty() && steps.is_empty() {
                    return self.node(of, context);
                }
                let mut nodes = self.nodes(of, context)?;
                for predicate in predicates {
                    nodes = self.narrowed(nodes, predicate)?;
                }
                Value::Nodes(self.steps(nodes, steps)?)
            }
        })
    }

    fn nodes(&mut self, node: &Node, context: &Context) -> Result<Vec<NodeId>, String> {
        match self.node(node, context)? {
            Value::Nodes(nodes) => Ok(nodes),
            Value::Bool(_) | Value::Number(_) | Value::Text(_) => {
                Err("a part of the XPath gives no nodes where nodes are wanted".to_owned())
            }
        }
    }

    fn steps(&mut self, mut nodes: Vec<NodeId>, steps: &[Step]) -> Result<Vec<NodeId>, String> {
        for step in steps {
            let mut found = BTreeSet::new();
            // What is below one of the nodes may be below the next as well, and is not walked through again.
            let mut walked_to = None;
            for node in nodes {
                let is_attribute = matches!(self.tree.node(node).kind, Kind::Attribute(..));
                let is_plain_descent =
                    !is_attribute && step.axis == Axis::DescendantOrSelf && step.predicates.is_empty();
                if is_plain_descent && walked_to.is_some_and(|end| node <= end) {
                    continue;
                }
                let all = step.axis.nodes(self.tree, node);
                self.look(all.len())?;
                if is_plain_descent {
                    walked_to = all.last().copied();
                }
                let mut taken: Vec<NodeId> =
                    all.into_iter().filter(|id| step.test.takes(self.tree, step.axis, *id)).collect();
                for predicate in &step.predicates {
                    taken = self.narrowed(taken, predicate)?;
                }
                found.extend(taken);
            }
            nodes = found.into_iter().collect();
        }
        Ok(nodes)
    }

    /// The nodes of which a predicate holds; a number is a place among them, from 1.
    fn narrowed(&mut self, nodes: Vec<NodeId>, predicate: &Node) -> Result<Vec<NodeId>, String> {
        // `[1]` asks nobody.
        if let Node::Number(place) = predicate {
            let place = *place as usize;
            let is_place = matches!(predicate, Node::Number(number) if place as f64 == *number);
            return Ok(place
                .checked_sub(1)
                .filter(|_| is_place)
                .and_then(|at| nodes.get(at).copied())
                .into_iter()
                .collect());
        }
        let size = nodes.len();
        self.look(size)?;
        let mut kept = Vec::new();
        for (index, node) in nodes.into_iter().enumerate() {
            let position = index + 1;
            let holds = match self.node(predicate, &Context { node, position, size })? {
                Value::Number(number) => number == position as f64,
                value => value.truth(),
            };
            if holds {
                kept.push(node);
            }
        }
        Ok(kept)
    }

    fn look(&mut self, nodes: usize) -> Result<(), String> {
        self.looks += nodes + 1;
        if self.looks > MOST_LOOKS {
            return Err(format!("the XPath looks at more than {MOST_LOOKS} nodes of this document"));
        }
        Ok(())
    }

    /// XPath 1.0, 3.4: where nodes are compared, one pair that holds is enough.
    fn compare(&mut self, comparison: Comparison, left: &Value, right: &Value) -> Result<bool, String> {
        let is_equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        Ok(match (left, right) {
            (Value::Nodes(_), Value::Bool(_)) | (Value::Bool(_), Value::Nodes(_)) => {
                let number = |value: &Value| f64::from(u8::from(value.truth()));
                of_numbers(comparison, number(left), number(right))
            }
            (Value::Nodes(left), Value::Nodes(right)) => {
                let texts: Vec<String> = right.iter().map(|node| self.tree.text(*node)).collect();
                for node in left {
                    self.look(right.len())?;
                    let text = self.tree.text(*node);
                    let holds = |other: &String| match comparison {
                        Comparison::Equal => text == *other,
                        Comparison::NotEqual => text != *other,
                        _ => of_numbers(comparison, read(&text), read(other)),
                    };
                    if texts.iter().any(holds) {
                        return Ok(true);
                    }
                }
                false
            }
            (Value::Nodes(nodes), other) => {
                nodes.iter().any(|node| self.of_one(comparison, &Value::Text(self.tree.text(*node)), other))
            }
            (other, Value::Nodes(nodes)) => {
                nodes.iter().any(|node| self.of_one(comparison, other, &Value::Text(self.tree.text(*node))))
            }
            (Value::Bool(_), _) | (_, Value::Bool(_)) if is_equality => {
                (left.truth() == right.truth()) == (comparison == Comparison::Equal)
            }
            _ => self.of_one(comparison, left, right),
        })
    }

    /// Two values without nodes.
    fn of_one(&self, comparison: Comparison, left: &Value, right: &Value) -> bool {
        match (comparison, left, right) {
            (Comparison::Equal, Value::Text(left), Value::Text(right)) => left == right,
            (Comparison::NotEqual, Value::Text(left), Value::Text(right)) => left != right,
            _ => of_numbers(comparison, left.number(self.tree), right.number(self.tree)),
        }
    }

    fn call(&mut self, function: Function, arguments: &[Node], context: &Context) -> Result<Value, String> {
        let tree = self.tree;
        // The text of an argument, or of where the function is asked.
        let text = |asking: &mut Self, at: usize| match arguments.get(at) {
            Some(argument) => Ok::<_, String>(asking.node(argument, context)?.text(tree)),
            None => Ok(tree.text(context.node)),
        };
        Ok(match function {
            Function::Last => Value::Number(context.size as f64),
            Function::Position => Value::Number(context.position as f64),
            Function::Count => Value::Number(self.nodes(&arguments[0], context)?.len() as f64),
            Function::Id => {
                let texts: Vec<String> = match self.node(&arguments[0], context)? {
                    Value::Nodes(nodes) => nodes.iter().map(|node| tree.text(*node)).collect(),
                    other => vec![other.text(tree)],
                };
                let found = texts.iter().flat_map(|text| text.split_ascii_whitespace()).filter_map(|id| tree.by_id(id));
                Value::Nodes(found.collect::<BTreeSet<_>>().into_iter().collect())
            }
            Function::LocalName | Function::NamespaceUri | Function::Name => {
                let node = match arguments.first() {
                    Some(argument) => self.nodes(argument, context)?.first().copied(),
                    None => Some(context.node),
                };
                let name = node.and_then(|node| tree.name(node));
                Value::Text(match (function, node) {
                    (Function::NamespaceUri, Some(node)) => tree.namespace(node).to_owned(),
                    (Function::LocalName, _) => name.map(|name| name.local).unwrap_or_default(),
                    _ => name.map(|name| name.written()).unwrap_or_default(),
                })
            }
            Function::String => Value::Text(text(self, 0)?),
            Function::Concat => {
                let mut all = String::new();
                for at in 0..arguments.len() {
                    all.push_str(&text(self, at)?);
                }
                Value::Text(all)
            }
            Function::StartsWith => Value::Bool(text(self, 0)?.starts_with(&text(self, 1)?)),
            Function::Contains => Value::Bool(text(self, 0)?.contains(&text(self, 1)?)),
            Function::SubstringBefore => {
                let (whole, part) = (text(self, 0)?, text(self, 1)?);
                Value::Text(whole.split_once(&part).map_or("", |(before, _)| before).to_owned())
            }
            Function::SubstringAfter => {
                let (whole, part) = (text(self, 0)?, text(self, 1)?);
                Value::Text(whole.split_once(&part).map_or("", |(_, after)| after).to_owned())
            }
            Function::Substring => {
                let whole = text(self, 0)?;
                let from = rounded(self.node(&arguments[1], context)?.number(tree));
                let end = match arguments.get(2) {
                    Some(length) => from + rounded(self.node(length, context)?.number(tree)),
                    None => f64::INFINITY,
                };
                let chars = whole.chars().enumerate();
                // Places count from 1; one that is no number takes nothing.
                let taken = chars.filter(|(index, _)| (*index as f64 + 1.0) >= from && (*index as f64 + 1.0) < end);
                Value::Text(taken.map(|(_, c)| c).collect())
            }
            Function::StringLength => Value::Number(text(self, 0)?.chars().count() as f64),
            Function::NormalizeSpace => {
                let text = text(self, 0)?;
                let words = text.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty());
                Value::Text(words.collect::<Vec<_>>().join(" "))
            }
            Function::Translate => {
                let (whole, from) = (text(self, 0)?, text(self, 1)?);
                let to: Vec<char> = text(self, 2)?.chars().collect();
                let from: Vec<char> = from.chars().collect();
                let changed = whole.chars().filter_map(|c| match from.iter().position(|known| *known == c) {
                    Some(at) => to.get(at).copied(),
                    None => Some(c),
                });
                Value::Text(changed.collect())
            }
            Function::Boolean => Value::Bool(self.node(&arguments[0], context)?.truth()),
            Function::Not => Value::Bool(!self.node(&arguments[0], context)?.truth()),
            Function::True => Value::Bool(true),
            Function::False => Value::Bool(false),
            Function::Lang => {
                let wanted = text(self, 0)?.to_ascii_lowercase();
                Value::Bool(self.language(context.node).is_some_and(|language| {
                    let language = language.to_ascii_lowercase();
                    language == wanted || language.strip_prefix(&wanted).is_some_and(|rest| rest.starts_with('-'))
                }))
            }
            Function::Number => Value::Number(match arguments.first() {
                Some(argument) => self.node(argument, context)?.number(tree),
                None => read(&tree.text(context.node)),
            }),
            Function::Sum => {
                let nodes = self.nodes(&arguments[0], context)?;
                Value::Number(nodes.iter().map(|node| read(&tree.text(*node))).sum())
            }
            Function::Floor => Value::Number(self.node(&arguments[0], context)?.number(tree).floor()),
            Function::Ceiling => Value::Number(self.node(&arguments[0], context)?.number(tree).ceil()),
            Function::Round => Value::Number(rounded(self.node(&arguments[0], context)?.number(tree))),
        })
    }

    /// What the nearest `xml:lang`, or `lang` of HTML, says.
    fn language(&self, node: NodeId) -> Option<String> {
        Axis::AncestorOrSelf.nodes(self.tree, node).into_iter().find_map(|node| {
            let attributes = &self.tree.node(node).attributes;
            let is_language = |id: &&NodeId| {
                self.tree.name(**id).is_some_and(|name| matches!(name.written().as_str(), "xml:lang" | "lang"))
            };
            attributes.iter().find(is_language).map(|id| self.tree.text(*id))
        })
    }
}

fn of_numbers(comparison: Comparison, left: f64, right: f64) -> bool {
    match comparison {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => left < right,
        Comparison::LessOrEqual => left <= right,
        Comparison::Greater => left > right,
        Comparison::GreaterOrEqual => left >= right,
    }
}

/// The nearest whole number, of two the greater one.
fn rounded(number: f64) -> f64 {
    (number + 0.5).floor()
}
