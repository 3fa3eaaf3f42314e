//! What the schema table refuses, and what it says then; and what is read of a file that it allows.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use pipe::analysis::analyze;
use pipe::ast::{
    self, ArtifactOn, CheckStrength, EnvValue, Gate, HealthTest, ImageSource, Look, MountSource, Oom, Predicate,
    PredicateKind, PullPolicy, ReportKind, Runnable, Spec,
};
use pipe::diagnostic::{Diagnostic, Diagnostics, Severity, codes};
use pipe::model::Inputs;
use pipe::schema::{self, Type};
use pipe::source::{Files, MemoryWorkspace};
use pipe::syntax;
use proptest::prelude::*;

/// The file, what was read of it, and all that was told.
fn decode(text: &str) -> (Files, Spec, Diagnostics) {
    let files = Files::single("pipeline.kdl", text);
    let (document, mut told) = syntax::parse(files.root());
    let (spec, shape) = ast::decode(std::slice::from_ref(&document), &files);
    told.extend(shape);
    told.sort();
    (files, spec, told)
}

/// One line a diagnostic: its code, the text under its first label, its message and its help.
fn lines(text: &str) -> Vec<String> {
    let (files, _, told) = decode(text);
    let line = |diagnostic: &Diagnostic| {
        let place = diagnostic.span().map(|span| files.slice(span).to_owned()).unwrap_or_default();
        let help = diagnostic.help.as_deref().unwrap_or_default();
        format!("{} at `{place}`: {}; {help}", diagnostic.code, diagnostic.message)
    };
    told.iter().map(line).collect()
}

/// The codes of all that is told of `text`, from its characters to opinions.
fn whole(text: &str) -> Vec<String> {
    let workspace = MemoryWorkspace::default()
        .with("ci/services.kdl", "service db { image \"mariadb:10.11\"; healthcheck tcp=3306; }\n")
        .with("Dockerfile", "FROM busybox:1.35 AS test\nFROM busybox:1.35 AS release\nARG APP_VERSION\n")
        .with("password.txt", "hidden");
    let told = analyze(&Files::single("pipeline.kdl", text), &Inputs::new(&workspace)).diagnostics;
    told.iter().map(|diagnostic| format!("{}: {}", diagnostic.code, diagnostic.message)).collect()
}

/// The text after the fixes that may be applied without a look.
fn fixed(text: &str) -> String {
    let (_, _, told) = decode(text);
    let mut edits: Vec<_> =
        told.iter().flat_map(|diagnostic| diagnostic.fixes.iter().take(1)).flat_map(|fix| fix.edits.clone()).collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    let mut out = text.to_owned();
    for edit in edits {
        out.replace_range(edit.span.range(), &edit.text);
    }
    out
}

#[test]
fn nodes_that_are_not_known() {
    assert_eq!(
        lines("service db { healtcheck \"true\" }"),
        ["unknown-node at `healtcheck`: there is no `healtcheck` in `service`; write `healthcheck`"]
    );
    assert_eq!(
        lines("service db { depends_on x; environment { A b } }"),
        [
            "unknown-node at `depends_on`: there is no `depends_on` in `service`; write `needs`",
            "unknown-node at `environment`: there is no `environment` in `service`; write `env`",
        ]
    );
    assert_eq!(
        lines("stage a { run x }"),
        ["unknown-node at `run`: there is no `run` in `stage`; write `command` or `sh`"]
    );
    assert_eq!(
        lines("volumes a"),
        ["unknown-node at `volumes`: there is no `volumes` at the top level of the file; write `volume`"]
    );
    assert_eq!(
        lines("stage a { healthcheck \"true\" }"),
        [
            "misplaced-node at `healthcheck`: `healthcheck` belongs in `template` or `service`, not in `stage`; write it in `template` or `service`"
        ]
    );
    assert_eq!(
        lines("healthcheck \"true\""),
        [
            "misplaced-node at `healthcheck`: `healthcheck` belongs in `template` or `service`, not at the top level of the file; write it in `template` or `service`"
        ]
    );
    assert_eq!(
        lines("stage a { param x }"),
        [
            "misplaced-node at `param`: `param` belongs at the top level of the file, not in `stage`; write it at the top level of the file"
        ]
    );
    assert_eq!(
        lines("image a { build . { target x } }"),
        [
            "unknown-node at `target`: `target` is a property of `build`; write it on the line of `build`: `target=\"text\"`"
        ]
    );
}

