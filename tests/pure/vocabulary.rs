//! Every query, filter and predicate of a test: one value of which it holds, one of which it fails, and one of which it cannot be
//! asked. What cannot be asked fails negated as well. The schema table is the list: no word of it can be forgotten here.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use pipe::analysis::analyze;
use pipe::model::{Check, Inputs, Runnable, Step, Values};
use pipe::probe::http::{Answer, Certificate};
use pipe::probe::judge::{Files, FoundAnswer, Grounds, SchemaText, judge};
use pipe::schema::{self, Type, Word};
use pipe::source::MemoryWorkspace;

/// A word, what is expected with it, and three answers.
struct Row {
    word: &'static str,
    /// What is looked at: `status`.
    query: &'static str,
    /// What must hold of it, in a block.
    block: &'static str,
    /// The same on one line, where there is a short form.
    short: Option<&'static str>,
    holds: Answer,
    fails: Answer,
    /// None where every answer has a value of that type, so that `pipe check` tells of what cannot be asked.
    wrong: Option<Answer>,
}

const NOW: SystemTime = SystemTime::UNIX_EPOCH;

fn answer(body: impl Into<Bytes>) -> Answer {
    Answer {
        status: 200,
        version: "1.1",
        url: "http://app/".to_owned(),
        redirects: vec![],
        ip: None,
        certificate: None,
        headers: vec![],
        body: body.into(),
        took: Duration::from_millis(5),
    }
}

fn with(change: impl FnOnce(&mut Answer)) -> Answer {
    let mut answer = answer("");
    change(&mut answer);
    answer
}

fn header(name: &str, value: &str) -> Answer {
    with(|answer| answer.headers.push((name.to_owned(), value.to_owned())))
}

fn certified(subject: &str) -> Answer {
    with(|answer| {
        answer.certificate = Some(Ok(Certificate {
            subject: format!("CN={subject}"),
            issuer: format!("CN={subject} CA"),
            start: NOW,
            end: NOW + Duration::from_secs(86_400 * if subject == "app" { 30 } else { 3 }),
            serial: if subject == "app" { "01" } else { "02" }.to_owned(),
            names: vec![subject.to_owned()],
            pem: format!("-----BEGIN {subject}"),
        }));
    })
}

fn row(word: &'static str, query: &'static str, block: &'static str, three: [Option<Answer>; 3]) -> Row {
    let [Some(holds), Some(fails), wrong] = three else { panic!("`{word}` holds of something and fails of something") };
    Row { word, query, block, short: None, holds, fails, wrong }
}

/// Of the body; an empty text stands for bytes that are no text.
fn of_body(word: &'static str, query: &'static str, block: &'static str, three: [&'static str; 3]) -> Row {
    let body =
        |text: &'static str| Some(if text.is_empty() { answer(Bytes::from_static(b"\xff\xfe")) } else { answer(text) });
    row(word, query, block, three.map(body))
}

/// Of a JSON value.
fn of_json(word: &'static str, block: &'static str, three: [&str; 3]) -> Row {
    let value = |json: &str| Some(answer(format!("{{\"v\": {json}}}")));
    let [holds, fails, wrong] = three;
    // What is not there, or no JSON at all, where each JSON value can be asked.
    let wrong = match wrong {
        "nothing" => Some(answer("{}")),
        "broken" => Some(answer("<html>")),
        json => value(json),
    };
    row(word, "json \"$.v\"", block, [value(holds), value(fails), wrong])
}

fn short(row: Row, short: &'static str) -> Row {
    Row { short: Some(short), ..row }
}

