//! The formats: each is what its readers expect, and says the same as the others.

use quick_xml::events::Event;
use regex::Regex;
use serde_json::Value;

use super::{BROKEN, Bench, CLEAN, WARNED};

/// A pipeline whose findings have places in two files, a fix, and characters that are more than one unit long.
const WIDE: &str = "volume data\nstage a {\n    image \"busybox:1.35\"\n    env X \"é😀\" ; timeout 10s\n    command echo a\n}\n\
    image x { build . target=releese }\nstage b { image x }\n";
const DOCKERFILE: &str = "FROM busybox:1.35 AS release\n";

fn bench() -> Bench {
    Bench::new([("pipeline.kdl", WIDE), ("Dockerfile", DOCKERFILE)])
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn our_own_json_counts_in_every_unit() {
    let said = bench().check(&["--format", "json"]);
    let document = json(&said.out);
    assert_eq!(document["v"], 1);
    let found = document["diagnostics"].as_array().expect("a list");
    assert_eq!(
        found.len() as u64,
        document["errors"].as_u64().unwrap_or(0) + document["warnings"].as_u64().unwrap_or(0)
    );
    let value = found.iter().find(|item| item["code"] == "unquoted-value").expect("it is found");
    assert_eq!(value["file"], "pipeline.kdl");
    let offset = WIDE.find("10s").expect("it is there");
    let start = serde_json::json!({ "offset": offset, "line": 4, "column": 26, "column_utf8": 30, "column_utf16": 27 });
    assert_eq!(value["start"], start);
    assert_eq!(value["end"]["column"], 29);
    let edit = &value["fixes"][0]["edits"][0];
    assert_eq!(
        (&edit["text"], &edit["start"], &value["fixes"][0]["safe"]),
        (&json("\"\\\"10s\\\"\""), &start, &Value::Bool(true))
    );
    assert_eq!(said.code, 1);
}

#[test]
fn json_lines_are_the_same_one_a_line() {
    let (whole, lines) = (bench().check(&["--format", "json"]), bench().check(&["--format", "json-lines"]));
    let whole = json(&whole.out);
    let lines: Vec<Value> = lines.lines().into_iter().map(json).collect();
    assert_eq!(whole["diagnostics"].as_array().expect("a list").len(), lines.len());
    for (item, line) in whole["diagnostics"].as_array().expect("a list").iter().zip(&lines) {
        assert_eq!(line["v"], 1);
        assert_eq!((&item["code"], &item["start"]), (&line["code"], &line["start"]));
    }
}

#[test]
fn sarif_is_valid_by_its_schema() {
    let empty = Bench::new([("pipeline.kdl", CLEAN)]);
    for (bench, arguments) in [(bench(), &["--pedantic"][..]), (bench(), &["nowhere.kdl", "."]), (empty, &[])] {
        let said = bench.check(&[&["--format", "sarif"], arguments].concat());
        assert_is_sarif(&json(&said.out));
    }
    let mut log = json(&bench().check(&["--format", "sarif"]).out);
    log["runs"][0]["columnKind"] = "bytes".into();
    assert!(!sarif_validator().is_valid(&log), "the schema is looked at");
}

fn sarif_validator() -> jsonschema::Validator {
    let schema = json(include_str!("../../data/sarif/sarif-schema-2.1.0.json"));
    jsonschema::validator_for(&schema).expect("the schema is one")
}

#[track_caller]
fn assert_is_sarif(log: &Value) {
    let validator = sarif_validator();
    let wrong: Vec<String> =
        validator.iter_errors(log).map(|error| format!("{error} at {}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{}\n{log}", wrong.join("\n"));
}

#[test]
fn sarif_has_rules_regions_fixes_and_fingerprints() {
    let log = json(&bench().check(&["--format", "sarif", "--deny", "warnings"]).out);
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    let results = run["results"].as_array().expect("a list");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("a list");
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("it fits")];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["help"]["markdown"].as_str().is_some_and(|page| page.starts_with("# ")), "{rule}");
        assert!(result["partialFingerprints"]["primaryLocationLineHash"].is_string());
        assert_eq!(result["level"], "error", "denied");
    }
    let value = results.iter().find(|result| result["ruleId"] == "unquoted-value").expect("it is found");
    let place = &value["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"], serde_json::json!({ "uri": "pipeline.kdl", "uriBaseId": "%SRCROOT%" }));
    let region = serde_json::json!({ "startLine": 4, "startColumn": 27, "endLine": 4, "endColumn": 30 });
    assert_eq!(place["region"], region);
    let replacement = &value["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!((&replacement["deletedRegion"], &replacement["insertedContent"]["text"]), (&region, &"\"10s\"".into()));
    assert_eq!(
        rules.len(),
        rules.iter().map(|rule| rule["id"].to_string()).collect::<std::collections::BTreeSet<_>>().len()
    );
}

