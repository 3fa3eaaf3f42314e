//! Every code there is, one file a class. A code does not compile without its page under `specs/codes/`.
//!
//! A page is Markdown: a title line, what is wrong, a `kdl` block marked `bad` that yields exactly this code, how to mend it,
//! and a `kdl` block marked `good` that is clean. Codes of failures that only a run can meet have a `good` block alone.

use super::Code;

/// Declares the codes of one class: `NAME = "slug", Severity;` each with a doc sentence.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $slug:literal, $severity:ident;)*) => {
        $(
            $(#[doc = $doc])+
            pub const $name: $crate::diagnostic::Code = $crate::diagnostic::Code::declare(&$crate::diagnostic::CodeInfo {
                slug: $slug,
                severity: $crate::diagnostic::Severity::$severity,
                class: module_path!(),
                summary: concat!($($doc),+),
                page: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/specs/codes/", $slug, ".md")),
            });
        )*
        /// The codes of this class, in the order of their declaration.
        pub const ALL: &[$crate::diagnostic::Code] = &[$($name),*];
    };
}

pub mod acceptance;
pub mod command;
pub mod engine;
pub mod graph;
pub mod hygiene;
pub mod images;
pub mod names;
pub mod preflight;
pub mod run;
pub mod secrets;
pub mod services;
pub mod shape;
pub mod shell;
pub mod text;

/// Every code.
pub fn all() -> impl Iterator<Item = Code> {
    [
        text::ALL,
        shape::ALL,
        names::ALL,
        graph::ALL,
        images::ALL,
        services::ALL,
        acceptance::ALL,
        shell::ALL,
        secrets::ALL,
        hygiene::ALL,
        preflight::ALL,
        run::ALL,
        engine::ALL,
        command::ALL,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// Whether the code is looked for only where somebody asks: that it is not found proves nothing.
pub fn is_on_request(code: Code) -> bool {
    code == shell::SHELLCHECK || preflight::ALL.contains(&code)
}

/// Whether the labels of such a diagnostic are a path, step by step: a cycle, edge by edge.
pub fn is_path(code: Code) -> bool {
    [graph::DEPENDENCY_CYCLE, graph::TEMPLATE_CYCLE, names::INCLUDE_CYCLE].contains(&code)
}

/// The code that `slug` names.
pub fn find(slug: &str) -> Option<Code> {
    all().find(|code| code.slug() == slug)
}