fn queries() -> Vec<Row> {
    let set = |change: fn(&mut Answer)| Some(with(change));
    let text = |word, block, three| of_body(word, word, block, three);
    vec![
        row("status", "status", "equals 201", [set(|a| a.status = 201), set(|_| {}), None]),
        row("version", "version", "equals \"2\"", [set(|a| a.version = "2"), set(|_| {}), None]),
        row("url", "url", "ends-with \"/x\"", [set(|a| a.url = "http://app/x".into()), set(|_| {}), None]),
        row("redirects", "redirects", "count 1", [set(|a| a.redirects = vec!["http://a/".into()]), set(|_| {}), None]),
        row(
            "ip",
            "ip",
            "type ipv6",
            [set(|a| a.ip = "::1".parse().ok()), set(|a| a.ip = "127.0.0.1".parse().ok()), set(|_| {})],
        ),
        row(
            "header",
            "header ETag",
            "equals \"a\"",
            [Some(header("etag", "a")), Some(header("etag", "b")), Some(answer(""))],
        ),
        row(
            "cookie",
            "cookie \"s[Path]\"",
            "equals \"/\"",
            [Some(header("set-cookie", "s=1; Path=/")), Some(header("set-cookie", "s=1; Path=/a")), Some(answer(""))],
        ),
        text("body", "contains a", ["cat", "dog", ""]),
        text("bytes", "starts-with c3a9", ["é", "e", "{}"]).never(),
        text("lines", "count 2", ["a\nb", "a", ""]),
        text("size", "equals 2", ["é", "e", "{}"]).never(),
        text("sha256", "starts-with ca978112", ["a", "b", "{}"]).never(),
        text("sha512", "starts-with \"1f40fc92\"", ["a", "b", "{}"]).never(),
        text("md5", "equals \"0cc175b9c0f1b6a831c399e269772661\"", ["a", "b", "{}"]).never(),
        of_body("json", "json \"$.a\"", "equals 1", ["{\"a\": 1}", "{\"a\": 2}", "<a/>"]),
        of_body("xml", "xml \"//a\"", "equals 1", ["<a>1</a>", "<a>2</a>", "{\"a\": 1}"]),
        of_body("regex", "regex \"id=([0-9]+)\"", "equals \"1\"", ["id=1", "id=2", ""]),
        row("duration", "duration", "lt 10", [set(|_| {}), set(|a| a.took = Duration::from_secs(1)), None]),
        row("certificate", "certificate subject", "equals \"CN=app\"", certificates()),
        row("certificate issuer", "certificate issuer", "equals \"CN=app CA\"", certificates()),
        row("certificate start-date", "certificate start-date", "filter days-before-now; equals 0", certificates())
            .fails_of(with(|answer| {
                let mut other = certified("app").certificate.expect("it has one").expect("it reads");
                other.start = NOW - Duration::from_secs(86_400);
                answer.certificate = Some(Ok(other));
            })),
        row("certificate expire-date", "certificate expire-date", "filter days-after-now; gt 14", certificates()),
        row("certificate serial-number", "certificate serial-number", "equals \"01\"", certificates()),
        row("certificate subject-alt-names", "certificate subject-alt-names", "contains app", certificates()),
        row("certificate pem", "certificate pem", "ends-with app", certificates()),
        row("value", "value a", "equals a", [set(|_| {}), set(|_| {}), None]).one_answer(),
    ]
}

fn certificates() -> [Option<Answer>; 3] {
    [Some(certified("app")), Some(certified("other")), Some(answer(""))]
}

