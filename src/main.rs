//! `pipe`.
fn main() {}
