use std::sync::OnceLock;

use bytes::Bytes;
use md5::Md5;
use regex::Regex;
use serde_json::Value;
use sha2::{Digest, Sha256, Sha512};

use super::Observed;
use super::charset::decode;
use super::filter::{hex, texts};
use super::json::Unread;
use super::markup::Syntax;
use super::observed::{cut, quoted};
use super::path::select;
use crate::model::{Fact, Query};
use crate::xpath::Tree;

/// Bytes that queries look into: a body, an output, a file. Its text, its JSON and its XML are read once.
#[derive(Debug)]
pub struct Content<'a> {
    bytes: &'a [u8],
    /// What a person calls it: `the body`.
    noun: &'a str,
    charset: Option<String>,
    syntax: Syntax,
    text: OnceLock<Result<String, String>>,
    json: OnceLock<Result<Value, String>>,
    markup: OnceLock<Result<Tree, String>>,
}

impl<'a> Content<'a> {
    /// UTF-8 of which nothing more is known. `noun` is what a person calls it: `the output`.
    pub fn new(bytes: &'a [u8], noun: &'a str) -> Self {
        Content {
            bytes,
            noun,
            charset: None,
            syntax: Syntax::Guessed,
            text: OnceLock::new(),
            json: OnceLock::new(),
            markup: OnceLock::new(),
        }
    }

    /// What `content_type`, a header's value such as `text/html; charset=iso-8859-1`, says of the bytes.
    pub fn of_type(mut self, content_type: &str) -> Self {
        let (kind, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
        self.syntax = match kind.trim().to_ascii_lowercase().as_str() {
            "text/html" => Syntax::Html,
            kind if kind.ends_with("/xml") || kind.ends_with("+xml") => Syntax::Xml,
            _ => Syntax::Guessed,
        };
        let charset = parameters.split(';').filter_map(|parameter| parameter.split_once('='));
        let charset = charset.into_iter().find(|(key, _)| key.trim().eq_ignore_ascii_case("charset"));
        self.charset = charset.map(|(_, value)| value.trim().trim_matches('"').to_owned());
        self
    }

    /// What `query` finds in it; `None` where it asks for something else than content.
    pub fn observe(&self, query: &Query<String>) -> Option<Observed> {
        Some(match query {
            Query::Fact(Fact::Body) => self.text(),
            Query::Fact(Fact::Bytes) => Observed::Bytes(Bytes::copy_from_slice(self.bytes)),
            Query::Fact(Fact::Lines) => self.on_text(|text| texts(text.lines())),
            Query::Fact(Fact::Size) => Observed::Number(self.bytes.len() as f64),
            Query::Fact(Fact::Sha256) => Observed::Text(hex(&Sha256::digest(self.bytes))),
            Query::Fact(Fact::Sha512) => Observed::Text(hex(&Sha512::digest(self.bytes))),
            Query::Fact(Fact::Md5) => Observed::Text(hex(&Md5::digest(self.bytes))),
            Query::Json(path) => match self.json() {
                Ok(value) => select(path, value),
                Err(why) => Observed::Broken(why.clone()),
            },
            Query::Xml(path) => match self.markup() {
                Ok(markup) => super::markup::select(path, markup),
                Err(why) => Observed::Broken(why.clone()),
            },
            Query::Regex(pattern) => self.on_text(|text| first_match(pattern, text)),
            _ => return None,
        })
    }

    /// All of it, as text.
    pub fn text(&self) -> Observed {
        self.on_text(|text| Observed::Text(text.to_owned()))
    }

    fn on_text(&self, look: impl FnOnce(&str) -> Observed) -> Observed {
        match self.read() {
            Ok(text) => look(text),
            Err(why) => Observed::Broken(why.clone()),
        }
    }

    fn read(&self) -> &Result<String, String> {
        self.text.get_or_init(|| {
            let charset = self.charset.as_deref().unwrap_or("utf-8");
            decode(self.bytes, charset).map_err(|why| format!("{} is no text: {why}", self.noun))
        })
    }

    fn json(&self) -> &Result<Value, String> {
        self.json.get_or_init(|| {
            if self.bytes.is_empty() {
                return Err(format!("{} is empty, not JSON", self.noun));
            }
            super::json::read(self.bytes).map_err(|error| {
                if let Unread::TooMany = error {
                    return format!("the JSON of {} is not read: {error}", self.noun);
                }
                let begin = cut(&String::from_utf8_lossy(&self.bytes[..self.bytes.len().min(240)]), 60);
                format!("{} is not JSON ({error}); it begins {}", self.noun, quoted(&begin))
            })
        })
    }

    fn markup(&self) -> &Result<Tree, String> {
        self.markup.get_or_init(|| {
            let text = self.read().as_ref().map_err(Clone::clone)?;
            self.syntax.read(text).map_err(|why| format!("{} is no {}: {why}", self.noun, self.syntax.name()))
        })
    }
}

/// The first group, or all, of what a regular expression matches first.
fn first_match(pattern: &str, text: &str) -> Observed {
    match Regex::new(pattern) {
        Ok(regex) => {
            let found = regex.captures(text).and_then(|found| found.get(1).or(found.get(0)));
            found.map_or(Observed::Absent, |found| Observed::Text(found.as_str().to_owned()))
        }
        Err(error) => Observed::Broken(format!("the regular expression does not read: {error}")),
    }
}