fn filters() -> Vec<Row> {
    let f = of_json;
    vec![
        f("count", "filter count; equals 2", ["[1, 2]", "[1]", "5"]),
        f("first", "filter first; equals 1", ["[1, 2]", "[2]", "\"1\""]),
        f("last", "filter last; equals 2", ["[1, 2]", "[1]", "{}"]),
        f("nth", "filter nth -2; equals 1", ["[1, 2]", "[2, 2]", "\"12\""]),
        f("sort", "filter sort; filter first; equals 1", ["[2, 1]", "[2]", "1"]),
        f("unique", "filter unique; count 1", ["[2, 2]", "[2, 1]", "\"a\""]),
        f("reverse", "filter reverse; filter first; equals 1", ["[2, 1]", "[1, 2]", "1"]),
        f("keys", "filter keys; contains a", ["{\"a\": 1}", "{}", "[\"a\"]"]),
        f("values", "filter values; contains 1", ["{\"a\": 1}", "{}", "[1]"]),
        f("min", "filter min; equals 1", ["[2, 1]", "[2]", "[\"1\"]"]),
        f("max", "filter max; equals 2", ["[2, 1]", "[1]", "2"]),
        f("sum", "filter sum; equals 3", ["[2, 1]", "[]", "[null]"]),
        f("add", "filter add 1; equals 3", ["2", "3", "[2]"]),
        f("sub", "filter sub 1; equals 1", ["2", "3", "[2]"]),
        f("mul", "filter mul 2; equals 4", ["2", "3", "true"]),
        f("div", "filter div 2; equals 1", ["2", "3", "null"]),
        f("lower", "filter lower; equals a", ["\"A\"", "\"B\"", "1"]),
        f("upper", "filter upper; equals A", ["\"a\"", "\"b\"", "1"]),
        f("trim", "filter trim; equals a", ["\" a\"", "\"b\"", "[]"]),
        f("lines", "filter lines; count 2", ["\"a\\nb\"", "\"a\"", "2"]),
        f("split", "filter split \",\"; count 2", ["\"a,b\"", "\"a\"", "2"]),
        f("replace", "filter replace a b; equals bb", ["\"ab\"", "\"c\"", "1"]),
        f("replace-regex", "filter replace-regex \"[0-9]+\" n; equals n", ["\"12\"", "\"a\"", "12"]),
        f("regex", "filter regex \"=(.)\"; equals a", ["\"x=a\"", "\"x=b\"", "1"]),
        f("json", "filter json \"$.a\"; equals 1", ["\"{\\\"a\\\": 1}\"", "{\"a\": 2}", "\"<a>\""]),
        f("xml", "filter xml \"count(//a)\"; equals 1", ["\"<a/>\"", "\"<b/>\"", "\"{}\""]),
        f("to-int", "filter to-int; equals 5", ["\"5\"", "\"6\"", "\"5.5\""]),
        f("to-float", "filter to-float; equals 5.5", ["\"5.5\"", "\"5\"", "\"five\""]),
        f("to-string", "filter to-string; equals \"[1]\"", ["[1]", "[2]", "broken"]),
        f("to-hex", "filter to-hex; equals \"61\"", ["\"a\"", "\"b\"", "1"]),
        f(
            "to-date",
            "filter to-date \"%d.%m.%Y\"; filter days-after-now; equals 1",
            ["\"02.01.1970\"", "\"01.01.1970\"", "\"1970\""],
        ),
        f(
            "date-format",
            "filter date-format \"%Y\"; equals \"1970\"",
            ["\"1970-01-02\"", "\"1971-01-02\"", "\"soon\""],
        ),
        f("days-after-now", "filter days-after-now; equals 1", ["\"1970-01-02\"", "\"1970-01-03\"", "1"]),
        f("days-before-now", "filter days-before-now; equals 1", ["\"1969-12-31\"", "\"1970-01-01\"", "\"x\""]),
        of_body("from-charset", "bytes", "filter from-charset gb2312; equals \"a\"", ["a", "b", ""]),
        f("to-charset", "filter to-charset iso-8859-1; equals e9", ["\"é\"", "\"e\"", "\"你\""]),
        f("decode", "filter decode base64; equals a", ["\"YQ==\"", "\"Yg==\"", "\"!\""]),
        f("decode base64-url", "filter decode base64-url; equals \"?>\"", ["\"Pz4\"", "\"YQ\"", "\"+\""]),
        f("decode url", "filter decode url; equals \"a b\"", ["\"a%20b\"", "\"a\"", "1"]),
        f("decode html", "filter decode html; equals \"<\"", ["\"&lt;\"", "\"&gt;\"", "[]"]),
        f("decode hex", "filter decode hex; equals a", ["\"61\"", "\"62\"", "\"6\""]),
        f("encode", "filter encode base64; equals \"YQ==\"", ["\"a\"", "\"b\"", "1"]),
        f("encode base64-url", "filter encode base64-url; equals Pz4", ["\"?>\"", "\"a\"", "1"]),
        f("encode url", "filter encode url; equals \"a%20b\"", ["\"a b\"", "\"a\"", "1"]),
        f("encode html", "filter encode html; equals \"&lt;\"", ["\"<\"", "\">\"", "1"]),
        f("encode hex", "filter encode hex; equals \"61\"", ["\"a\"", "\"b\"", "1"]),
        f("query-param", "filter query-param q; equals a", ["\"/?q=a\"", "\"/?q=b\"", "1"]),
    ]
}

