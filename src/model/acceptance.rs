use std::path::PathBuf;
use std::time::Duration;

use indexmap::IndexMap;

use super::{CheckStrength, Container, JsonKind, Name, Need, Text};
use crate::source::{Span, Spanned};

/// Tests against services.
#[derive(Debug, Clone)]
pub struct Acceptance {
    /// Its name, where it is declared.
    pub name: Spanned<Name>,
    /// What must be before it starts; the target is among them.
    pub needs: Vec<Need>,
    /// Where relative URLs go.
    pub target: Option<Target>,
    /// Run before each test.
    pub setup: Vec<Probe>,
    /// Run after each test, always.
    pub teardown: Vec<Probe>,
    /// In order.
    pub tests: Vec<Test>,
    /// Bats files, each run in a container of its own.
    pub bats: Vec<BatsFile>,
    /// How long the whole may take.
    pub timeout: Option<Spanned<Duration>>,
    /// The whole node.
    pub span: Span,
}

/// `target app port=8000`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The service.
    pub service: Spanned<Name>,
    /// The container's port.
    pub port: u16,
}

/// One test: its probes in order, with a scope of captures of its own.
#[derive(Debug, Clone)]
pub struct Test {
    /// What it promises; unique in its acceptance.
    pub name: Spanned<String>,
    /// In order.
    pub probes: Vec<Probe>,
    /// The whole node.
    pub span: Span,
}

/// One look at something, with what is expected of it.
#[derive(Debug, Clone)]
pub enum Probe {
    /// `http GET "/todos" { … }`.
    Http(HttpProbe),
}

/// An HTTP request and what is expected of its answer.
#[derive(Debug, Clone)]
pub struct HttpProbe {
    /// `GET`.
    pub method: Spanned<String>,
    /// Absolute, or relative to the target.
    pub url: Text,
    /// Query parameters, added to those of `url`.
    pub query: Vec<(String, Text)>,
    /// Headers.
    pub headers: Vec<(String, Text)>,
    /// The body.
    pub body: Option<Body>,
    /// User and password.
    pub basic_auth: Option<(Text, Text)>,
    /// A bearer token.
    pub bearer: Option<Text>,
    /// Follow redirects.
    pub follow: bool,
    /// From connecting to the last byte.
    pub timeout: Duration,
    /// What is expected, in order.
    pub checks: Vec<Check>,
    /// What is kept for later probes of the test, in order.
    pub captures: Vec<Capture>,
    /// The whole node.
    pub span: Span,
}

/// A request's body.
#[derive(Debug, Clone)]
pub enum Body {
    /// JSON, sent with its content type.
    Json(Text),
    /// Sent as it is.
    Text(Text),
    /// `application/x-www-form-urlencoded`.
    Form(IndexMap<String, Text>),
    /// A file's bytes; relative to the pipeline's directory.
    File(Spanned<PathBuf>),
}

/// `expect QUERY PREDICATE…`: all predicates must hold.
#[derive(Debug, Clone)]
pub struct Check {
    /// Whether the test goes on when it fails.
    pub strength: CheckStrength,
    /// What is looked at.
    pub query: Query,
    /// What must hold; never empty.
    pub predicates: Vec<Predicate>,
    /// The node.
    pub span: Span,
}

/// `capture item header=Location`.
#[derive(Debug, Clone)]
pub struct Capture {
    /// The name that `{{item}}` takes.
    pub name: Spanned<String>,
    /// What is kept.
    pub query: Query,
    /// The node.
    pub span: Span,
}

/// What is looked at in an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Query {
    /// The status code.
    Status,
    /// `1.1`.
    Version,
    /// The URL, after redirects.
    Url,
    /// The value of a header; the name is compared without case.
    Header(Text),
    /// The value of a cookie that the answer sets.
    Cookie(Text),
    /// The body as text.
    Body,
    /// The number of bytes in the body.
    Size,
    /// SHA-256 of the body, in hexadecimal.
    Sha256,
    /// What an RFC 9535 JSONPath selects in the body.
    Json(Text),
    /// The first group (or the whole match) of a regular expression in the body.
    Regex(Text),
    /// Milliseconds from sending to the last byte.
    Duration,
}

/// One thing that must hold of the value looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Predicate {
    /// Must not hold, instead.
    pub not: bool,
    /// What.
    pub kind: PredicateKind,
    /// Where it is written.
    pub span: Span,
}

/// What can be asked of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum PredicateKind {
    /// Equal; numbers by value, strings exactly.
    Equals(Operand),
    /// Greater.
    Gt(f64),
    /// Greater or equal.
    Ge(f64),
    /// Less.
    Lt(f64),
    /// Less or equal.
    Le(f64),
    /// Within both, inclusive.
    Between(f64, f64),
    /// Begins so.
    StartsWith(Text),
    /// Ends so.
    EndsWith(Text),
    /// A string that holds it, or a list that has it.
    Contains(Operand),
    /// A regular expression matches somewhere.
    Matches(Text),
    /// Is one of these.
    In(Vec<Operand>),
    /// There is a value.
    Exists,
    /// An empty string, list or object.
    Empty,
    /// JSON null.
    Null,
    /// A list of this many, or an object or string of this length.
    Count(u64),
    /// A JSON type.
    Type(JsonKind),
    /// An object with this key.
    HasKey(Text),
    /// The same JSON, whatever the order of keys.
    JsonEquals(Text),
    /// JSON that has at least this.
    JsonContains(Text),
}

/// What a value is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// A string.
    Text(Text),
    /// A number.
    Number(f64),
    /// A boolean.
    Bool(bool),
    /// JSON null.
    Null,
}

/// `bats "acceptance.bats" image=release { env … }`.
#[derive(Debug, Clone)]
pub struct BatsFile {
    /// The file, relative to the pipeline's directory.
    pub file: Spanned<PathBuf>,
    /// The container that it runs in; its command is made by pipe.
    pub container: Container,
    /// The whole node.
    pub span: Span,
}
