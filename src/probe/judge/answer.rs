use serde_json::Value;

use super::{Content, Observed, Shortfall, Subject, milliseconds, unanswered};
use crate::model::{CertificateField, Fact, Query};
use crate::probe::http::Answer;

/// An HTTP answer that queries are asked of.
pub struct FoundAnswer<'a> {
    answer: &'a Answer,
    body: Content<'a>,
}

impl<'a> FoundAnswer<'a> {
    /// What `answer` tells.
    pub fn new(answer: &'a Answer) -> Self {
        let body = Content::new(&answer.body, "the body");
        let content_type = answer.header("content-type").next();
        let body = match content_type {
            Some(content_type) => body.of_type(content_type),
            None => body,
        };
        FoundAnswer { answer, body }
    }
}

impl Subject for FoundAnswer<'_> {
    fn observe(&self, query: &Query<String>) -> Observed {
        let answer = self.answer;
        match query {
            Query::Fact(Fact::Status) => Observed::Number(f64::from(answer.status)),
            Query::Fact(Fact::Version) => Observed::Text(answer.version.to_owned()),
            Query::Fact(Fact::Url) => Observed::Text(answer.url.clone()),
            Query::Fact(Fact::Redirects) => {
                Observed::Json(Value::Array(answer.redirects.iter().map(|url| Value::from(url.as_str())).collect()))
            }
            Query::Fact(Fact::Ip) => answer.ip.map_or(Observed::Absent, |ip| Observed::Text(ip.to_string())),
            Query::Fact(Fact::Duration) => milliseconds(answer.took),
            Query::Header(name) => header(answer, name),
            Query::Cookie(name) => cookie(answer, name),
            Query::Certificate(field) => certificate(answer, *field),
            query => self.body.observe(query).unwrap_or_else(|| unanswered(query)),
        }
    }

    fn shortfall(&self) -> Option<Shortfall> {
        let status = self.answer.status;
        (status >= 400).then(|| Shortfall::new("status", "lt 400", status.to_string()))
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
        None => answer.cookie(name).map_or(Observed::Absent, |value| Observed::Text(value.to_owned())),
        Some((name, attribute)) => match answer.cookie_attribute(name, attribute) {
            None => Observed::Absent,
            Some("") => Observed::Json(Value::Bool(true)),
            Some(value) => Observed::Text(value.to_owned()),
        },
    }
}

