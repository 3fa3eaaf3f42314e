//! How diagnostics are drawn: full (under the text), concise (a line each), JSON.
/// tmp
#[derive(Clone, Debug)]
pub struct Style {
    /// c
    pub color: bool,
}
/// tmp
pub fn full(_: &super::Diagnostics, _: &crate::source::Files, _: &Style) -> String {
    String::new()
}
