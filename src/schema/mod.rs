//! The one table of every node, argument, property, type, default and doc sentence of the language.
//!
//! Main type: [`NodeDef`]; [`DOCUMENT`] is the root of the table. Decoding, did-you-mean, the reference under `specs/language/` and
//! the schema under `grammar/` are all drawn from it. This room must not know KDL's syntax, spans or diagnostics.

mod argument;
mod definition;
mod duration;
mod grammar;
mod habit;
mod json_schema;
mod lookup;
mod pages;
mod port;
mod property;
mod reference;
mod section;
mod signal;
mod size;
mod table;
mod textmate;
mod types;
mod unready;
mod word;

pub use argument::{Argument, Arity};
pub use definition::{Body, Entries, NodeDef, Part, Rule, Support};
pub use duration::{DurationError, parse_duration};
pub use grammar::grammar;
pub use habit::habit;
pub use json_schema::json_schema;
pub use lookup::{alias, alias_anywhere, find, matching, names, parents, paths};
pub use pages::{PAGES, Page};
pub use port::{PortError, Protocol, PublishedPort, parse_published_port};
pub use property::Property;
pub use reference::{explain, page, reference};
pub use section::signature;
pub use signal::SIGNALS;
pub use size::{SizeError, parse_size};
pub use table::{DOCUMENT, is_of_foreign_tests};
pub use textmate::textmate;
pub use types::Type;
pub use word::Word;
