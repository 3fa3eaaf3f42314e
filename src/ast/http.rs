use std::time::Duration;

use super::KeyValue;
use super::reader::{Reader, words};
use crate::source::Spanned;

/// `http GET "/todos" follow=#true timeout="5s" { … }`: the request alone.
#[derive(Debug, Clone, PartialEq)]
pub struct HttpRequest {
    /// In capitals.
    pub method: Spanned<String>,
    /// Absolute, or relative to the target.
    pub url: Spanned<String>,
    /// `query KEY value`, in order.
    pub query: Vec<KeyValue>,
    /// `header NAME value`, in order.
    pub headers: Vec<KeyValue>,
    /// `cookie NAME value`, in order.
    pub cookies: Vec<KeyValue>,
    /// `json`, `body`, `form`, `multipart` or `file`; one at most.
    pub body: Option<Body>,
    /// `basic-auth USER PASSWORD`.
    pub basic_auth: Option<(Spanned<String>, Spanned<String>)>,
    /// `bearer TOKEN`.
    pub bearer: Option<Spanned<String>>,
    /// `follow=#true`.
    pub follow: Option<Spanned<bool>>,
    /// `max-redirects=3`.
    pub max_redirects: Option<Spanned<u32>>,
    /// `timeout="5s"`.
    pub timeout: Option<Spanned<Duration>>,
    /// `connect-timeout="1s"`.
    pub connect_timeout: Option<Spanned<Duration>>,
    /// `insecure=#true`.
    pub insecure: Option<Spanned<bool>>,
    /// `ca "FILE"`, relative to the pipeline's directory.
    pub ca: Option<Spanned<String>>,
    /// `compressed=#true`.
    pub compressed: Option<Spanned<bool>>,
    /// `http-version="2"`.
    pub version: Option<Spanned<HttpVersion>>,
}

/// A request's body.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// `json "…"`.
    Json(Spanned<String>),
    /// `body "…"`.
    Text(Spanned<String>),
    /// `form KEY value`, each of them, or `form { KEY value }`.
    Form(Vec<KeyValue>),
    /// `multipart { … }`, its parts in order.
    Multipart(Vec<Part>),
    /// `file "PATH"`, relative to the pipeline's directory.
    File(Spanned<String>),
}

/// A part of a multipart body.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// `field KEY value`.
    Field(KeyValue),
    /// `file NAME "PATH"`.
    File {
        /// The field's name.
        name: Spanned<String>,
        /// Relative to the pipeline's directory.
        path: Spanned<String>,
        /// Its content type.
        content_type: Option<Spanned<String>>,
        /// What it is called there.
        filename: Option<Spanned<String>>,
    },
}

/// A version of HTTP to speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HttpVersion {
    /// HTTP/1.0.
    Http10,
    /// HTTP/1.1.
    Http11,
    /// HTTP/2.
    Http2,
}

words!(HttpVersion:
    "1.0" => HttpVersion::Http10,
    "1.1" => HttpVersion::Http11,
    "2" => HttpVersion::Http2,
);

impl HttpRequest {
    pub(super) fn decode(node: Reader<'_>) -> Option<Self> {
        Some(HttpRequest {
            method: node.argument(0)?,
            url: node.argument(1)?,
            query: node.pairs("query"),
            headers: node.pairs("header"),
            cookies: node.pairs("cookie"),
            body: Body::decode(node),
            basic_auth: node.child("basic-auth").and_then(|auth| Some((auth.argument(0)?, auth.argument(1)?))),
            bearer: node.value("bearer"),
            follow: node.property("follow"),
            max_redirects: node.property("max-redirects"),
            timeout: node.property("timeout"),
            connect_timeout: node.property("connect-timeout"),
            insecure: node.property("insecure"),
            ca: node.value("ca"),
            compressed: node.property("compressed"),
            version: node.property("http-version"),
        })
    }
}

impl Body {
    fn decode(node: Reader<'_>) -> Option<Self> {
        let form = node.pairs("form");
        if !form.is_empty() {
            return Some(Body::Form(form));
        }
        let json = node.value("json").map(Body::Json);
        json.or_else(|| node.value("body").map(Body::Text))
            .or_else(|| node.value("file").map(Body::File))
            .or_else(|| node.child("multipart").map(|parts| Body::Multipart(Part::decode_all(parts))))
    }
}

impl Part {
    fn decode_all(multipart: Reader<'_>) -> Vec<Self> {
        let mut parts = Vec::new();
        for node in multipart.all() {
            match node.name().value.as_str() {
                "field" => parts.extend(node.own_pairs().into_iter().map(Part::Field)),
                "file" => parts.extend(Part::decode_file(node)),
                _ => {}
            }
        }
        parts
    }

    fn decode_file(node: Reader<'_>) -> Option<Self> {
        Some(Part::File {
            name: node.argument(0)?,
            path: node.argument(1)?,
            content_type: node.property("type"),
            filename: node.property("filename"),
        })
    }
}
