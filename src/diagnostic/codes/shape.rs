//! Codes about nodes, arguments, properties and types.

codes! {}
