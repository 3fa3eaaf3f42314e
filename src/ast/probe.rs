use std::time::Duration;

use super::reader::Reader;
use super::{Capture, Check, KeyValue};
use crate::source::{Span, Spanned};

/// One look at something, with what is expected of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Probe {
    /// `http METHOD URL { … }`.
    Http(HttpProbe),
}

/// `http GET "/todos" follow=#true timeout="5s" { … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct HttpProbe {
    /// In capitals.
    pub method: Spanned<String>,
    /// Absolute, or relative to the target.
    pub url: Spanned<String>,
    /// `query KEY value`, in order.
    pub query: Vec<KeyValue>,
    /// `header NAME value`, in order.
    pub headers: Vec<KeyValue>,
    /// `json`, `body`, `form` or `file`; one at most.
    pub body: Option<Body>,
    /// `basic-auth USER PASSWORD`.
    pub basic_auth: Option<(Spanned<String>, Spanned<String>)>,
    /// `bearer TOKEN`.
    pub bearer: Option<Spanned<String>>,
    /// `follow=#true`.
    pub follow: Option<Spanned<bool>>,
    /// `timeout="5s"`.
    pub timeout: Option<Spanned<Duration>>,
    /// `expect …` and `require …`, in order.
    pub checks: Vec<Check>,
    /// `capture NAME QUERY`, in order.
    pub captures: Vec<Capture>,
    /// The whole node.
    pub span: Span,
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
    /// `file "PATH"`, relative to the pipeline's directory.
    File(Spanned<String>),
}

impl Probe {
    /// The probes in `parent`.
    pub(super) fn decode_all(parent: Reader<'_>) -> Vec<Self> {
        parent.children("http").filter_map(HttpProbe::decode).map(Probe::Http).collect()
    }
}

impl HttpProbe {
    fn decode(node: Reader<'_>) -> Option<Self> {
        let basic_auth = node.child("basic-auth").and_then(|auth| Some((auth.argument(0)?, auth.argument(1)?)));
        Some(HttpProbe {
            method: node.argument(0)?,
            url: node.argument(1)?,
            query: node.pairs("query"),
            headers: node.pairs("header"),
            body: Body::decode(node),
            basic_auth,
            bearer: node.value("bearer"),
            follow: node.property("follow"),
            timeout: node.property("timeout"),
            checks: node.all().filter_map(Check::decode).collect(),
            captures: node.children("capture").filter_map(Capture::decode).collect(),
            span: node.span(),
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
        json.or_else(|| node.value("body").map(Body::Text)).or_else(|| node.value("file").map(Body::File))
    }
}