#[test]
fn nodes_that_stand_twice() {
    assert_eq!(
        lines("pipeline a\npipeline b"),
        ["duplicate-node at `pipeline`: `pipeline` stands twice at the top level of the file; keep one of the two"]
    );
    assert_eq!(
        lines("stage a { env A b; env { A c } }"),
        ["duplicate-node at `A`: `A` stands twice among `env`; keep one of the two"]
    );
    assert_eq!(lines("stage a { env A b; label A c; needs b; needs c }"), [""; 0]);
}

#[test]
fn arguments() {
    assert_eq!(lines("stage { image x }"), ["missing-argument at `stage`: `stage` needs a name; write `stage app`"]);
    assert_eq!(lines("stage a { needs }"), ["missing-argument at `needs`: `needs` needs a name; write `needs app`"]);
    assert_eq!(
        lines("stage a { mount data }"),
        ["missing-argument at `mount data`: `mount` needs a target; write `mount data \"/path\"`"]
    );
    assert_eq!(
        lines("stage a { workdir \"/a\" \"/b\" }"),
        [
            "too-many-arguments at `\"/b\"`: `workdir` takes one argument, a path; take `\"/b\"` away, or write `workdir PATH`"
        ]
    );
    assert_eq!(
        lines("stage a { label purpose to test it }"),
        [
            "too-many-arguments at `test it`: `purpose` takes one value; quote the words of one value: `purpose \"to test it\"`"
        ]
    );
    assert_eq!(
        lines("stage a { label purpose }"),
        ["missing-argument at `purpose`: `purpose` needs a value; write `label purpose \"value\"`"]
    );
    assert_eq!(
        lines("stage a { env }"),
        ["missing-argument at `env`: `env` needs the variable and its value; write `env KEY \"value\"`"]
    );
    assert_eq!(
        lines("stage a { mount data \"/data\" readonly }"),
        ["unknown-value at `readonly`: `mount` takes `read-only` here; write `read-only`"]
    );
}

#[test]
fn properties() {
    assert_eq!(
        lines("service a { healthcheck tcp=1 intervall=\"3s\" }"),
        ["unknown-property at `intervall`: `healthcheck` has no property `intervall`; write `interval`"]
    );
    assert_eq!(
        lines("stage a timeout=\"3s\""),
        [
            "unknown-property at `timeout`: `stage` has no property `timeout`; write it in the block of `stage`: `timeout \"3s\"`"
        ]
    );
    assert_eq!(
        lines("service a { healthcheck tcp=1 retries=1 retries=2 }"),
        ["duplicate-property at `retries=2`: `retries` is written twice; keep one of the two"]
    );
    assert_eq!(
        lines("stage a { env DEBUG=1 }"),
        ["unknown-property at `DEBUG=1`: a line of `env` is written without `=`; write `env DEBUG 1`"]
    );
    assert_eq!(
        lines("service a { healthcheck tcp=1 status=200 }"),
        ["no-effect at `status=200`: `status` has no effect without `http`; add `http`, or take `status` away"]
    );
    assert_eq!(
        lines("service a { healthcheck none interval=\"1s\" }"),
        ["no-effect at `interval=\"1s\"`: `interval` has no effect beside `none`; take `interval` away"]
    );
    assert_eq!(
        lines("acceptance a { bats \"x.bats\" }"),
        ["missing-property at `bats`: `bats` needs `image`; add `image=\"busybox:1.35\"`"]
    );
}