#[test]
fn sarif_walks_along_a_cycle_step_by_step() {
    let stage = |name: &str, more: &str| format!("stage {name} {{\n    image \"busybox:1.35\"\n    {more}\n}}\n");
    let needs = stage("a", "needs c") + &stage("b", "needs a") + &stage("c", "needs b");
    let templates = "template t { extends u }\ntemplate u { extends t }\n".to_owned() + &stage("a", "extends t");
    let includes = format!("include \"other.kdl\"\n{}", stage("a", "command x"));
    for (text, code, steps) in [
        (needs, "dependency-cycle", vec!["`a` needs `c`", "`c` needs `b`", "`b` needs `a`"]),
        (templates, "template-cycle", vec!["`t` extends `u`", "`u` extends `t`"]),
        (includes, "include-cycle", vec!["`pipeline.kdl` includes `other.kdl`", "`other.kdl` includes `pipeline.kdl`"]),
    ] {
        let bench =
            Bench::new([("pipeline.kdl", text.as_str()), ("other.kdl", "include \"pipeline.kdl\"\nvolume v\n")]);
        let log = json(&bench.check(&["--format", "sarif", "pipeline.kdl"]).out);
        assert_is_sarif(&log);
        let results = log["runs"][0]["results"].as_array().expect("a list");
        let cycle = results.iter().find(|result| result["ruleId"] == code).expect("it is found");
        let walked = cycle["codeFlows"][0]["threadFlows"][0]["locations"].as_array().expect("a list");
        let said: Vec<&str> = walked.iter().filter_map(|step| step["location"]["message"]["text"].as_str()).collect();
        assert_eq!(said, steps);
        let places = |key: &str| cycle[key].as_array().map_or(0, Vec::len);
        assert_eq!((places("locations"), places("relatedLocations")), (1, steps.len() - 1));
        assert!(results.iter().all(|it| it["ruleId"] == code || it["codeFlows"].is_null()), "{log}");
    }
}

#[test]
fn fingerprints_stay_when_lines_move_and_tell_equal_lines_apart() {
    let fingerprints = |text: &str| {
        let said = Bench::new([("pipeline.kdl", text)]).check(&["--format", "gitlab"]);
        let issues = json(&said.out);
        let mut all: Vec<String> =
            issues.as_array().expect("a list").iter().map(|issue| issue["fingerprint"].to_string()).collect();
        all.sort();
        all
    };
    let text = "stage a {\n    image \"busybox:1.35\"\n    timeout 10s\n}\nstage b {\n    image \"busybox:1.35\"\n    timeout 10s\n}\n";
    let before = fingerprints(text);
    assert_eq!(before, fingerprints(&format!("// a comment\n\n{}", text.replace("    timeout", "        timeout"))));
    assert_eq!(before.len(), 2);
    assert_ne!(before[0], before[1]);
}

