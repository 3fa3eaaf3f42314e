use std::fmt;

use super::axis::Axis;
use super::function::Function;
use super::node_test::NodeTest;
use super::parser::parse;

/// An XPath that was read.
#[derive(Debug, Clone)]
pub struct Expression(pub(super) Node);

/// What is wrong with the text of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// Where, in bytes.
    pub at: usize,
    /// What: `` `)` is missing ``.
    pub message: String,
}

/// A part of an expression.
#[derive(Debug, Clone)]
pub(super) enum Node {
    Or(Box<Node>, Box<Node>),
    And(Box<Node>, Box<Node>),
    Compare(Comparison, Box<Node>, Box<Node>),
    Arithmetic(Arithmetic, Box<Node>, Box<Node>),
    Negate(Box<Node>),
    Union(Box<Node>, Box<Node>),
    Number(f64),
    Literal(String),
    Call(Function, Vec<Node>),
    /// Steps from where the expression is asked, or from the root.
    Path {
        from_root: bool,
        steps: Vec<Step>,
    },
    /// What another part selects, narrowed by predicates, and steps from there.
    Filter {
        of: Box<Node>,
        predicates: Vec<Node>,
        steps: Vec<Step>,
    },
}

#[derive(Debug, Clone)]
pub(super) struct Step {
    pub axis: Axis,
    pub test: NodeTest,
    pub predicates: Vec<Node>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Expression {
    /// Reads the text of an expression.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        parse(text).map(Expression)
    }
}

impl ParseError {
    pub(super) fn new(at: usize, message: impl Into<String>) -> Self {
        ParseError { at, message: message.into() }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at byte {}: {}", self.at, self.message)
    }
}

impl std::error::Error for ParseError {}