#[test]
fn values() {
    assert_eq!(
        lines("stage a { timeout 30 }"),
        ["wrong-type at `30`: `timeout` takes a duration, not an integer; write the unit: `\"30s\"`"]
    );
    assert_eq!(lines("stage a { timeout \"1m30\" }"), ["bad-duration at ``: `1m30` is no duration; write `\"1m30s\"`"]);
    assert_eq!(lines("stage a { timeout \"5min\" }"), ["bad-duration at `min`: `5min` is no duration; write `\"5m\"`"]);
    assert_eq!(
        lines("stage a { timeout \"0s\" }"),
        ["out-of-range at `\"0s\"`: `timeout` is more than nothing; write a time such as `\"3s\"`"]
    );
    assert_eq!(
        lines("service a { port 70000 }"),
        ["out-of-range at `70000`: `port` is from 1 to 65535; write a number from 1 to 65535"]
    );
    assert_eq!(
        lines("service a { port \"8080:http\" }"),
        ["bad-port at `http`: `http` is no port number; write `8000`, `\"8080:8000\"` or `\"127.0.0.1:8080:8000\"`"]
    );
    assert_eq!(
        lines("service a { port \"53/upd\"; port \"90-80\"; port \"1:80-81\"; port \"53/udp\"; port \"80-81\" }"),
        [
            "bad-port at `upd`: `upd` is no protocol of a port; write `\"53/udp\"`",
            "bad-port at `90-80`: `90-80` ends before it begins; write `\"80-90\"`",
            "bad-port at `1`: `port` has as many ports of the host as of the container; write two ranges of one length, `\"9000-9010:8000-8010\"`, or leave the host's ports to pipe"
        ]
    );
    assert_eq!(
        lines("stage a { mount tmpfs \"/x\" size=\"64m\" }"),
        ["bad-size at `\"64m\"`: `size` is `64m`, which is no size; write `\"64MiB\"`"]
    );
    assert_eq!(
        lines("stage a { init yes }"),
        ["wrong-type at `yes`: `init` takes a boolean, not a string; write `#true`"]
    );
    assert_eq!(
        lines("stage a { needs b gate=ready }"),
        [
            "unknown-value at `ready`: `gate` cannot be `ready`; write `started`, `healthy`, `succeeded`, `completed` or `exited`"
        ]
    );
    assert_eq!(
        lines("stage a { stop signal=term }"),
        ["unknown-value at `term`: `signal` cannot be `term`; write `SIGTERM`"]
    );
    assert_eq!(
        lines("stage a { env A #true }"),
        ["wrong-type at `#true`: `A` takes a string, not a boolean; write `\"true\"`"]
    );
    assert_eq!(lines("stage a { env A 1; env B 0x10; command sleep 5 }"), [""; 0]);
    assert_eq!(lines("stage 1"), ["wrong-type at `1`: `stage` takes a name, not an integer; write `\"1\"`"]);
}

#[test]
fn parts_together() {
    assert_eq!(
        lines("stage a { sh x; command y }"),
        ["mutually-exclusive at `command`: `sh` and `command` exclude each other; keep one of the two"]
    );
    assert_eq!(
        lines("service a { healthcheck interval=\"1s\" }"),
        [
            "missing-one-of at `healthcheck`: `healthcheck` needs the test, `command`, `http=`, `tcp=` or `log=`; add `\"echo hello\"`, `command \"text\"`, `http=\"/todos\"`, `tcp=8000` or `log=\"^http\"`"
        ]
    );
    assert_eq!(
        lines("image a"),
        [
            "missing-one-of at `image`: `image` needs `build`, `pull`, `import` or `load`; add `build \"./dir\"`, `pull \"busybox:1.35\"`, `import \"./dir\"` or `load \"./dir\"`"
        ]
    );
    assert_eq!(
        lines("acceptance a { test x { http GET \"/\" { expect json \"$.a\" } } }"),
        [
            "asserts-nothing at `expect json \"$.a\"`: `expect json` asserts nothing; add what must hold, such as `exists=#true` or `equals=\"value\"`"
        ]
    );
    assert_eq!(lines("stage a { port 1 }").len(), 1);
}

