use regex::Regex;
use serde_json::Value;
use serde_json_path::JsonPath;
use sha2::{Digest, Sha256};

use super::Observed;
use super::filter::{hex, texts};
use super::observed::{cut, quoted};
use crate::model::{Fact, Query, names_one_place};

/// Bytes that a probe found, with what they are called: `the body`, `the output`.
#[derive(Debug, Clone, Copy)]
pub struct Content<'a> {
    bytes: &'a [u8],
    called: &'a str,
}

impl<'a> Content<'a> {
    /// These bytes, called so.
    pub fn new(bytes: &'a [u8], called: &'a str) -> Self {
        Content { bytes, called }
    }

    /// What `query` finds in them; `None` where it asks for something that bytes do not have.
    pub fn observe(self, query: &Query<String>) -> Option<Observed> {
        Some(match query {
            Query::Fact(Fact::Body) => self.text(),
            Query::Fact(Fact::Bytes) => Observed::Text(hex(self.bytes)),
            Query::Fact(Fact::Lines) => self.on_text(|text| texts(text.lines())),
            Query::Fact(Fact::Size) => Observed::Number(self.bytes.len() as f64),
            Query::Fact(Fact::Sha256) => Observed::Text(format!("{:x}", Sha256::digest(self.bytes))),
            Query::Json(path) => self.json(path),
            Query::Regex(pattern) => self.on_text(|text| regex(pattern, text)),
            _ => return None,
        })
    }

    /// All of them, as text.
    pub fn text(self) -> Observed {
        self.on_text(|text| Observed::Text(text.to_owned()))
    }

    fn on_text(self, look: impl FnOnce(&str) -> Observed) -> Observed {
        match std::str::from_utf8(self.bytes) {
            Ok(text) => look(text),
            Err(_) => Observed::Broken(format!("{} is not UTF-8 text ({} bytes)", self.called, self.bytes.len())),
        }
    }

    fn json(self, path: &str) -> Observed {
        let compiled = match JsonPath::parse(path) {
            Ok(compiled) => compiled,
            Err(error) => return Observed::Broken(format!("the JSONPath `{path}` does not read: {error}")),
        };
        let value: Value = match serde_json::from_slice(self.bytes) {
            Ok(value) => value,
            Err(_) if self.bytes.is_empty() => {
                return Observed::Broken(format!("{} is empty, not JSON", self.called));
            }
            Err(error) => {
                let begin = cut(&String::from_utf8_lossy(&self.bytes[..self.bytes.len().min(240)]), 60);
                let begin = quoted(&begin);
                return Observed::Broken(format!("{} is not JSON ({error}); it begins {begin}", self.called));
            }
        };
        found_at(path, &compiled, &value)
    }
}

fn regex(pattern: &str, text: &str) -> Observed {
    match Regex::new(pattern) {
        Ok(regex) => {
            let found = regex.captures(text).and_then(|found| found.get(1).or(found.get(0)));
            found.map_or(Observed::Absent, |found| Observed::Text(found.as_str().to_owned()))
        }
        Err(error) => Observed::Broken(format!("the regular expression does not read: {error}")),
    }
}

/// What a JSONPath selects in a value.
pub(in crate::probe) fn select(path: &str, value: &Value) -> Observed {
    match JsonPath::parse(path) {
        Ok(compiled) => found_at(path, &compiled, value),
        Err(error) => Observed::Broken(format!("the JSONPath `{path}` does not read: {error}")),
    }
}

fn found_at(path: &str, compiled: &JsonPath, value: &Value) -> Observed {
    let nodes = compiled.query(value);
    if names_one_place(path) {
        nodes.first().map_or(Observed::Absent, |value| Observed::Json(value.clone()))
    } else {
        Observed::Nodes(nodes.into_iter().cloned().collect())
    }
}