#[test]
fn gitlab_gets_what_its_widget_needs() {
    let issues = json(&Bench::new([("pipeline.kdl", WARNED)]).check(&["--format", "gitlab"]).out);
    let issue = &issues[0];
    assert_eq!(issue["check_name"], "unused-volume");
    assert_eq!(issue["severity"], "minor");
    assert_eq!(issue["location"], serde_json::json!({ "path": "pipeline.kdl", "lines": { "begin": 1, "end": 1 } }));
    assert_eq!(Bench::new([("pipeline.kdl", CLEAN)]).check(&["--format", "gitlab"]).out, "[]\n");
}

#[test]
fn rdjson_counts_in_bytes_and_suggests() {
    let report = json(&bench().check(&["--format", "rdjson"]).out);
    assert_eq!(report["source"]["name"], "pipe");
    let found = report["diagnostics"].as_array().expect("a list");
    let value = found.iter().find(|item| item["code"]["value"] == "unquoted-value").expect("it is found");
    assert_eq!(value["severity"], "ERROR");
    assert_eq!(value["location"]["range"]["start"], serde_json::json!({ "line": 4, "column": 30 }));
    assert_eq!(value["suggestions"][0]["text"], "\"10s\"");
}

#[test]
fn github_annotations_are_escaped_and_errors_come_first() {
    let bench = Bench::new([("a,b:c.kdl", &*format!("{WARNED}{}", BROKEN.replace("stage a", "stage b")))]);
    let said = bench.check(&["--format", "github", "a,b:c.kdl"]);
    let lines = said.lines();
    assert!(
        lines[0].starts_with(
            "::error title=pipe%3A unquoted-value,file=a%2Cb%3Ac.kdl,line=8,col=13,endLine=8,endColumn=16::"
        ),
        "{}",
        lines[0]
    );
    assert!(lines[0].contains("%0Ahelp: write `\"10s\"`"), "{}", lines[0]);
    assert_eq!(lines.len(), said.out.matches("::error").count() + said.out.matches("::warning").count());
}

#[test]
fn annotations_are_added_where_a_workflow_of_github_runs() {
    let bench = Bench::new([("pipeline.kdl", BROKEN)]).variable("GITHUB_ACTIONS", "true");
    let said = bench.check(&[]);
    assert!(said.out.contains("error[unquoted-value]") && said.out.contains("\n::error title="), "{}", said.out);
    let said = bench.check(&["--format", "json"]);
    assert!(!said.out.contains("::error"), "a document stays one: {}", said.out);
    let bench = Bench::new([("pipeline.kdl", CLEAN)]).variable("GITHUB_ACTIONS", "true");
    assert_eq!(bench.check(&["--format", "concise"]).out, "");
}

