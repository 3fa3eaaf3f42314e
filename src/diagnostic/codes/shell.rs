//! Codes about commands and scripts.

codes! {}
