//! Codes about names, references and values from outside.

codes! {}
