//! XPath 1.0 over XML and HTML: the expression's text, the tree and the answer. Pure; nothing here touches a file or a socket.
//!
//! Main types: [`Expression`] and [`Tree`]. Of the recommendation (<https://www.w3.org/TR/1999/REC-xpath-19991116/>) all expressions,
//! axes, node tests and functions are here, but three things: there are no variables, there is no axis `namespace`, and a
//! prefix is that of the document: `a:b` selects what is written `a:b`, `b` what is written without a prefix, whatever its namespace.
//! This room knows no other.

mod axis;
mod evaluate;
mod expression;
mod function;
mod html;
mod lexer;
mod node_test;
mod parser;
mod tree;
mod value;
mod xml;

#[cfg(test)]
mod tests;

pub use expression::{Expression, ParseError};
pub use tree::{NodeId, Tree};
pub use value::Value;
