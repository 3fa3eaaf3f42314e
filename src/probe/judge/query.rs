use std::time::Duration;

use super::observed::quoted;
use super::{Observed, Subject};
use crate::model::{Hole, Query, Scope};

/// What `query` finds in `found`; the first hole without a value otherwise.
pub fn observe(query: &Query, found: &dyn Subject, scope: &dyn Scope) -> Result<Observed, Hole> {
    let mut open = None;
    let filled = query.map(&mut |text, _| {
        text.fill(scope).unwrap_or_else(|hole| {
            open.get_or_insert(hole);
            String::new()
        })
    });
    match (open, filled) {
        (Some(hole), _) => Err(hole),
        (None, Query::Value(text)) => Ok(Observed::Text(text)),
        (None, filled) => Ok(found.observe(&filled)),
    }
}

/// A span of time as it is looked at: in milliseconds.
pub(in crate::probe) fn milliseconds(time: Duration) -> Observed {
    Observed::Number(time.as_millis() as f64)
}

/// A question that this probe has no answer to; the schema table lets none of them through.
pub(in crate::probe) fn unanswered(query: &Query<String>) -> Observed {
    Observed::Broken(format!("`{}` is not told of here", query.word()))
}

/// A query as the author writes it: `json "$.title"`.
pub(super) fn title(query: &Query) -> String {
    let word = query.word();
    match query {
        Query::Fact(_) => word.to_owned(),
        Query::Certificate(field) => format!("{word} {}", field.word()),
        Query::Header(name) | Query::Cookie(name) | Query::Env(name) | Query::Label(name) => format!("{word} {name}"),
        Query::Json(text) | Query::Xml(text) | Query::Regex(text) | Query::Value(text) => {
            format!("{word} {}", quoted(&text.to_string()))
        }
        Query::Cell(row, column) => format!("{word} {row} {column}"),
    }
}