#[test]
fn annotations_and_blocks() {
    assert_eq!(lines("stage a { env A (secret)b }"), [""; 0]);
    assert!(
        lines("stage a { workdir (secret)b }")[0]
            .starts_with("unknown-annotation at `secret`: `(secret)` means nothing here;")
    );
    for text in ["sh (bash)\"x\"", "sh (python)\"x\"", "env A (json)\"{}\"", "command psql -c (sql)\"select 1\""] {
        assert_eq!(lines(&format!("stage a {{ {text} }}")), [""; 0], "{text}");
    }
    assert_eq!(
        lines("stage a { sh (json)\"x\"; sh (pyhton)\"x\" }")[..],
        [
            "unknown-annotation at `json`: `(json)` means nothing here; take the annotation away, or write `(sh)`, `(bash)` or `(python)`",
            "duplicate-node at `sh`: `sh` stands twice in `stage`; keep one of the two",
            "unknown-annotation at `pyhton`: `(pyhton)` means nothing here; write `(python)`"
        ]
    );
    assert_eq!(
        lines("stage a { env {} }"),
        ["empty-block at `env`: the block of `env` is empty; fill the block, or take the braces away"]
    );
    assert_eq!(
        lines("service a { port 8000 { host 1 } }"),
        [
            "unexpected-block at `host`: `port` takes no block; write its properties on its line: `host`, `protocol` and `bind`"
        ]
    );
}

#[test]
fn what_is_not_run_is_checked_and_noted() {
    let (_, spec, told) = decode("stage a { image \"busybox:1.35\"; when changed=\"src/**\"; sh \"make\"; }");
    assert!(told.iter().next().is_none(), "{told:?}");
    let noted: Vec<&str> = spec.not_run.iter().map(|diagnostic| diagnostic.code.slug()).collect();
    assert_eq!(noted, ["not-yet-supported"]);
}

#[test]
fn all_mistakes_are_told_at_once() {
    let text = "stage a {\n imag x\n timeout 3\n workdir\n}\nservice b { port 0 }\nnonsense";
    let (_, _, told) = decode(text);
    let codes: Vec<&str> = told.iter().map(|diagnostic| diagnostic.code.slug()).collect();
    assert_eq!(codes, ["unknown-node", "wrong-type", "missing-argument", "out-of-range", "unknown-node"]);
}

#[test]
fn what_could_not_be_read_is_not_missed() {
    let (_, _, told) = decode("stage a {\n timeout 10s\n workdir /tmp\n image \"busybox:1.35\"\n}");
    let codes: Vec<&str> = told.iter().map(|diagnostic| diagnostic.code.slug()).collect();
    assert_eq!(codes, ["unquoted-value", "unquoted-value"]);
}

#[test]
fn fixes_mend() {
    let broken = "service a {\n healtcheck tcp=\"80\" retires=3\n env A=1\n stop signal=term grace=3\n init yes\n}";
    let mended =
        "service a {\n healthcheck tcp=80 retries=3\n env A 1\n stop signal=SIGTERM grace=\"3s\"\n init #true\n}";
    let once = fixed(broken);
    assert_eq!(fixed(&once), mended);
    assert_eq!(lines(mended), [""; 0]);
}

#[test]
fn every_page_of_shape_shows_its_code() {
    // What is not run is told to whoever would run it, and not by `pipe check`.
    for code in codes::shape::ALL.iter().filter(|code| **code != codes::shape::NOT_YET_SUPPORTED) {
        let bad = block(code.page(), "bad").unwrap_or_else(|| panic!("{code} has a bad block"));
        let (_, _, told) = decode(bad);
        let found: Vec<&str> = told.iter().map(|diagnostic| diagnostic.code.slug()).collect();
        assert_eq!(found, [code.slug()], "the bad block of {code}");
        let good = block(code.page(), "good").unwrap_or_else(|| panic!("{code} has a good block"));
        assert_eq!(whole(good), [""; 0], "the good block of {code}");
    }
}

#[test]
fn examples_are_clean() {
    for page in schema::PAGES {
        assert_eq!(whole(page.example), [""; 0], "the example of {}", page.slug);
    }
    let examples = kdl_files(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("specs/examples"));
    assert!(examples.len() > 3);
    for path in examples {
        let text = fs::read_to_string(&path).expect("an example can be read");
        assert_eq!(lines(&text), [""; 0], "{}", path.display());
    }
}

