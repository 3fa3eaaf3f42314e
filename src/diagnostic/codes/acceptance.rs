//! Codes about acceptance tests.

codes! {}
