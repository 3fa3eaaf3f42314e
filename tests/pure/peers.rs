//! What the words of other tools are called here: each of theirs stands in its table, and each of ours that stands there is a word.

use pipe::analysis::analyze;
use pipe::diagnostic::Severity;
use pipe::model::Inputs;
use pipe::schema::{self, NodeDef, Type};
use pipe::source::{Files, MemoryWorkspace};

/// The words of Hurl 8: queries, filters and predicates.
const HURL: [&[&str]; 3] = [
    &[
        "status",
        "version",
        "url",
        "redirects",
        "ip",
        "header",
        "cookie",
        "body",
        "bytes",
        "rawbytes",
        "xpath",
        "jsonpath",
        "regex",
        "variable",
        "duration",
        "sha256",
        "md5",
        "certificate",
    ],
    &[
        "base64Decode",
        "base64Encode",
        "base64UrlSafeDecode",
        "base64UrlSafeEncode",
        "charsetDecode",
        "decode",
        "count",
        "dateFormat",
        "format",
        "daysAfterNow",
        "daysBeforeNow",
        "first",
        "htmlEscape",
        "htmlUnescape",
        "jsonpath",
        "last",
        "location",
        "nth",
        "regex",
        "replace",
        "replaceRegex",
        "split",
        "toDate",
        "toFloat",
        "toHex",
        "toInt",
        "toString",
        "urlDecode",
        "urlEncode",
        "urlQueryParam",
        "utf8Decode",
        "utf8Encode",
        "xpath",
    ],
    &[
        "==",
        "!=",
        ">",
        ">=",
        "<",
        "<=",
        "startsWith",
        "endsWith",
        "contains",
        "includes",
        "matches",
        "exists",
        "isEmpty",
        "isBoolean",
        "isCollection",
        "isDate",
        "isFloat",
        "isInteger",
        "isIpv4",
        "isIpv6",
        "isIsoDate",
        "isList",
        "isNumber",
        "isObject",
        "isString",
        "isUuid",
        "not",
    ],
];

/// The attributes of goss 0.4, by resource, its matchers, and what its templates have.
const GOSS: &[(&str, &str)] = &[
    ("Every resource", "title meta skip"),
    ("addr", "reachable address timeout local-address"),
    ("command", "exit-status exec stdout stderr timeout"),
    ("dns", "resolvable resolve addrs server timeout A AAAA CNAME SRV CAA MX NS PTR TXT"),
    ("file", "exists path mode size owner uid group gid filetype contents md5 sha256 sha512 linked-to"),
    ("gossfile", "file skip"),
    ("group", "exists groupname gid"),
    (
        "http",
        "status url allow-insecure no-follow-redirects timeout request-headers headers request-body body username password \
         ca-file cert-file key-file proxy method",
    ),
    ("interface", "exists name addrs mtu"),
    ("kernel-param", "value name"),
    ("mount", "exists mountpoint timeout opts vfs-opts source filesystem usage"),
    ("matching", "content matches"),
    ("package", "installed name versions"),
    ("port", "listening port ip"),
    ("process", "running comm"),
    ("registry", "exists value type"),
    ("service", "name running enabled runlevels"),
    ("user", "exists username uid gid groups home shell"),
    (
        "Matchers",
        "equal have-prefix have-suffix match-regexp contain-substring gt ge lt le contain-element contain-elements \
         consist-of have-len have-key not and or semver-constraint gjson",
    ),
    ("Templates", ".Env .Vars mkSlice getEnv readFile regexMatch toLower toUpper findStringSubmatch"),
];

/// The fields of the schema 2.0.0 of container-structure-test, by kind of test.
const STRUCTURE_TEST: &[(&str, &str)] = &[
    (
        "Command tests",
        "name setup teardown command args envVars expectedOutput excludedOutput expectedError excludedError exitCode",
    ),
    ("File existence tests", "name path shouldExist permissions uid gid isExecutableBy"),
    ("File content tests", "name path expectedContents excludedContents"),
    (
        "Metadata test",
        "envVars unboundEnvVars labels entrypoint cmd exposedPorts unexposedPorts volumes unmountedVolumes workdir user",
    ),
    ("License tests", "debian files"),
    ("Options", "schemaVersion globalEnvVars user privileged allocateTty envFile envVars capabilities bindMounts"),
];

/// The rows under a heading: their word, and ours where there is one.
fn rows<'a>(page: &'a str, heading: &str) -> Vec<(&'a str, Option<&'a str>)> {
    let section = page.split("\n## ").find(|section| section.starts_with(heading)).expect("the page has the heading");
    let code = |cell: &'a str| cell.trim().strip_prefix('`').and_then(|cell| cell.strip_suffix('`'));
    let lines = section.lines().filter_map(|line| line.strip_prefix("| "));
    lines
        .filter_map(|line| {
            let mut cells = line.split(" |");
            Some((code(cells.next()?)?, code(cells.next()?.trim_start_matches(' '))))
        })
        .collect()
}

fn has_word(node: &NodeDef, word: &str) -> bool {
    matches!(node.arguments[0].ty, Type::Word(words) if words.iter().any(|known| known.word == word))
}

