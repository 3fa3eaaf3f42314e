//! Codes about KDL text.

codes! {}
