use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::JunitError;
use super::text::{attribute, decode, duration, reference};
use crate::event::{CaseStatus, TestCase};

/// How deep elements may stand in each other.
const DEPTH: usize = 64;

/// How many bytes of a failure's text are kept.
const TEXT: usize = 16 * 1024;

/// How many tries of a test that failed before its last one are kept.
const EARLIER: usize = 100;

/// How many tests of a report are told.
const MOST: usize = 200_000;

/// The tests of a report.
#[derive(Debug, Clone)]
pub struct Report {
    /// In order.
    pub cases: Vec<TestCase>,
    /// How many of them failed.
    pub failed: usize,
    /// How many were skipped.
    pub skipped: usize,
}

/// Reads a whole report. One that ends early, or holds no test, is an error: what is missing must not pass.
pub fn read(bytes: &[u8]) -> Result<Report, JunitError> {
    let text = decode(bytes);
    let mut xml = Reader::from_str(&text);
    let mut walk = Walk::default();
    loop {
        let event = xml
            .read_event()
            .map_err(|error| JunitError::NotXml(format!("{error}, at byte {}", xml.error_position())))?;
        match event {
            Event::Start(element) => walk.enter(&element)?,
            Event::Empty(element) => {
                walk.enter(&element)?;
                walk.leave();
            }
            Event::End(_) => walk.leave(),
            Event::Text(text) => walk.text(&String::from_utf8_lossy(&text)),
            Event::CData(text) => walk.text(&String::from_utf8_lossy(&text)),
            Event::GeneralRef(entity) => walk.text(&reference(&entity)),
            Event::Eof => return walk.finish(),
            // A document type is passed over: none of its entities is known to us.
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

/// What an element means to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Element {
    Suites,
    Suite,
    Case,
    Failure,
    /// A try that failed before one that passed, or before another that failed.
    Earlier,
    Skipped,
    Other,
}

#[derive(Default)]
struct Walk {
    path: Vec<Element>,
    /// The name of each suite that is open.
    suites: Vec<String>,
    case: Option<TestCase>,
    /// The message of the failure or skip that is open, and its text.
    message: String,
    words: String,
    cases: Vec<TestCase>,
    root: Option<String>,
}

impl Walk {
    fn enter(&mut self, element: &BytesStart<'_>) -> Result<(), JunitError> {
        if self.path.len() == DEPTH {
            return Err(JunitError::TooDeep);
        }
        if self.cases.len() > MOST {
            return Err(JunitError::TooMany(MOST));
        }
        let name = String::from_utf8_lossy(element.local_name().into_inner()).into_owned();
        let inside = self.path.last().copied();
        let kind = match (name.as_str(), inside) {
            ("testsuites", None) => Element::Suites,
            ("testsuite", None | Some(Element::Suites | Element::Suite)) => Element::Suite,
            ("testcase", Some(Element::Suites | Element::Suite)) => Element::Case,
            ("failure" | "error", Some(Element::Case | Element::Suite)) => Element::Failure,
            ("flakyFailure" | "flakyError" | "rerunFailure" | "rerunError", Some(Element::Case)) => Element::Earlier,
            ("skipped" | "ignored", Some(Element::Case)) => Element::Skipped,
            _ => Element::Other,
        };
        if inside.is_none() && kind == Element::Other {
            return Err(JunitError::NotJunit(name));
        }
        self.root.get_or_insert(name);
        match kind {
            Element::Suite => self.suites.push(cut(attribute(element, "name").unwrap_or_default())),
            Element::Case => self.case = Some(self.begin(element)),
            Element::Failure | Element::Earlier | Element::Skipped => {
                self.message = cut(attribute(element, "message").unwrap_or_default());
                self.words.clear();
            }
            Element::Suites | Element::Other => {}
        }
        self.path.push(kind);
        Ok(())
    }

    fn leave(&mut self) {
        match self.path.pop() {
            Some(Element::Suite) => drop(self.suites.pop()),
            Some(Element::Case) => self.cases.extend(self.case.take()),
            Some(Element::Failure) => self.failed(),
            Some(Element::Earlier) => {
                let words = self.said();
                if let Some(case) = self.case.as_mut().filter(|case| case.earlier.len() < EARLIER) {
                    case.earlier.push(CaseStatus::Failed(words));
                }
            }
            Some(Element::Skipped) => {
                let why = self.said();
                if let Some(case) = self.case.as_mut().filter(|case| !case.status.is_failure()) {
                    case.status = CaseStatus::Skipped(why);
                }
            }
            Some(Element::Suites | Element::Other) | None => {}
        }
    }

    fn text(&mut self, text: &str) {
        let wanted = matches!(self.path.last(), Some(Element::Failure | Element::Earlier | Element::Skipped));
        if wanted && self.words.len() + text.len() <= TEXT {
            self.words.push_str(text);
        }
    }

    fn finish(self) -> Result<Report, JunitError> {
        match self.root {
            None => Err(JunitError::NotXml("there is no element".to_owned())),
            Some(root) if !self.path.is_empty() => Err(JunitError::NotXml(format!("it ends within `{root}`"))),
            Some(_) if self.cases.is_empty() => Err(JunitError::NoTests),
            Some(_) => Ok(Report {
                failed: self.cases.iter().filter(|case| case.status.is_failure()).count(),
                skipped: self.cases.iter().filter(|case| matches!(case.status, CaseStatus::Skipped(_))).count(),
                cases: self.cases,
            }),
        }
    }

    fn begin(&self, element: &BytesStart<'_>) -> TestCase {
        let status = match attribute(element, "status").as_deref() {
            // Google Test tells it by an attribute.
            Some("notrun" | "skipped" | "disabled") => CaseStatus::Skipped(String::new()),
            _ => CaseStatus::Passed,
        };
        let group = attribute(element, "classname").filter(|name| !name.is_empty()).map(cut);
        let name = cut(attribute(element, "name").unwrap_or_default());
        let took = attribute(element, "time").as_deref().and_then(duration);
        TestCase { took, ..TestCase::new(group.or_else(|| self.suite()), name, status) }
    }

    fn suite(&self) -> Option<String> {
        self.suites.last().filter(|name| !name.is_empty()).cloned()
    }

    /// Message and text; the message only where the text does not hold it anyway.
    fn said(&mut self) -> String {
        let (message, words) = (std::mem::take(&mut self.message), std::mem::take(&mut self.words));
        match (message.trim(), words.trim()) {
            (message, words) if words.contains(message) => words.to_owned(),
            (message, "") => message.to_owned(),
            (message, words) => format!("{message}\n{words}"),
        }
    }

    /// A failure of a case, or of a suite outside of its cases: a class that cannot be set up, a file that does not load.
    fn failed(&mut self) {
        let words = self.said();
        match &mut self.case {
            Some(case) => match &mut case.status {
                CaseStatus::Failed(told) => {
                    if told.len() + words.len() <= TEXT {
                        *told = format!("{told}\n{words}");
                    }
                }
                status => *status = CaseStatus::Failed(words),
            },
            None => {
                let group = self.suite();
                let name = group.clone().unwrap_or_else(|| "suite".to_owned());
                self.cases.push(TestCase::new(group, name, CaseStatus::Failed(words)));
            }
        }
    }
}

fn cut(mut text: String) -> String {
    let mut end = text.len().min(TEXT / 2);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    /// The cases in short: `+` passed, `-` failed, `~` skipped.
    fn short(xml: &str) -> Vec<String> {
        let report = read(xml.as_bytes()).expect("a report");
        let cases = report.cases.into_iter().map(|case| {
            let name = format!("{} {}", case.group.unwrap_or_default(), case.name);
            match case.status {
                CaseStatus::Passed => format!("+ {name}"),
                CaseStatus::Skipped(why) => format!("~ {name}: {why}"),
                CaseStatus::Failed(words) => format!("- {name}: {words}"),
                CaseStatus::Checks(_) => unreachable!("JUnit has no checks"),
            }
        });
        cases.collect()
    }

    #[test]
    fn unittest_xml_reporting() {
        let xml = r#"<?xml version="1.0" ?>
<testsuite errors="1" failures="1" name="todo.tests.TestCreate-2026" skipped="1" tests="4" time="0.104">
  <testcase classname="todo.tests.TestCreate" file="todo/tests.py" line="12" name="test_ok" time="0.021"/>
  <testcase classname="todo.tests.TestCreate" name="test_bad" time="0.01">
    <failure type="AssertionError" message="2 != 3"><![CDATA[Traceback:
  AssertionError: 2 != 3]]></failure>
  </testcase>
  <testcase classname="todo.tests.TestCreate" name="test_err"><error type="KeyError" message="'x'">Traceback</error></testcase>
  <testcase classname="todo.tests.TestCreate" name="test_later"><skipped type="skip" message="no &amp; time"/></testcase>
  <system-out><![CDATA[<testcase name="not one"/>]]></system-out>
</testsuite>"#;
        assert_eq!(
            short(xml),
            [
                "+ todo.tests.TestCreate test_ok",
                "- todo.tests.TestCreate test_bad: Traceback:\n  AssertionError: 2 != 3",
                "- todo.tests.TestCreate test_err: 'x'\nTraceback",
                "~ todo.tests.TestCreate test_later: no & time",
            ]
        );
        let report = read(xml.as_bytes()).expect("a report");
        assert_eq!((report.failed, report.skipped), (2, 1));
        assert_eq!(report.cases[0].took, Some(Duration::from_millis(21)));
    }

    #[test]
    fn pytest_and_jest() {
        let xml = r#"<testsuites><testsuite name="pytest" tests="1"><testcase classname="tests.test_a" name="test_x[1-é]" time="0.001">
            <failure message="assert 1 == 2">def test&#10;&gt; assert</failure></testcase></testsuite></testsuites>"#;
        assert_eq!(short(xml), ["- tests.test_a test_x[1-é]: assert 1 == 2\ndef test\n> assert"]);
        let xml = r#"<testsuites name="jest tests"><testsuite name="sum">
            <testcase classname=" adds" name=" adds"/><testcase classname="" name="is"/></testsuite></testsuites>"#;
        assert_eq!(short(xml), ["+  adds  adds", "+ sum is"]);
    }

    #[test]
    fn surefire_tells_which_tests_are_flaky() {
        let xml = r#"<testsuite name="A" time="1,234.5"><testcase name="a" classname="A" time="1,000.5">
            <flakyFailure message="once">stack<system-out>x</system-out></flakyFailure></testcase>
            <testcase name="b" classname="A"><failure message="m1"/><rerunFailure message="m2"/></testcase></testsuite>"#;
        assert_eq!(short(xml), ["+ A a", "- A b: m1"]);
        let report = read(xml.as_bytes()).expect("a report");
        let flaky: Vec<bool> = report.cases.iter().map(TestCase::is_flaky).collect();
        assert_eq!((flaky, report.cases[1].earlier.len()), (vec![true, false], 1));
        let [CaseStatus::Failed(words)] = report.cases[0].earlier.as_slice() else { panic!("{:?}", report.cases) };
        assert_eq!(words, "once\nstack");
    }

    #[test]
    fn a_suite_that_fails_outside_of_its_tests_fails() {
        let xml = r#"<testsuites><testsuite name="conftest"><error message="ImportError"/></testsuite></testsuites>"#;
        assert_eq!(short(xml), ["- conftest conftest: ImportError"]);
    }

    #[test]
    fn suites_in_suites_and_namespaces() {
        let xml = r#"<t:testsuite xmlns:t="urn:x" name="a"><t:testsuite name="b"><t:testcase name="c"/></t:testsuite>
            <t:testcase name="d"/></t:testsuite>"#;
        assert_eq!(short(xml), ["+ b c", "+ a d"]);
    }

    #[test]
    fn what_is_no_report_is_an_error() {
        let error = |xml: &str| read(xml.as_bytes()).expect_err("no report");
        assert_eq!(error("<testsuite tests=\"0\"/>"), JunitError::NoTests);
        assert_eq!(error("<testsuites></testsuites>"), JunitError::NoTests);
        assert_eq!(error("<coverage/>"), JunitError::NotJunit("coverage".to_owned()));
        assert!(matches!(error(""), JunitError::NotXml(_)));
        assert!(matches!(error("OK (3 tests)"), JunitError::NotXml(_)));
        assert!(matches!(error("<testsuite><testcase name='a'/>"), JunitError::NotXml(_)));
        assert!(matches!(error("<testsuite><testcase name='a'></testsuite>"), JunitError::NotXml(_)));
        assert!(matches!(error("\0\u{1}\u{2}"), JunitError::NotXml(_)));
    }

    #[test]
    fn hostile_files_cost_nothing() {
        let bomb = r#"<!DOCTYPE t [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>
            <testsuite><testcase name="&b;"><failure message="m">&b;&f;</failure></testcase></testsuite>"#;
        assert_eq!(short(bomb), ["-  &b;: m\n&b;&f;"]);
        assert_eq!(read("<testsuite>".repeat(100_000).as_bytes()).unwrap_err(), JunitError::TooDeep);
        let mut xml = "<testsuite><testcase name='a'".to_owned();
        for number in 0..100_000 {
            write!(xml, " a{number}='1'").expect("memory");
        }
        xml.push_str("><failure>");
        xml.push_str(&"long &lt; ".repeat(100_000));
        xml.push_str("</failure></testcase></testsuite>");
        let report = read(xml.as_bytes()).expect("a report");
        assert!(matches!(&report.cases[0].status, CaseStatus::Failed(words) if words.len() <= TEXT));
    }

    #[test]
    fn a_report_of_endless_tests_is_none() {
        let xml = format!("<testsuite>{}</testsuite>", "<testcase/>".repeat(MOST + 10));
        assert_eq!(read(xml.as_bytes()).expect_err("too many"), JunitError::TooMany(MOST));
        let named = format!("<testsuite><testcase name='{}'/></testsuite>", "a".repeat(1 << 20));
        assert!(read(named.as_bytes()).expect("a report").cases[0].name.len() <= TEXT);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = read(&bytes);
        }

        #[test]
        fn any_elements_are_read(parts in proptest::collection::vec(prop_oneof![
            Just("<testsuites>"), Just("<testsuite name='a'>"), Just("<testcase name='b'>"), Just("<failure>"),
            Just("</failure>"), Just("</testcase>"), Just("</testsuite>"), Just("</testsuites>"), Just("<skipped/>"),
            Just("&#x0;"), Just("&lt;"), Just("&x;"), Just("<![CDATA[a]]>"), Just("<!--"), Just("text"), Just("<a b=>"),
        ], 0..20)) {
            if let Ok(report) = read(parts.concat().as_bytes()) {
                prop_assert!(!report.cases.is_empty());
                prop_assert!(report.failed + report.skipped <= report.cases.len());
            }
        }
    }
}