#[test]
fn a_file_is_read_in_full() {
    let text = r#"
        pipeline p { default a b; parallel 3; timeout "1h"; label { k v } }
        param v env=V default=dev { command git describe }
        image i { build . target=t pull=#true { arg A 1; secret s id=other }; tag "x:1" "y:2" }
        image j { pull "busybox:1.35" policy=always }
        volume w external name="{{v}}"
        volume u driver=local { driver-opt type nfs }
        network n internal
        template t { port 80; healthcheck none }
        service s {
            extends t
            mount w "/w" read-only
            mount "./dir" "/dir"
            mount tmpfs "/tmp" size="1KiB"
            port "127.0.0.1:81:80"
            port 82 host=83
            network none
            env A; env { B (secret)x; C "{{v}}" }
            healthcheck http="/" port=80 status=204 interval="3s" retries=2 successes=2 stable="1s"
            stop signal=SIGINT grace="0s"
            keep
        }
        stage m { needs s other gate=completed; after n; allow-failure #false; expect-exit 0 3; oom warn; artifact "/a" to="b/" report=tap on=failure }
        acceptance c {
            target s port=80
            test "x" {
                http GET "/" follow=#true {
                    query a 1
                    query a 2
                    expect status 200 lt=300 not-equals=204
                    require json "$.x" { between 1 2; not { in 3 "four" #null }; exists }
                    expect body exists=#false
                    capture d header=Location
                    capture e status
                }
            }
            bats "x.bats" image=i { env A b }
        }
    "#;
    let (files, spec, told) = decode(text);
    assert!(told.is_empty(), "{:?}", lines(text));

    let header = spec.header.as_ref().expect("there is a header");
    assert_eq!(header.default.iter().map(|name| name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(header.parallel.map(|count| count.value), Some(3));
    assert_eq!(header.timeout.map(|time| time.value), Some(Duration::from_secs(3600)));
    let param = &spec.params[0];
    assert_eq!(param.default.as_ref().map(|value| value.as_str()), Some("dev"));
    assert_eq!(param.command.as_ref().map(|command| command.words.words.len()), Some(2));

    let Some(ImageSource::Build(build)) = &spec.images[0].source else { panic!("{:?}", spec.images[0]) };
    assert_eq!(build.args[0].value.value, "1");
    assert_eq!(build.secrets[0].id.as_ref().map(|id| id.as_str()), Some("other"));
    assert_eq!(spec.images[0].tags.len(), 2);
    let Some(ImageSource::Pull { policy: Some(policy), .. }) = &spec.images[1].source else { panic!() };
    assert_eq!(policy.value, PullPolicy::Always);
    assert!(spec.volumes[0].external.is_some() && spec.networks[0].external.is_none());
    assert!(spec.networks[0].internal.is_some());
    assert!(matches!(&spec.templates[0].healthcheck, Some(check) if matches!(check.test, Some(HealthTest::None(_)))));

    let [Runnable::Service(service), Runnable::Stage(stage), Runnable::Acceptance(acceptance)] =
        spec.runnables.as_slice()
    else {
        panic!("{:?}", spec.runnables)
    };
    let settings = &service.settings;
    let [volume, bind, tmpfs] = settings.mounts.as_slice() else { panic!("{settings:?}") };
    assert!(matches!(volume.source, MountSource::Volume(_)) && volume.read_only.is_some());
    assert!(matches!(bind.source, MountSource::Bind(_)) && bind.read_only.is_none());
    assert!(matches!(tmpfs.source, MountSource::Tmpfs { size: Some(size) } if size.value == 1024));
    let ports = service.ports.iter().map(|port| (port.container.value, port.host.map(|host| host.value)));
    assert_eq!(ports.collect::<Vec<_>>(), [(80, Some(81)), (82, Some(83))]);
    assert_eq!(files.slice(service.ports[0].container.span), "80");
    assert!(settings.isolated.is_some() && settings.networks.is_empty());
    let [a, b, c] = settings.env.as_slice() else { panic!("{settings:?}") };
    assert_eq!(a.value, EnvValue::Param);
    assert!(matches!(&b.value, EnvValue::Secret(name) if name.value == "x"));
    assert!(matches!(&c.value, EnvValue::Text(text) if text.value == "{{v}}"));
    assert_eq!(settings.stop.as_ref().and_then(|stop| stop.grace).map(|grace| grace.value), Some(Duration::ZERO));
    assert_eq!(service.keep.map(|keep| keep.value), Some(true));

    assert!(stage.settings.needs.iter().all(|need| need.gate.map(|gate| gate.value) == Some(Gate::Completed)));
    assert_eq!(stage.allow_failure.map(|allow| allow.value), Some(false));
    assert_eq!(stage.expect_exit.iter().map(|code| code.value).collect::<Vec<_>>(), [0, 3]);
    assert_eq!(stage.oom.map(|oom| oom.value), Some(Oom::Warn));
    let artifact = &stage.artifacts[0];
    assert_eq!(artifact.report.map(|report| report.value), Some(ReportKind::Tap));
    assert_eq!(artifact.on.map(|on| on.value), Some(ArtifactOn::Failure));

    assert_eq!(acceptance.bats[0].settings.image.as_ref().map(|image| image.as_str()), Some("i"));
    let test = &acceptance.tests[0];
    let probe = &test.steps[0].probes()[0];
    let Look::Http(http) = &probe.look else { panic!("{probe:?}") };
    assert_eq!(http.query.len(), 2);
    assert_eq!(probe.captures.len(), 2);
    let told: Vec<Vec<String>> =
        probe.checks.iter().map(|check| check.direct().map(|p| predicate(p, &files)).collect()).collect();
    assert_eq!(told[0], ["200", "lt=300", "not not-equals=204"]);
    assert_eq!(told[1], ["between 1 2", "not { in 3 \"four\" #null }", "exists"]);
    assert_eq!(told[2], ["not exists=#false"]);
    assert_eq!(probe.checks[1].strength, CheckStrength::Require);
    let inner = probe.checks[1].direct().find_map(|predicate| match &predicate.kind {
        PredicateKind::Not(chain) => chain[0].predicate(),
        _ => None,
    });
    assert!(matches!(inner.map(|inner| &inner.kind), Some(PredicateKind::In(operands)) if operands.len() == 3));
}

/// A predicate as it is written, with a word before it where it must not hold.
fn predicate(predicate: &Predicate, files: &Files) -> String {
    format!("{}{}", if predicate.not { "not " } else { "" }, files.slice(predicate.span))
}

#[test]
fn every_word_of_the_table_is_read() {
    let word = |text: String| decode(&text).1;
    for gate in ["started", "healthy", "succeeded", "completed", "exited"] {
        let spec = word(format!("stage a {{ needs b gate={gate} }}"));
        let Runnable::Stage(stage) = &spec.runnables[0] else { panic!() };
        assert_eq!(stage.settings.needs[0].gate.map(|gate| gate.to_string()), Some(gate.to_owned()));
    }
    for policy in words_of("image.pull", "policy") {
        let spec = word(format!("image a {{ pull x policy={policy} }}"));
        assert!(matches!(spec.images[0].source, Some(ImageSource::Pull { policy: Some(_), .. })), "{policy}");
    }
    for (property, count) in [("report", 2), ("on", 3)] {
        let words = words_of("stage.artifact", property);
        assert_eq!(words.len(), count);
        for value in words {
            let spec = word(format!("stage a {{ artifact \"/a\" {property}={value} }}"));
            let Runnable::Stage(stage) = &spec.runnables[0] else { panic!() };
            assert!(stage.artifacts[0].report.is_some() || stage.artifacts[0].on.is_some(), "{value}");
        }
    }
    for kind in words_of("acceptance.test.http.expect", "type") {
        let spec = word(format!("acceptance a {{ test b {{ http GET c {{ expect body type={kind} }} }} }}"));
        let Runnable::Acceptance(acceptance) = &spec.runnables[0] else { panic!() };
        let probe = &acceptance.tests[0].steps[0].probes()[0];
        assert_eq!(probe.checks[0].chain.len(), 1, "{kind}");
    }
    let expect = schema::find("acceptance.test.http.expect").expect("in the table");
    let Type::Word(queries) = expect.arguments[0].ty else { panic!("a query is a word") };
    for query in queries.iter() {
        let selector = query.takes.iter().map(|it| it.ty.example()).collect::<Vec<_>>().join(" ");
        let spec = word(format!(
            "acceptance a {{ test b {{ http GET c {{ expect {} {selector} exists=#true }} }} }}",
            query.word
        ));
        let Runnable::Acceptance(acceptance) = &spec.runnables[0] else { panic!() };
        let probe = &acceptance.tests[0].steps[0].probes()[0];
        assert_eq!(probe.checks.len(), 1, "{}", query.word);
    }
}

/// The words of a property that this version runs.
fn words_of(path: &str, property: &str) -> Vec<&'static str> {
    let (property, _) = schema::find(path).and_then(|node| node.property(property)).expect("in the table");
    let Type::Word(words) = property.ty else { panic!("`{}` is a word", property.name) };
    words.iter().map(|word| word.word).collect()
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in words()) {
        let (_, _, told) = decode(&text);
        for diagnostic in told.iter() {
            prop_assert!(!diagnostic.labels.is_empty(), "{:?} has no place", diagnostic);
            prop_assert!(diagnostic.severity != Severity::Error || diagnostic.help.is_some(), "{:?} has no help", diagnostic);
            for fix in &diagnostic.fixes {
                prop_assert!(fix.edits.iter().all(|edit| text.is_char_boundary(edit.span.start as usize)));
            }
        }
    }
}

#[test]
fn hostile_files_are_given_up() {
    let many = 4_000;
    let keys: String = (0..many).map(|key| format!("K{key} v\n")).collect();
    let (_, spec, told) = decode(&format!("stage a {{ env {{\n{keys}}} }}"));
    assert!(told.is_empty(), "{} are told", told.len());
    let Runnable::Stage(stage) = &spec.runnables[0] else { panic!() };
    assert_eq!(stage.settings.env.len(), many);

    for text in ["x\n".repeat(many), "pipeline a\n".repeat(many), format!("stage a {}", "b=1 ".repeat(many))] {
        let (_, _, told) = decode(&text);
        assert_eq!(told.len(), syntax::limits::MISTAKES + 1);
    }
}

/// Texts of words that the language knows, in an order that it mostly does not.
fn words() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "pipeline",
        "param",
        "secret",
        "image",
        "volume",
        "service",
        "stage",
        "acceptance",
        "template",
        "build",
        "env",
        "command",
        "sh",
        "needs",
        "mount",
        "port",
        "healthcheck",
        "test",
        "http",
        "expect",
        "capture",
        "not",
        "in",
        "between",
        "tmpfs",
        "none",
        "stop",
        "label",
        "network",
        "bats",
        "target",
        "status",
        "json",
        "external",
        "read-only",
        "timeout",
        "init",
        "retry",
    ]);
    let value = prop::sample::select(vec![
        "\"3s\"",
        "\"8080:80\"",
        "\"\"",
        "1",
        "-1",
        "0x7fffffffffffffffffff",
        "1.5",
        "#true",
        "#null",
        "#inf",
        "(secret)x",
        "(é)\"ü\"",
        "\"é\"",
        "http=\"/\"",
        "gate=healthy",
        "size=\"1m\"",
        "interval=3",
        "not-equals=1",
        "name=x",
        "\"a/b\"",
        ".",
    ]);
    let piece = prop_oneof![
        known.prop_map(str::to_owned),
        value.prop_map(str::to_owned),
        Just("{".to_owned()),
        Just("}".to_owned()),
        Just("\n".to_owned())
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.join(" "))
}

/// The text of the `kdl` block marked `kind`.
fn block<'a>(page: &'a str, kind: &str) -> Option<&'a str> {
    let (_, rest) = page.split_once(&format!("```kdl {kind}\n"))?;
    rest.split_once("```").map(|(block, _)| block)
}

fn kdl_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the examples have a folder");
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => kdl_files(&path),
            false => {
                vec![path].into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "kdl")).collect()
            }
        })
        .collect()
}
