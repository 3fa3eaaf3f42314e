//! The one table of every node, argument, property, type, default and doc sentence of the language.