#[test]
fn the_formats_in_xml_are_well_formed_whatever_is_told() {
    let text =
        "stage a {\n    image \"busybox:1.35\"\n    nee\u{301}ds \"<&>\u{1b}]]>\"\n    \"<a b=\\\"\" 1\n}\nvolume x\n";
    let bench = Bench::new([("a&<b>.kdl", text), ("clean.kdl", CLEAN)]);
    for (format, root) in [("checkstyle", "checkstyle"), ("junit", "testsuites")] {
        let said = bench.check(&["--format", format, "a&<b>.kdl", "clean.kdl"]);
        assert!(!said.out.contains('\u{1b}'), "{}", said.out);
        let mut reader = quick_xml::Reader::from_str(&said.out);
        let (mut depth, mut seen) = (0, Vec::new());
        loop {
            match reader.read_event().unwrap_or_else(|error| panic!("{error}: {}", said.out)) {
                Event::Start(element) => {
                    depth += 1;
                    element.attributes().for_each(|attribute| {
                        drop(
                            attribute
                                .expect("a whole attribute")
                                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                                .expect("it is escaped"),
                        )
                    });
                    seen.push(String::from_utf8_lossy(element.name().as_ref()).into_owned());
                }
                Event::Empty(element) => {
                    element.attributes().for_each(|attribute| drop(attribute.expect("a whole attribute")));
                }
                Event::End(_) => depth -= 1,
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!((depth, seen[0].as_str()), (0, root));
    }
}

#[test]
fn junit_fails_for_errors_and_passes_for_the_rest() {
    let bench = Bench::new([("a.kdl", BROKEN), ("b.kdl", WARNED), ("c.kdl", CLEAN)]);
    let out = bench.check(&["--format", "junit", "a.kdl", "b.kdl", "c.kdl"]).out;
    assert!(out.contains(r#"<testsuites name="pipe check" tests="4" failures="2">"#), "{out}");
    assert!(out.contains(r#"<testsuite name="b.kdl" tests="1" failures="0">"#), "{out}");
    assert!(out.contains(r#"<testcase name="no findings" classname="c.kdl"/>"#), "{out}");
    assert!(out.contains("<system-out>b.kdl:1:8: warning[unused-volume]"), "{out}");
}

#[test]
fn concise_lines_are_read_by_the_matchers_that_are_shipped() {
    let matcher = json(include_str!("../../../grammar/problem-matcher.json"));
    let pattern = &matcher["problemMatcher"][0]["pattern"][0];
    let regex = Regex::new(pattern["regexp"].as_str().expect("a pattern")).expect("a regular expression");
    let said = bench().check(&["--format", "concise", ".", "nowhere.kdl"]);
    assert!(said.lines().len() > 2, "{}", said.out);
    for line in said.lines() {
        let found = regex.captures(line).unwrap_or_else(|| panic!("{line}"));
        let group = |name: &str| &found[usize::try_from(pattern[name].as_u64().expect("a number")).expect("it fits")];
        assert!(["error", "warning"].contains(&group("severity")), "{line}");
        assert!(group("line").parse::<usize>().is_ok() && group("column").parse::<usize>().is_ok(), "{line}");
        assert!(group("code").contains('-') && !group("message").is_empty() && group("file").contains("kdl"), "{line}");
    }
}

#[test]
fn those_who_see_no_drawings_get_sentences() {
    let plain = |bench: Bench| bench.check(&[]).out;
    let told = plain(Bench::new([("pipeline.kdl", BROKEN)]).variable("TERM", "dumb"));
    assert!(
        told.contains("in pipeline.kdl, line 3, columns 13 to 15: starts like a number; the line reads: timeout 10s"),
        "{told}"
    );
    assert!(!told.contains("^") && !told.contains("|"), "{told}");
    assert_eq!(told, plain(Bench::new([("pipeline.kdl", BROKEN)]).variable("NO_GRAPHICS", "1")));
    assert_eq!(told, Bench::new([("pipeline.kdl", BROKEN)]).check(&["--format", "narratable"]).out);
}

#[test]
fn reports_are_written_besides_what_is_shown() {
    let bench = bench();
    let said = bench.check(&["--report", "sarif=a.sarif", "--report", "gitlab=b.json", "--report", "full=c.txt"]);
    assert!(said.out.contains("error[unquoted-value]"), "{}", said.out);
    assert_eq!(json(&bench.read("a.sarif")), json(&bench.check(&["--format", "sarif"]).out));
    assert!(json(&bench.read("b.json")).is_array());
    assert!(bench.read("c.txt").contains("unquoted-value"));
    let said = bench.check(&["--report", "sarif=nowhere/a"]);
    assert!(said.err.contains("report-unwritable"), "{}", said.err);
    assert_eq!(said.code, 3);
    for (reports, told) in
        [(&["--report=sarif=x", "--report=json=./x"][..], "two reports"), (&["--report=tap=x"], "sarif=pipe.sarif")]
    {
        let said = bench.check(reports);
        assert!(said.err.contains(told), "{}", said.err);
        assert_eq!(said.code, 2);
    }
}