fn predicates() -> Vec<Row> {
    let p = of_json;
    vec![
        short(p("equals", "equals 1", ["1.0", "\"1\"", "nothing"]), "equals=1"),
        short(p("gt", "gt 1", ["2", "1", "\"2\""]), "gt=1"),
        short(p("ge", "ge 1", ["1", "0", "[]"]), "ge=1"),
        short(p("lt", "lt 1", ["0", "1", "true"]), "lt=1"),
        short(p("le", "le 1", ["1", "2", "null"]), "le=1"),
        p("between", "between 1 2", ["1.5", "3", "\"1\""]),
        short(p("approx", "approx 1000", ["1000.5", "1002", "\"1000\""]), "approx=1000"),
        short(p("starts-with", "starts-with a", ["\"ab\"", "\"ba\"", "1"]), "starts-with=a"),
        short(p("ends-with", "ends-with a", ["\"ba\"", "\"ab\"", "[\"a\"]"]), "ends-with=a"),
        short(p("contains", "contains a", ["[\"a\"]", "\"b\"", "{\"a\": 1}"]), "contains=a"),
        p("contains-all", "contains-all a b", ["[\"b\", \"a\", 1]", "\"a\"", "1"]),
        p("any-order", "any-order 1 2", ["[2, 1]", "[1, 2, 2]", "\"12\""]),
        short(p("matches", "matches \"^a+$\"", ["\"aa\"", "\"ab\"", "1"]), "matches=\"^a+$\""),
        p("in", "in 1 a", ["\"a\"", "2", "nothing"]),
        short(p("exists", "exists", ["null", "absent", "broken"]).absent(), "exists=#true"),
        short(p("empty", "empty", ["[]", "\"a\"", "0"]), "empty=#true"),
        short(p("null", "\"null\"", ["null", "0", "nothing"]), "\"null\"=#true"),
        short(p("count", "count 1", ["{\"a\": 1}", "\"ab\"", "1"]), "count=1"),
        short(p("len", "len 1", ["[1]", "[]", "true"]), "len=1"),
        short(p("type", "type int", ["1", "1.5", "nothing"]), "type=int"),
        p("type float", "type float", ["1.5", "1", "nothing"]),
        p("type number", "type number", ["1.5", "\"1\"", "nothing"]),
        p("type bool", "type bool", ["true", "1", "nothing"]),
        p("type string", "type string", ["\"\"", "1", "nothing"]),
        p("type list", "type list", ["[]", "{}", "nothing"]),
        p("type object", "type object", ["{}", "[]", "nothing"]),
        p("type collection", "type collection", ["[]", "1", "nothing"]),
        p("type date", "type date", ["\"2026-11-24\"", "\"24.11.2026\"", "nothing"]),
        p("type iso-date", "type iso-date", ["\"2026-11-24T09:30:00.5Z\"", "\"2026-11-24\"", "nothing"]),
        p("type uuid", "type uuid", ["\"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\"", "\"f81d\"", "nothing"]),
        p("type ipv4", "type ipv4", ["\"127.0.0.1\"", "\"::1\"", "nothing"]),
        p("type ipv6", "type ipv6", ["\"::1\"", "\"127.0.0.1\"", "nothing"]),
        p("type url", "type url", ["\"http://a/\"", "\"/a\"", "nothing"]),
        p("type email", "type email", ["\"a@b\"", "\"a\"", "nothing"]),
        p("type semver", "type semver", ["\"1.0.0\"", "\"1.0\"", "nothing"]),
        short(p("has-key", "has-key a", ["{\"a\": 1}", "{}", "[\"a\"]"]), "has-key=a"),
        p("sorted", "sorted", ["[1, 2]", "[2, 1]", "\"ab\""]),
        p("unique", "unique", ["[1, 2]", "[1, 1]", "1"]),
        p("each", "each { gt 1 }", ["[2, 3]", "[2, 1]", "2"]),
        p("any", "any { gt 1 }", ["[0, 3]", "[0, 1]", "[\"a\"]"]),
        p("none", "none { gt 1 }", ["[0, 1]", "[0, 2]", "{}"]),
        short(p("json-equals", "json-equals \"[1]\"", ["[1.0]", "[2]", "nothing"]), "json-equals=\"[1]\""),
        short(
            p(
                "json-contains",
                "json-contains #\"{\"a\": \"<int>\"}\"#",
                ["{\"a\": 1, \"b\": 2}", "{\"a\": \"1\"}", "nothing"],
            ),
            "json-contains=#\"{\"a\": \"<int>\"}\"#",
        ),
        short(p("json-schema", "json-schema \"int.json\"", ["1", "\"1\"", "nothing"]), "json-schema=\"int.json\""),
        short(
            p("snapshot", "snapshot \"one.json\"", ["{\"a\": 1.0}", "{\"a\": 2}", "nothing"]),
            "snapshot=\"one.json\"",
        ),
        p("not", "not { gt 1 }", ["1", "2", "\"1\""]),
    ]
}

