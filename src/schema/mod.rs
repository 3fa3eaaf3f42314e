//! The one table of every node, argument, property, type, default and doc sentence of the language.
//!
//! Main type: [`NodeDef`]; [`DOCUMENT`] is the root of the table. Decoding, did-you-mean, the reference under `specs/language/` and
//! the schema under `grammar/` are all drawn from it. This room must not know KDL's syntax, spans or diagnostics.

mod definition;
mod duration;
mod grammar;
mod habit;
mod lookup;
mod pages;
mod port;
mod reference;
mod section;
mod signal;
mod size;
mod table;
mod types;

pub use definition::{Argument, Arity, Body, Entries, NodeDef, Part, Property, Rule, Support, Word};
pub use duration::{DurationError, parse_duration};
pub use grammar::grammar;
pub use habit::habit;
pub use lookup::{alias, find, parents};
pub use pages::{PAGES, Page};
pub use port::{PortError, PublishedPort, parse_published_port};
pub use reference::{explain, reference};
pub use signal::SIGNALS;
pub use size::{SizeError, parse_size};
pub use table::DOCUMENT;
pub use types::Type;
