use std::time::Duration;

use serde_json::Value;

use super::content::Content;
use super::observed::quoted;
use super::{Observed, Shortfall, Subject};
use crate::model::{Fact, Hole, Query, Scope, Text};
use crate::probe::http::Answer;

/// What `query` finds in `subject`; the first hole without a value otherwise.
pub fn observe(query: &Query, subject: &dyn Subject, scope: &dyn Scope) -> Result<Observed, Hole> {
    let mut open = None;
    let filled = query.map(&mut |text: &Text, _| {
        text.fill(scope).unwrap_or_else(|hole| {
            open.get_or_insert(hole);
            String::new()
        })
    });
    match open {
        Some(hole) => Err(hole),
        None => Ok(subject.observe(&filled)),
    }
}

/// An HTTP answer; one without a body of its own has that of nothing.
impl Subject for Answer {
    fn observe(&self, query: &Query<String>) -> Observed {
        match query {
            Query::Fact(Fact::Status) => Observed::Number(f64::from(self.status)),
            Query::Fact(Fact::Version) => Observed::Text(self.version.to_owned()),
            Query::Fact(Fact::Url) => Observed::Text(self.url.clone()),
            Query::Fact(Fact::Duration) => milliseconds(self.took),
            Query::Header(name) => header(self, name),
            Query::Cookie(name) => cookie(self, name),
            query => Content::new(&self.body, "the body").observe(query).unwrap_or_else(|| unanswered(query)),
        }
    }

    fn shortfall(&self) -> Option<Shortfall> {
        (self.status >= 400).then(|| Shortfall::new("status", "lt 400", self.status.to_string()))
    }
}

/// A span of time as it is looked at: in milliseconds.
pub(in crate::probe) fn milliseconds(time: Duration) -> Observed {
    Observed::Number(time.as_millis() as f64)
}

/// What the schema table lets through and this version cannot tell.
pub(in crate::probe) fn unanswered(query: &Query<String>) -> Observed {
    Observed::Broken(format!("`{}` is not yet told of this by this version", query.word()))
}

/// A query as the author writes it: `json "$.title"`.
pub(super) fn title(query: &Query) -> String {
    let word = query.word();
    match query {
        Query::Fact(_) | Query::Certificate(_) => word.to_owned(),
        Query::Header(name) | Query::Cookie(name) | Query::Env(name) | Query::Label(name) => format!("{word} {name}"),
        Query::Json(text) | Query::Xml(text) | Query::Regex(text) => format!("{word} {}", quoted(&text.to_string())),
        Query::Cell(row, column) => format!("{word} {row} {column}"),
    }
}

/// A header that stands there once is text; one that is repeated is a list of them.
fn header(answer: &Answer, name: &str) -> Observed {
    let values: Vec<&str> = answer.header(name).collect();
    match values.as_slice() {
        [] => Observed::Absent,
        [value] => Observed::Text((*value).to_owned()),
        values => Observed::Nodes(values.iter().map(|value| Value::from(*value)).collect()),
    }
}

/// `session` is a cookie's value, `session[HttpOnly]` an attribute of it: its value, or true where it has none.
fn cookie(answer: &Answer, name: &str) -> Observed {
    match name.strip_suffix(']').and_then(|name| name.split_once('[')) {
        None => text(answer.cookie(name)),
        Some((name, attribute)) => match answer.cookie_attribute(name, attribute) {
            None => Observed::Absent,
            Some("") => Observed::Json(Value::Bool(true)),
            Some(value) => Observed::Text(value.to_owned()),
        },
    }
}

fn text(value: Option<&str>) -> Observed {
    value.map_or(Observed::Absent, |value| Observed::Text(value.to_owned()))
}

#[cfg(test)]
pub(super) mod tests {
    use bytes::Bytes;
    use serde_json::json;

    use super::*;
    use crate::model::{Piece, Values};
    use crate::source::Span;

    pub fn literal(text: &str) -> Text {
        Text::literal(text, Span::default())
    }

