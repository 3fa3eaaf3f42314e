//! The compliance test suite of RFC 9535: each path that is one selects what it should, and each other one is refused.

use pipe::probe::judge::{Observed, select};
use serde_json::Value;

fn cases() -> Vec<Value> {
    let suite: Value = serde_json::from_str(include_str!("../jsonpath-suite/cts.json")).expect("the suite is JSON");
    suite["tests"].as_array().expect("it has cases").clone()
}

/// What is selected, as the list of nodes that the suite speaks of; `None` where the path is refused.
fn selected(path: &str, document: &Value) -> Option<Vec<Value>> {
    match select(path, document) {
        Observed::Absent => Some(vec![]),
        Observed::Json(value) => Some(vec![value]),
        Observed::Nodes(nodes) => Some(nodes),
        Observed::Broken(_) => None,
        other => panic!("a path finds {other}"),
    }
}

#[test]
fn every_case_of_the_compliance_suite_passes() {
    let cases = cases();
    assert!(cases.len() > 700, "the suite has {} cases", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let path = case["selector"].as_str().expect("a case has a path");
        let found = selected(path, &case["document"]);
        let is_right = match (&case["result"], &case["results"], &found) {
            _ if case["invalid_selector"] == true => found.is_none(),
            (_, _, None) => false,
            (Value::Array(wanted), _, Some(found)) => found == wanted,
            (_, Value::Array(any), Some(found)) => any.iter().any(|wanted| *wanted == Value::Array(found.clone())),
            _ => panic!("{case} wants nothing"),
        };
        if !is_right {
            wrong.push(format!("{}: `{path}` finds {found:?}", case["name"]));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases are wrong:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
