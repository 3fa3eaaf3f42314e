use std::time::Duration;

use super::{first, pipeline, service, stage, told};
use crate::model::{HealthTest, Oom, Runnable};

#[test]
fn healthchecks_have_sensible_defaults() {
    let text = "service app { image \"x:1\"; port 8000; healthcheck http=\"/\" }\n";
    let pipeline = pipeline(text);
    let check = service(&pipeline, "app").healthcheck.clone().unwrap();
    assert!(matches!(check.test, HealthTest::Http { port: 8000, .. }), "the only port");
    assert_eq!(check.budget(), Duration::from_secs(210));
    assert_eq!((check.successes, check.stable), (1, None));
    let several = "service app { image \"x:1\"; port 8000; port 9000; healthcheck http=\"/\" }\n";
    assert_eq!(first(several).help.as_deref(), Some("name one that it publishes: `8000` or `9000`"));
}

#[test]
fn a_stage_without_anything_to_run_is_a_milestone() {
    let pipeline = pipeline("stage all { needs a }\nstage a { image \"x:1\" }\n");
    assert!(stage(&pipeline, "all").container.is_none());
    let a = stage(&pipeline, "a");
    assert!(a.container.as_ref().unwrap().init, "a stage has an init process");
    assert_eq!((a.expect_exit.as_slice(), a.oom), ([0].as_slice(), Oom::Warn));
    assert_eq!(told("stage a { command run }\n"), ["missing-image a"]);
    assert_eq!(told("service a { command run }\n"), ["missing-image a"]);
}

#[test]
fn a_stage_that_reports_tests_may_lose_no_process_unless_it_says_so() {
    let oom = |rest: &str| stage(&pipeline(&format!("stage a {{ image \"x:1\"; {rest} }}\n")), "a").oom;
    assert_eq!(oom("artifact \"/r\" report=junit"), Oom::Fail);
    assert_eq!(oom("artifact \"/r\""), Oom::Warn);
    assert_eq!(oom("artifact \"/r\" report=junit; oom warn"), Oom::Warn);
    assert_eq!(oom("oom fail"), Oom::Fail);
    assert_eq!(told("stage a { image \"x:1\"; oom ignore; }\n"), ["unknown-value ignore"]);
    assert_eq!(told("service a { image \"x:1\"; oom fail; }\n"), ["misplaced-node oom"]);
}

#[test]
fn commands_for_a_shell_are_told_from_others() {
    let run = |rest: &str| told(&format!("stage s {{ image \"x:1\"; {rest} }}\n"));
    assert_eq!(run("command echo a \"&&\" echo b"), ["command-needs-shell \"&&\""]);
    assert_eq!(run("command echo a \">\" \"/b\""), ["command-needs-shell \">\""]);
    assert_eq!(run("command \"python3 manage.py test\""), ["command-needs-shell \"python3 manage.py test\""]);
    assert_eq!(run("command sh -c \"echo a && echo b\""), [""; 0]);
    assert_eq!(run("command paste -d \"|\" a b"), [""; 0]);
    assert_eq!(run("command expr 1 \">\" 0".replace("1", "\"1\"").replace("0", "\"0\"").as_str()), [""; 0]);
    assert_eq!(run("sh \"echo a && echo b\""), [""; 0]);
    assert_eq!(run("entrypoint sh -c; command \"echo a && echo b\""), [""; 0]);
}

#[test]
fn paths_in_a_container_are_absolute() {
    let run = |rest: &str| {
        told(&format!("param p default=\"/x\"\nstage s {{ image \"x:1\"; command echo \"{{{{p}}}}\"; {rest} }}\n"))
    };
    assert_eq!(run("workdir app"), ["relative-container-path app"]);
    assert_eq!(run("workdir \"{{p}}/app\""), [""; 0]);
    assert_eq!(run("mount tmpfs \"tmp\""), ["relative-container-path \"tmp\""]);
    assert_eq!(run("artifact \"a.xml\""), ["relative-container-path \"a.xml\""]);
    assert_eq!(run("mount tmpfs \"/tmp\"; mount tmpfs \"/tmp/\""), ["duplicate-mount \"/tmp/\""]);
    assert_eq!(run("mount \"./nothing\" \"/x\""), ["missing-bind-source \"./nothing\""]);
    assert_eq!(run("mount \"~/nothing\" \"/x\""), ["missing-bind-source \"~/nothing\""]);
}

#[test]
fn one_port_of_the_host_serves_one_service() {
    let two = |a: &str, b: &str| {
        told(&format!("service a {{ image \"x:1\"; port 80 {a} }}\nservice b {{ image \"x:1\"; port 80 {b} }}\n"))
    };
    assert_eq!(two("host=8080", "host=8080"), ["duplicate-host-port 8080"]);
    assert_eq!(two("host=8080", "host=8080 bind=\"0.0.0.0\""), ["duplicate-host-port 8080"]);
    assert_eq!(two("host=8080 bind=\"127.0.0.1\"", "host=8080 bind=\"127.0.0.2\""), [""; 0]);
    assert_eq!(two("", ""), [""; 0]);
}