    pub fn answer(body: &str) -> Answer {
        Answer {
            status: 201,
            version: "1.1",
            url: "http://127.0.0.1:8000/todos".to_owned(),
            headers: [("location", "/todos/1"), ("set-cookie", "s=1; Path=/; HttpOnly"), ("vary", "a"), ("vary", "b")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            body: Bytes::from(body.to_owned()),
            took: Duration::from_millis(12),
        }
    }

    fn seen(query: &Query, body: &str) -> Observed {
        observe(query, &answer(body), &Values::default()).expect("no holes")
    }

    fn text(text: &str) -> Observed {
        Observed::Text(text.to_owned())
    }

    #[test]
    fn the_protocol_is_looked_at() {
        assert_eq!(seen(&Query::Fact(Fact::Status), ""), Observed::Number(201.0));
        assert_eq!(seen(&Query::Fact(Fact::Version), ""), text("1.1"));
        assert_eq!(seen(&Query::Fact(Fact::Url), ""), text("http://127.0.0.1:8000/todos"));
        assert_eq!(seen(&Query::Fact(Fact::Duration), ""), Observed::Number(12.0));
        assert_eq!(seen(&Query::Header(literal("LOCATION")), ""), text("/todos/1"));
        assert_eq!(seen(&Query::Header(literal("vary")), ""), Observed::Nodes(vec![json!("a"), json!("b")]));
        assert_eq!(seen(&Query::Header(literal("etag")), ""), Observed::Absent);
        assert_eq!(seen(&Query::Cookie(literal("s")), ""), text("1"));
        assert_eq!(seen(&Query::Cookie(literal("t")), ""), Observed::Absent);
        assert_eq!(seen(&Query::Cookie(literal("s[path]")), ""), text("/"));
        assert_eq!(seen(&Query::Cookie(literal("s[HttpOnly]")), ""), Observed::Json(json!(true)));
        assert_eq!(seen(&Query::Cookie(literal("s[Secure]")), ""), Observed::Absent);
    }

    #[test]
    fn the_body_is_looked_at() {
        assert_eq!(seen(&Query::Fact(Fact::Body), "é"), text("é"));
        assert_eq!(seen(&Query::Fact(Fact::Size), "é"), Observed::Number(2.0));
        assert_eq!(seen(&Query::Fact(Fact::Bytes), "é"), text("c3a9"));
        assert_eq!(seen(&Query::Fact(Fact::Lines), "a\nb\n"), Observed::Json(json!(["a", "b"])));
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(seen(&Query::Fact(Fact::Sha256), ""), text(empty));
        assert_eq!(seen(&Query::Regex(literal("id=([0-9]+)")), "id=42;"), text("42"));
        assert_eq!(seen(&Query::Regex(literal("id=[0-9]+")), "id=42;"), text("id=42"));
        assert_eq!(seen(&Query::Regex(literal("x")), "id=42;"), Observed::Absent);
        assert!(matches!(seen(&Query::Regex(literal("(")), ""), Observed::Broken(_)));
    }

    #[test]
    fn a_body_of_bytes_has_no_text() {
        let mut bytes = answer("");
        bytes.body = Bytes::from_static(&[0xff, 0xfe]);
        let seen = observe(&Query::Fact(Fact::Body), &bytes, &Values::default()).expect("no holes");
        assert_eq!(seen, Observed::Broken("the body is not UTF-8 text (2 bytes)".to_owned()));
    }

    #[test]
    fn a_path_names_one_place_or_many() {
        let json = |path: &str| seen(&Query::Json(literal(path)), r#"{"a": [1, {"b": null}], "c,*": 2}"#);
        assert_eq!(json("$.a[0]"), Observed::Json(json!(1)));
        assert_eq!(json("$.a[1].b"), Observed::Json(Value::Null));
        assert_eq!(json("$['c,*']"), Observed::Json(json!(2)));
        assert_eq!(json("$.x"), Observed::Absent);
        assert_eq!(json("$.a[*]"), Observed::Nodes(vec![json!(1), json!({"b": null})]));
        assert_eq!(json("$..b"), Observed::Nodes(vec![Value::Null]));
        assert_eq!(json("$.x[*]"), Observed::Nodes(vec![]));
        assert_eq!(json("$.a[?@ == 1]"), Observed::Nodes(vec![json!(1)]));
    }

    #[test]
    fn what_has_no_answer_says_why() {
        let Observed::Broken(why) = seen(&Query::Json(literal("$.a")), "<html>") else { panic!("answered") };
        assert_eq!(why, r#"the body is not JSON (expected value at line 1 column 1); it begins "<html>""#);
        let Observed::Broken(why) = seen(&Query::Json(literal("$.a")), "") else { panic!("answered") };
        assert_eq!(why, "the body is empty, not JSON");
        let Observed::Broken(why) = seen(&Query::Json(literal("a.b")), "{}") else { panic!("answered") };
        assert!(why.starts_with("the JSONPath `a.b` does not read"), "{why}");
    }

    #[test]
    fn a_hole_is_filled_or_named() {
        let hole = Hole::Param("name".into());
        let query = Query::Header(Text { pieces: vec![Piece::Hole(hole.clone())], span: Span::default() });
        assert_eq!(observe(&query, &answer(""), &Values::default()), Err(hole));
        let mut values = Values::default();
        values.set("name".into(), "Location");
        assert_eq!(observe(&query, &answer(""), &values), Ok(text("/todos/1")));
    }
}