impl Row {
    /// Every answer has it.
    fn never(self) -> Self {
        Row { wrong: None, ..self }
    }

    /// Looks at no answer at all: the text of another one fails.
    fn one_answer(self) -> Self {
        Row { fails: answer("no answer matters"), ..self }
    }

    fn fails_of(self, fails: Answer) -> Self {
        Row { fails, ..self }
    }

    /// Fails where there is nothing.
    fn absent(self) -> Self {
        Row { fails: answer("{}"), ..self }
    }
}

fn rows() -> Vec<Row> {
    queries().into_iter().chain(filters()).chain(predicates()).collect()
}

/// The page of the reference that shows each word with what it holds of, what it fails of, and what it cannot be asked of.
pub fn page() -> String {
    let mut page = "<!-- Made from tests/pure/vocabulary.rs by `UPDATE=1 cargo test --test pure reference`. -->\n\n\
         # Every query, filter and predicate by example\n\n\
         Each line is a test of pipe itself: what it holds of, what it fails of, and what it cannot be asked of, where it fails with `not` before it \
         and without. An answer is its body; what else counts is told.\n"
        .to_owned();
    let parts = [("Queries", queries()), ("Filters", filters()), ("Predicates", predicates())];
    for (title, rows) in parts {
        let _ = write!(
            page,
            "\n## {title}\n\n| word | such as | holds of | fails of | cannot be asked of |\n|---|---|---|---|---|\n"
        );
        for row in rows {
            let block = format!("expect {} {{ {} }}", row.query, row.block);
            let such = row.short.map_or(block, |short| format!("expect {} {short}", row.query));
            let wrong = row.wrong.as_ref().map_or_else(String::new, told);
            // A text of one's own is no part of an answer.
            let fails = if row.word == "value" { "`expect value b { equals a }`".to_owned() } else { told(&row.fails) };
            let holds = told(&row.holds).replace("any other answer", "any answer");
            let cells = [format!("`{}`", row.word), code(&such), holds, fails, wrong];
            let _ = writeln!(page, "| {} |", cells.join(" | "));
        }
    }
    page
}

/// As it stands in a cell of a table.
fn code(text: &str) -> String {
    let fence = if text.contains('`') { "``" } else { "`" };
    format!("{fence}{}{fence}", text.replace('|', "\\|").replace('\n', "⏎"))
}