const APP: &str = "service app { image \"x:1\"; port 8000; healthcheck tcp=8000 }\n";

fn acceptance(body: &str) -> Vec<String> {
    told(&format!("{APP}acceptance a {{\n{body}\n}}\n"))
}

fn probe(body: &str) -> Vec<String> {
    acceptance(&format!("target app\ntest t {{\n{body}\n}}"))
}

#[test]
fn a_capture_is_known_after_it_and_in_its_test() {
    let capture = "http POST \"/\" { expect status 201; capture item header=Location }\n";
    let use_it = "http GET \"{{item}}\" { expect status 200 }\n";
    assert_eq!(probe(&format!("{capture}{use_it}")), [""; 0]);
    assert_eq!(probe(&format!("{use_it}{capture}")), ["capture-before-define {{item}}"]);
    let itself = "http GET \"/\" { expect body equals=\"{{item}}\"; capture item body }\n";
    assert_eq!(probe(itself), ["capture-before-define {{item}}"]);
    let elsewhere = format!("target app\ntest one {{\n{capture}}}\ntest two {{\n{use_it}}}");
    assert_eq!(acceptance(&elsewhere), ["unknown-variable {{item}}"]);
    let set_up = format!("target app\nsetup {{\n{capture}}}\ntest two {{\n{use_it}}}\nteardown {{\n{use_it}}}");
    assert_eq!(acceptance(&set_up), [""; 0]);
}

#[test]
fn queries_and_predicates_are_held_to_their_grammar() {
    let get = |checks: &str| probe(&format!("http GET \"/\" {{ {checks} }}"));
    assert_eq!(get("expect json \"$.a[0]\" equals=1"), [""; 0]);
    assert_eq!(get("expect json \"$.a[\" equals=1").len(), 1);
    assert_eq!(get("expect body matches=\"(a\""), ["bad-regex ("]);
    assert_eq!(get("expect body matches=\"(a{1000}){1000}\""), ["bad-regex \"(a{1000}){1000}\""]);
    assert_eq!(get("expect json \"$\" json-equals=#\"{\"a\": x}\"#"), ["bad-json x"]);
    assert_eq!(probe("http POST \"/\" { json #\"{\"a\": {{b}}}\"#; expect status 200 }"), ["unknown-variable {{b}}"]);
    assert_eq!(probe("http POST \"/\" { json #\"{\"a\": 1,}\"#; expect status 200 }"), ["bad-json }"]);
}

#[test]
fn urls_go_to_the_target_or_say_where() {
    let url = |url: &str| probe(&format!("http GET \"{url}\" {{ expect status 200 }}"));
    assert_eq!(url("/todos"), [""; 0]);
    assert_eq!(url("http://127.0.0.1:1/"), [""; 0]);
    assert_eq!(url("{{app.url}}/todos"), [""; 0]);
    assert_eq!(url("todos"), ["bad-url \"todos\""]);
    assert_eq!(url("https://example.com"), [""; 0]);
    assert_eq!(url("http://example.com:port/"), ["bad-url \"http://example.com:port/\""]);
    let without = "needs app\ntest t { http GET \"/\" { expect status 200 } }";
    assert_eq!(acceptance(without), ["relative-url \"/\""]);
}

#[test]
fn a_target_is_a_service_at_a_port_it_publishes() {
    let test = "test t { http GET \"/\" { expect status 200 } }";
    assert_eq!(acceptance(&format!("target app port=8001\n{test}")), ["unknown-port 8001"]);
    assert_eq!(acceptance(&format!("target a\n{test}")), ["unknown-reference a"]);
    let pipeline = pipeline(&format!("{APP}acceptance a {{ target app; {test} }}\n"));
    let Some(Runnable::Acceptance(acceptance)) = pipeline.runnables().values().last() else { panic!() };
    assert_eq!(acceptance.target.as_ref().unwrap().port, 8000);
}

#[test]
fn a_check_over_the_socket_of_a_database_has_a_fix() {
    let text = "service db { image \"mariadb:10.11\"; healthcheck \"mariadb-show -u root\" }\nstage s { image \"x:1\"; needs db }\n";
    let told = first(text);
    assert_eq!(told.code.slug(), "database-socket-check");
    let edit = &told.fixes[0].edits[0];
    let mut mended = text.to_owned();
    mended.replace_range(edit.span.range(), &edit.text);
    assert!(mended.contains("\"mariadb-show -h 127.0.0.1 -u root\""));
    assert_eq!(super::told(&mended), [""; 0]);
}