fn certificate(answer: &Answer, field: CertificateField) -> Observed {
    let certificate = match &answer.certificate {
        None => return Observed::Absent,
        Some(Err(why)) => return Observed::Broken(format!("the certificate does not read: {why}")),
        Some(Ok(certificate)) => certificate,
    };
    match field {
        CertificateField::Subject => Observed::Text(certificate.subject.clone()),
        CertificateField::Issuer => Observed::Text(certificate.issuer.clone()),
        CertificateField::StartDate => Observed::Date(certificate.start.into()),
        CertificateField::ExpireDate => Observed::Date(certificate.end.into()),
        CertificateField::SerialNumber => Observed::Text(certificate.serial.clone()),
        CertificateField::SubjectAltNames => {
            let names = certificate.names.iter().map(|name| Value::from(name.as_str()));
            Observed::Json(Value::Array(names.collect()))
        }
        CertificateField::Pem => Observed::Text(certificate.pem.clone()),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::time::{Duration, SystemTime};

    use bytes::Bytes;
    use serde_json::json;

    use super::*;
    use crate::model::{Check, Hole, Piece, Text, Values};
    use crate::probe::judge::{Files, Grounds, Judged, judge, observe};
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
            redirects: vec!["http://127.0.0.1:8000/todos".to_owned()],
            ip: Some([127, 0, 0, 1].into()),
            certificate: None,
            took: Duration::from_millis(12),
        }
    }

    pub fn judged(check: &Check, answer: &Answer, scope: &Values) -> Judged {
        let grounds = Grounds { scope, files: &Files::default(), now: SystemTime::UNIX_EPOCH, mask: &str::to_owned };
        judge(check, &FoundAnswer::new(answer), &grounds)
    }

    fn seen(query: &Query, body: &str) -> Observed {
        seen_of(query, &answer(body))
    }

    fn seen_of(query: &Query, answer: &Answer) -> Observed {
        observe(query, &FoundAnswer::new(answer), &Values::default()).expect("no holes")
    }

    fn text(text: &str) -> Observed {
        Observed::Text(text.to_owned())
    }

    #[test]
    fn the_protocol_is_looked_at() {
        assert_eq!(seen(&Query::Fact(Fact::Status), ""), Observed::Number(201.0));
        assert_eq!(seen(&Query::Fact(Fact::Version), ""), text("1.1"));
        assert_eq!(seen(&Query::Fact(Fact::Redirects), ""), Observed::Json(json!(["http://127.0.0.1:8000/todos"])));
        assert_eq!(seen(&Query::Fact(Fact::Ip), ""), text("127.0.0.1"));
        assert_eq!(seen(&Query::Certificate(CertificateField::Subject), ""), Observed::Absent);
        assert_eq!(seen(&Query::Value(literal("a")), ""), text("a"));
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
        assert_eq!(seen(&Query::Fact(Fact::Bytes), "é"), Observed::Bytes(Bytes::from("é")));
        assert_eq!(seen(&Query::Fact(Fact::Md5), ""), text("d41d8cd98f00b204e9800998ecf8427e"));
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
        let seen = seen_of(&Query::Fact(Fact::Body), &bytes);
        assert_eq!(seen, Observed::Broken("the body is no text: 2 bytes that are not UTF-8".to_owned()));
    }

    #[test]
    fn a_body_is_text_of_its_charset_and_markup_of_its_type() {
        let mut latin = answer("");
        latin.body = Bytes::from_static(b"<p>caf\xe9<p>b");
        latin.headers.push(("content-type".to_owned(), "text/html; charset=\"ISO-8859-1\"".to_owned()));
        assert_eq!(seen_of(&Query::Fact(Fact::Body), &latin), text("<p>café<p>b"));
        let paragraphs = Observed::Selected(vec![json!("café"), json!("b")]);
        assert_eq!(seen_of(&Query::Xml(literal("//p")), &latin), paragraphs);
        let xml = |path: &str| seen(&Query::Xml(literal(path)), "<a><b c='1'/><b c='2'/></a>");
        assert_eq!(xml("//b/@c"), Observed::Selected(vec![json!("1"), json!("2")]));
        assert_eq!(xml("count(//b)"), Observed::Number(2.0));
        assert_eq!(xml("string(//b[2]/@c)"), text("2"));
        assert_eq!(xml("//b = 1"), Observed::Json(json!(false)));
        assert_eq!(xml("//x"), Observed::Selected(vec![]));
        assert!(matches!(xml("number('x')"), Observed::Broken(_)) && matches!(xml("//["), Observed::Broken(_)));
        let Observed::Broken(why) = seen(&Query::Xml(literal("//a")), "{}") else { panic!("answered") };
        assert_eq!(why, "the body is no XML: it has text outside of its element");
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
    fn json_and_xml_that_are_too_deep_are_told_of() {
        let json = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        let Observed::Broken(why) = seen(&Query::Json(literal("$[0]")), &json) else { panic!("answered") };
        assert!(why.contains("recursion limit"), "{why}");
        let xml = "<a>".repeat(20_000);
        let Observed::Broken(why) = seen(&Query::Xml(literal("//a")), &xml) else { panic!("answered") };
        assert!(why.contains("nested more than 10000 deep"), "{why}");
    }

    #[test]
    fn a_hole_is_filled_or_named() {
        let hole = Hole::Param("name".into());
        let query = Query::Header(Text { pieces: vec![Piece::Hole(hole.clone())], span: Span::default() });
        assert_eq!(observe(&query, &FoundAnswer::new(&answer("")), &Values::default()), Err(hole));
        let mut values = Values::default();
        values.set("name".into(), "Location");
        assert_eq!(observe(&query, &FoundAnswer::new(&answer("")), &values), Ok(text("/todos/1")));
    }
}