/// An answer in words: what of it is not as of any other.
fn told(answer: &Answer) -> String {
    let mut told = Vec::new();
    if answer.status != 200 {
        told.push(format!("status {}", answer.status));
    }
    if answer.version != "1.1" {
        told.push(format!("HTTP/{}", answer.version));
    }
    if answer.url != "http://app/" {
        told.push(code(&answer.url));
    }
    told.extend(answer.redirects.iter().map(|url| format!("redirected by {}", code(url))));
    told.extend(answer.ip.map(|ip| format!("from {ip}")));
    told.extend(answer.headers.iter().map(|(name, value)| code(&format!("{name}: {value}"))));
    if answer.took > Duration::from_millis(5) {
        told.push(format!("after {} ms", answer.took.as_millis()));
    }
    if let Some(Ok(certificate)) = &answer.certificate {
        let old = if certificate.start < NOW { ", a day old" } else { "" };
        told.push(format!("a certificate of {}, serial {}{old}", code(&certificate.subject), certificate.serial));
    }
    if !answer.body.is_empty() {
        let text = std::str::from_utf8(&answer.body).map(code);
        told.push(text.unwrap_or_else(|_| "bytes that are no text".to_owned()));
    }
    if told.is_empty() { "any other answer".to_owned() } else { told.join(", ") }
}

/// The checks of a test that expects these lines of an answer.
fn checks(lines: &[String]) -> Vec<Check> {
    let probes: String = lines.iter().map(|line| format!("http GET \"/\" {{ {line} }}\n")).collect();
    let service = "service app { image \"busybox:1.35\"; port 80; healthcheck tcp=80; }";
    let text = format!("{service}\nacceptance a {{\n target app port=80\n test t {{\n{probes} }}\n}}\n");
    let workspace = MemoryWorkspace::default().with("int.json", "{}").with("one.json", "{}");
    let analysis = analyze(&pipe::source::Files::single("pipeline.kdl", &text), &Inputs::new(&workspace));
    let told: Vec<String> = analysis.diagnostics.iter().map(|one| format!("{}: {}", one.code, one.message)).collect();
    let pipeline = analysis.pipeline.unwrap_or_else(|| panic!("{told:#?}"));
    let acceptance = pipeline.runnables().values().find_map(|runnable| match runnable {
        Runnable::Acceptance(acceptance) => Some(acceptance.clone()),
        _ => None,
    });
    let acceptance = acceptance.expect("there is an acceptance");
    let steps = acceptance.tests[0].steps.iter().flat_map(|step| match step {
        Step::Probe(probe) => probe.checks.clone(),
        other => panic!("{other:?} is no probe"),
    });
    steps.collect()
}

/// Whether what is expected holds of an answer.
fn holds(check: &Check, answer: &Answer) -> bool {
    let mut files = Files::new(false);
    let schema =
        SchemaText { text: "{\"type\": \"integer\"}".to_owned(), path: "/int.json".into(), ..SchemaText::default() };
    files.add_schema("int.json", Ok(schema));
    files.add_snapshot("one.json", Ok(Some("{\"a\": 1}".to_owned())));
    let grounds = Grounds { scope: &Values::default(), files: &files, now: NOW, mask: &str::to_owned };
    judge(check, &FoundAnswer::new(answer), &grounds).failures.is_empty()
}