#[test]
fn every_word_of_hurl_has_one_of_ours() {
    let page = include_str!("../../specs/peers/hurl.md");
    let expect = schema::find("acceptance.test.http.expect").expect("there is `expect`");
    let filter = expect.child("filter").expect("there is `filter`");
    for (heading, theirs) in ["Queries", "Filters", "Predicates"].into_iter().zip(HURL) {
        let rows = rows(page, heading);
        assert_eq!(rows.iter().map(|(word, _)| *word).collect::<Vec<_>>(), theirs, "{heading}");
        for (word, ours) in rows {
            let Some(ours) = ours else {
                assert_eq!(word, "location", "it has no word of ours");
                continue;
            };
            let words: Vec<&str> = ours.split(' ').filter(|word| !matches!(*word, "{" | "}" | "…")).collect();
            let is_word = match heading {
                "Queries" => has_word(expect, words[0]),
                "Filters" => words[0] == "filter" && has_word(filter, words[1]),
                _ => words.iter().filter(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '-')).all(|word| {
                    expect.child(word).is_some() || has_word(expect.child("type").expect("there is `type`"), word)
                }),
            };
            assert!(is_word, "`{word}` is to be `{ours}`, which is no word of the table");
        }
    }
}

#[test]
fn every_word_of_goss_has_one_of_ours_that_reads_or_a_reason() {
    holds(include_str!("../../specs/peers/goss.md"), GOSS);
}

#[test]
fn every_word_of_container_structure_test_has_one_of_ours_that_reads_or_a_reason() {
    holds(include_str!("../../specs/peers/container-structure-test.md"), STRUCTURE_TEST);
}

/// Each section lists each of their words once, in order, and what stands beside it is a piece of a pipeline that checks without an error;
/// where there is none, it says why it is not ours.
fn holds(page: &str, peer: &[(&str, &str)]) {
    let headings: Vec<&str> = page.split("\n## ").skip(1).filter_map(|section| section.lines().next()).collect();
    assert_eq!(headings, peer.iter().map(|(heading, _)| *heading).collect::<Vec<_>>());
    for (heading, words) in peer {
        let section = page.split("\n## ").find(|section| section.lines().next() == Some(heading)).expect("it is there");
        let mut seen = Vec::new();
        for (word, ours, note) in section.lines().filter_map(cells) {
            seen.push(word);
            match ours {
                Some(ours) => reads(heading, word, ours),
                None => assert!(note.starts_with("not ours: "), "{heading}: `{word}` has neither a word nor a reason"),
            }
        }
        assert_eq!(seen, words.split_whitespace().collect::<Vec<_>>(), "{heading}");
    }
}

/// A row: their word, ours where there is one, and what there is to say.
fn cells(line: &str) -> Option<(&str, Option<&str>, &str)> {
    fn code(cell: &str) -> Option<&str> {
        cell.trim().strip_prefix('`')?.strip_suffix('`')
    }
    let mut cells = line.strip_prefix("| ")?.splitn(3, " |");
    let (word, ours, note) = (code(cells.next()?)?, code(cells.next()?), cells.next()?);
    Some((word, ours, note.trim_end_matches('|').trim()))
}

/// Ours stands where it belongs: at the top, in an acceptance, in a test, in a probe, or among predicates.
fn reads(heading: &str, word: &str, ours: &str) {
    let (top, acceptance, step) = match ours.split([' ', '{']).next().unwrap_or_default().trim_start_matches("/-") {
        "pipeline" | "param" | "secret" | "template" | "include" => (ours, "", ""),
        "test" | "teardown" => ("", ours, ""),
        _ => ("", "", ours),
    };
    let step = match step.split(' ').next().unwrap_or_default() {
        "" => "tcp app".to_owned(),
        // `http` has a `file` of its own, and none of these tables shows it.
        "tcp" | "exec" | "run" | "file" | "image" | "http" | "dns" | "container" => step.to_owned(),
        _ => within(heading, step),
    };
    let header = if top.starts_with("pipeline") { "" } else { "pipeline peers" };
    let greeting = if top.contains("greeting") { "" } else { "param greeting hello" };
    let text = format!(
        "{header}\n{greeting}\n{top}\nimage greeter {{ pull \"busybox:1.35\" }}\n\
         service app {{ image \"busybox:1.35\"; port 8000; healthcheck tcp=8000 }}\n\
         acceptance a {{\ntarget app port=8000\n{acceptance}\ntest t {{ {step} }}\n}}\n",
    );
    let workspace = MemoryWorkspace::default()
        .with("tests.kdl", "volume more\n")
        .with("paths.csv", "path\n/etc/passwd\n")
        .with("ca.pem", "")
        .with("test.env", "A=b\n")
        .with("token.txt", "t")
        .with("dir/file", "");
    let files = Files::single("pipeline.kdl", &text);
    let analysis = analyze(&files, &Inputs::new(&workspace));
    let errors: Vec<String> = analysis
        .diagnostics
        .iter()
        .filter(|one| one.severity == Severity::Error)
        .map(|one| format!("{}: {}", one.code.slug(), one.message))
        .collect();
    assert!(errors.is_empty(), "{heading}: `{word}` is to be `{ours}`: {errors:?}\n{text}");
    assert!(analysis.spec.not_run.is_empty(), "{heading}: `{ours}` is not run");
}

/// A line of a probe's block, in the probe that its section is about.
fn within(heading: &str, line: &str) -> String {
    match heading {
        "addr" => format!("tcp app 8000 {{ {line} }}"),
        "command" => format!("exec app go version {{ {line} }}"),
        "dns" => format!("dns app {{ {line} }}"),
        "file" | "File existence tests" | "File content tests" => format!("file greeter \"/etc/passwd\" {{ {line} }}"),
        "http" => format!("http GET \"/\" {{ {line} }}"),
        "Command tests" => format!("run greeter greet {{ {line} }}"),
        "Metadata test" => format!("image greeter {{ {line} }}"),
        "Matchers" => format!("http GET \"/\" {{ expect json \"$.v\" {{ {line} }} }}"),
        other => panic!("{other}: `{line}` stands nowhere"),
    }
}
