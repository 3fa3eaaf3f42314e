//! Tables in files: what is wrong with them is told at the line that names them, before anything runs.

use super::told_in;
use crate::diagnostic::Severity;
use crate::source::MemoryWorkspace;

/// What is told of a test that is repeated for `file`, and why.
fn told(file: &str, text: &[u8]) -> Vec<String> {
    let pipeline = pipeline(file);
    let workspace = MemoryWorkspace::default().with(file, text);
    let analysis = super::in_workspace(&pipeline, &workspace);
    let errors = analysis.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    errors.map(|it| format!("{}: {}; {}", it.code, it.message, it.notes.join(", "))).collect()
}

fn pipeline(file: &str) -> String {
    format!(
        r#"
service app {{
    image "busybox:1.35"
    port 8000
    command httpd -f -p "8000"
    healthcheck tcp=8000
}}
acceptance pages {{
    target app port=8000
    test "pages" {{
        each "{file}"
        http GET "/{{{{row.path}}}}" {{ expect status "{{{{row.status}}}}" }}
    }}
}}
"#
    )
}

#[test]
fn a_good_table_is_told_nothing_of() {
    assert_eq!(told("t.csv", b"path,status\na,200\n"), [""; 0]);
    assert_eq!(told("t.csv", "\u{feff}path,status\r\n\"a,b\",200\r\n".as_bytes()), [""; 0]);
    assert_eq!(told("t.json", br#"[{"path": "a", "status": 200}]"#), [""; 0]);
}

#[test]
fn a_bad_table_is_told_of_with_its_line() {
    let why = |file: &str, text: &[u8]| match told(file, text).as_slice() {
        [one] => one.clone(),
        other => panic!("{other:?}"),
    };
    let cannot = "bad-table: table `t.csv` cannot be read; ";
    assert_eq!(
        why("t.csv", b"path,status\na,200\nb\n"),
        format!("{cannot}line 3 has 1 cells, and there are 2 columns")
    );
    assert_eq!(why("t.csv", b"path,status\na,200,1\n"), format!("{cannot}line 2 has 3 cells, and there are 2 columns"));
    assert_eq!(why("t.csv", b"path,path,status\na,b,1\n"), format!("{cannot}there are two columns `path`"));
    assert_eq!(why("t.csv", b"path,,status\na,b,1\n"), format!("{cannot}a column has no name"));
    assert_eq!(why("t.csv", b""), format!("{cannot}it is empty"));
    assert_eq!(why("t.csv", b"path,status\n"), "bad-table: table `t.csv` has no rows; the test would never run");
    assert_eq!(why("t.csv", b"path,status\na\xff,200\n"), "bad-table: table `t.csv` is not UTF-8; save it as UTF-8");
    assert_eq!(
        why("t.txt", b"path,status\n"),
        "bad-table: `t.txt` is neither CSV nor JSON by its name; ".to_owned()
            + "name a file that ends in `.csv` or `.json`"
    );
    let cannot = "bad-table: table `t.json` cannot be read; ";
    assert_eq!(why("t.json", b"{}"), format!("{cannot}it is no list"));
    assert_eq!(
        why("t.json", br#"[{"path": "a", "status": 1}, {"path": "b"}]"#),
        format!("{cannot}element 1 has no `status`")
    );
    assert!(why("t.json", b"[{").starts_with(cannot));
}

#[test]
fn a_column_that_a_test_names_must_be_there() {
    let told = told("t.csv", b"path\na\n");
    assert!(told.iter().any(|told| told.contains("status")), "{told:?}");
    assert_eq!(told.len(), 1, "{told:?}");
}

#[test]
fn a_table_may_have_so_many_rows() {
    let rows = |count: usize| "path,status\n".to_owned() + &"a,200\n".repeat(count);
    assert_eq!(told("t.csv", rows(10_000).as_bytes()), [""; 0]);
    assert_eq!(
        told("t.csv", rows(100_000).as_bytes()),
        ["bad-table: table `t.csv` is too long; a table has at most 10000 rows, this one has 100000"]
    );
    let json = format!("[{}]", vec![r#"{"path": "a", "status": 200}"#; 100_000].join(","));
    assert_eq!(
        told("t.json", json.as_bytes()),
        ["bad-table: table `t.json` is too long; a table has at most 10000 rows, this one has 100000"]
    );
}

#[test]
fn a_table_that_is_not_there_is_told_of() {
    let told = told_in(&pipeline("none.csv"), &MemoryWorkspace::default());
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].ends_with("\"none.csv\""), "{told:?}");
}