#[test]
fn every_word_holds_fails_and_is_told_of_where_it_cannot_be_asked() {
    let rows = rows();
    let plain: Vec<String> = rows.iter().map(|row| format!("expect {} {{ {} }}", row.query, row.block)).collect();
    let negated: Vec<String> =
        rows.iter().map(|row| format!("expect {} {{ not {{ {} }} }}", row.query, row.block)).collect();
    let (plain_checks, negated_checks) = (checks(&plain), checks(&negated));
    assert_eq!((plain_checks.len(), negated_checks.len()), (rows.len(), rows.len()));
    let mut wrong = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let both = |answer: &Answer| (holds(&plain_checks[at], answer), holds(&negated_checks[at], answer));
        let mut must = |what: &str, answer: &Answer, wanted: (bool, bool)| {
            if both(answer) != wanted {
                wrong.push(format!(
                    "`{}` {what}: {} is {:?}, negated {:?}",
                    row.word,
                    plain[at],
                    both(answer).0,
                    both(answer).1
                ));
            }
        };
        must("holds", &row.holds, (true, false));
        if row.word != "value" {
            must("fails", &row.fails, (false, true));
        }
        if let Some(answer) = &row.wrong {
            must("cannot be asked", answer, (false, false));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn short_forms_say_what_long_ones_say() {
    let rows: Vec<Row> = rows().into_iter().filter(|row| row.short.is_some()).collect();
    let of = |row: &Row, not: bool| {
        let short = row.short.expect("it has one");
        let switch = short.strip_suffix("#true").filter(|_| not).map(|name| format!("{name}#false"));
        let text = switch.unwrap_or_else(|| format!("{}{short}", if not { "not-" } else { "" }));
        format!("expect {} {text}", row.query)
    };
    let plain = checks(&rows.iter().map(|row| of(row, false)).collect::<Vec<_>>());
    let negated = checks(&rows.iter().map(|row| of(row, true)).collect::<Vec<_>>());
    for (at, row) in rows.iter().enumerate() {
        let both = |answer: &Answer| (holds(&plain[at], answer), holds(&negated[at], answer));
        assert_eq!(both(&row.holds), (true, false), "{}", of(row, false));
        assert_eq!(both(&row.fails), (false, true), "{}", of(row, false));
        assert_eq!(row.wrong.as_ref().map(both), Some((false, false)), "{}", of(row, false));
    }
}

/// The words of an argument.
fn words(ty: Type) -> &'static [Word] {
    match ty {
        Type::Word(words) => words,
        other => panic!("{} is no closed set", other.noun()),
    }
}

#[test]
fn no_word_of_the_table_is_forgotten() {
    let expect = schema::find("acceptance.test.http.expect").expect("there is `expect`");
    let filter = expect.child("filter").expect("there is `filter`");
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    // A word whose argument is of a closed set stands for the first word of the set, the others stand behind it.
    for word in words(expect.arguments[0].ty).iter().chain(words(filter.arguments[0].ty)) {
        let set = word.takes.iter().find_map(|argument| match argument.ty {
            Type::Word(words) => Some(words),
            _ => None,
        });
        wanted.insert(word.word.to_owned());
        wanted.extend(set.into_iter().flat_map(|set| &set[1..]).map(|other| format!("{} {}", word.word, other.word)));
    }
    for node in expect.nodes().filter(|node| node.name != "filter") {
        wanted.insert(node.name.to_owned());
        if node.name == "type" {
            wanted.extend(words(node.arguments[0].ty)[1..].iter().map(|kind| format!("type {}", kind.word)));
        }
    }
    let rows = rows();
    let asked: BTreeSet<String> = rows.iter().map(|row| row.word.to_owned()).collect();
    assert_eq!(wanted.difference(&asked).collect::<Vec<_>>(), [""; 0], "words that no row asks");
    assert_eq!(asked.difference(&wanted).collect::<Vec<_>>(), [""; 0], "rows of no word");
    let shorts: BTreeSet<&str> = rows
        .iter()
        .filter_map(|row| row.short)
        .filter_map(|short| short.split('=').next())
        .map(|name| name.trim_matches('"'))
        .collect();
    let wanted: BTreeSet<&str> = expect.properties.iter().map(|property| property.name).collect();
    assert_eq!(shorts, wanted, "short forms");
}

#[test]
fn what_no_answer_can_have_is_told_of_beforehand() {
    let refused = |line: &str| {
        let text = format!("acceptance a {{ test t {{ http GET \"http://app/\" {{ {line} }} }} }}");
        let workspace = MemoryWorkspace::default();
        let analysis = analyze(&pipe::source::Files::single("pipeline.kdl", &text), &Inputs::new(&workspace));
        analysis.diagnostics.iter().any(|one| one.code.slug() == "wrong-type")
    };
    for query in ["status", "size", "duration"] {
        assert!(refused(&format!("expect {query} starts-with=a")), "{query}");
    }
    for query in ["version", "url", "bytes", "sha256", "sha512", "md5", "value a"] {
        assert!(refused(&format!("expect {query} {{ has-key a }}")), "{query}");
    }
    assert!(refused("expect redirects { gt 1 }"));
}
