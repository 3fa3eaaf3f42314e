use std::collections::BTreeMap;

use quick_xml::events::{BytesText, Event};

use super::concise::line;
use super::count::word;
use super::place::{Place, shown};
use super::xml::{allowed, document};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::source::Files;

/// JUnit's XML: a suite a file, a test a code. A code that found errors is a failed test, one that found less a passed one that says
/// something; a file without findings is a suite of one passed test.
pub fn junit(diagnostics: &Diagnostics, files: &Files) -> String {
    let mut suites: BTreeMap<String, BTreeMap<&str, Vec<&Diagnostic>>> = BTreeMap::new();
    for file in files.iter() {
        suites.entry(shown(file)).or_default();
    }
    for diagnostic in diagnostics.iter() {
        let suite = suites.entry(Place::primary_or_first(diagnostic, files).file).or_default();
        suite.entry(diagnostic.code.slug()).or_default().push(diagnostic);
    }
    let tests = |suite: &BTreeMap<&str, Vec<&Diagnostic>>| suite.len().max(1);
    let failures = |suite: &BTreeMap<&str, Vec<&Diagnostic>>| suite.values().filter(|found| has_failed(found)).count();
    let all_tests: usize = suites.values().map(tests).sum();
    let all_failures: usize = suites.values().map(failures).sum();
    document(|writer| {
        let root = writer
            .create_element("testsuites")
            .with_attribute(("name", "pipe check"))
            .with_attribute(("tests", all_tests.to_string().as_str()))
            .with_attribute(("failures", all_failures.to_string().as_str()));
        if suites.is_empty() {
            return root.write_empty().map(drop);
        }
        let root = root.write_inner_content(|writer| {
            for (path, suite) in &suites {
                let path = allowed(path);
                let element = writer
                    .create_element("testsuite")
                    .with_attribute(("name", path.as_str()))
                    .with_attribute(("tests", tests(suite).to_string().as_str()))
                    .with_attribute(("failures", failures(suite).to_string().as_str()));
                element.write_inner_content(|writer| {
                    if suite.is_empty() {
                        let test = writer.create_element("testcase").with_attribute(("name", "no findings"));
                        test.with_attribute(("classname", path.as_str())).write_empty()?;
                    }
                    for (slug, found) in suite {
                        let told: String = found.iter().map(|diagnostic| line(diagnostic, files)).collect();
                        let told = allowed(told.trim_end());
                        let test = writer.create_element("testcase").with_attribute(("name", *slug));
                        test.with_attribute(("classname", path.as_str())).write_inner_content(|writer| {
                            let text = Event::Text(BytesText::new(&told));
                            let content = if has_failed(found) {
                                writer
                                    .create_element("failure")
                                    .with_attribute(("type", word(Severity::Error)))
                                    .with_attribute(("message", allowed(&found[0].message).as_str()))
                            } else {
                                writer.create_element("system-out")
                            };
                            content.write_inner_content(|writer| writer.write_event(text)).map(drop)
                        })?;
                    }
                    Ok(())
                })?;
            }
            Ok(())
        });
        root.map(drop)
    })
}

fn has_failed(found: &[&Diagnostic]) -> bool {
    found.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}
