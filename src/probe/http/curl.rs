use super::{Answer, Request, Trust};
use crate::model::HttpVersion;

/// How many bytes of a request's body stand in its line.
const BODY_SHOWN: usize = 2048;

/// A curl line that does the same as `request`, to be pasted into a shell of the machine that ran it.
pub fn curl_line(request: &Request) -> String {
    let mut words = vec!["curl".to_owned(), "-i".to_owned()];
    if request.follow {
        words.push("-L".to_owned());
    }
    if request.follow && request.max_redirects != 10 {
        words.extend(["--max-redirs".to_owned(), request.max_redirects.to_string()]);
    }
    match request.version {
        None => {}
        Some(HttpVersion::Http10) => words.push("--http1.0".to_owned()),
        Some(HttpVersion::Http11) => words.push("--http1.1".to_owned()),
        Some(HttpVersion::Http2) if request.url.scheme() == "http" => words.push("--http2-prior-knowledge".to_owned()),
        Some(HttpVersion::Http2) => words.push("--http2".to_owned()),
    }
    if request.compressed {
        words.push("--compressed".to_owned());
    }
    if request.trust == Trust::Anyone {
        words.push("-k".to_owned());
    }
    match (request.method.as_str(), &request.body) {
        ("GET", None) | ("POST", Some(_)) => {}
        ("HEAD", None) => words[1] = "-I".to_owned(),
        (method, _) => words.extend(["-X".to_owned(), quoted(method)]),
    }
    for (name, value) in &request.headers {
        words.extend(["-H".to_owned(), quoted(&format!("{name}: {value}"))]);
    }
    if let Some(body) = &request.body {
        let word = match std::str::from_utf8(body) {
            Ok(text) if text.len() <= BODY_SHOWN => quoted(text),
            _ => quoted(&format!("@({} bytes)", body.len())),
        };
        words.extend(["--data-raw".to_owned(), word]);
    }
    words.push(quoted(request.url.as_str()));
    words.join(" ")
}

/// Status line, headers and the body.
pub fn response_text(answer: &Answer) -> String {
    let reason = hyper::StatusCode::from_u16(answer.status).ok().and_then(|status| status.canonical_reason());
    let mut out = format!("HTTP/{} {} {}", answer.version, answer.status, reason.unwrap_or_default());
    out.truncate(out.trim_end().len());
    for (name, value) in &answer.headers {
        out.push_str(&format!("\n{name}: {value}"));
    }
    if !answer.body.is_empty() {
        out.push_str("\n\n");
        out.push_str(&body_text(&answer.body));
    }
    out
}

fn body_text(body: &[u8]) -> String {
    match std::str::from_utf8(body) {
        Ok(text) => text.trim_end().to_owned(),
        Err(_) => format!("({} bytes that are not text)", body.len()),
    }
}

/// A word for a POSIX shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;

    use super::*;
    use crate::probe::http::Url;

    #[test]
    fn a_request_reads_as_a_shell_line() {
        let mut request =
            Request::new("POST", Url::parse("http://h:1/t?a=b&c=d").expect("a URL"), Duration::from_secs(1));
        request.headers.push(("Content-Type".into(), "application/json".into()));
        request.body = Some(Bytes::from_static(br#"{"it's": 1}"#));
        assert_eq!(
            curl_line(&request),
            r#"curl -i -H 'Content-Type: application/json' --data-raw '{"it'\''s": 1}' 'http://h:1/t?a=b&c=d'"#
        );
        let delete = Request::new("DELETE", Url::parse("http://h/t").expect("a URL"), Duration::from_secs(1));
        assert_eq!(curl_line(&delete), "curl -i -X DELETE http://h/t");
    }

    #[test]
    fn an_answer_is_told_whole() {
        let mut answer = Answer {
            status: 200,
            version: "1.1",
            url: String::new(),
            redirects: vec![],
            ip: None,
            certificate: None,
            headers: vec![("a".into(), "b".into())],
            body: Bytes::from("é".repeat(5000)),
            took: Duration::ZERO,
        };
        assert_eq!(response_text(&answer), format!("HTTP/1.1 200 OK\na: b\n\n{}", "é".repeat(5000)));
        answer.body = Bytes::from_static(b"\xff\xfe");
        assert!(response_text(&answer).ends_with("\n\n(2 bytes that are not text)"));
    }
}
