//! Tests against services: what they can say, what a failure shows, what is counted.

use super::harness::{Checkout, stage};
use crate::daemon::wanted;

/// A list of todos in shell, as CGI below busybox's web server: GET, HEAD, POST with Location, DELETE. It writes a line a request.
const TODOS: &str = r##"
volume site
stage code {
    image "busybox:1.35"
    mount site "/site"
    sh #"""
        mkdir -p /site/cgi-bin /site/items
        cat >/site/cgi-bin/todos <<'EOF'
        #!/bin/sh
        cd /site/items
        echo "todos: $REQUEST_METHOD $PATH_INFO" >&2
        case "$REQUEST_METHOD$PATH_INFO" in
        GET | HEAD) body=$(echo "[$(cat [0-9]* 2>/dev/null | paste -s -d, -)]"); printf 'Content-Type: application/json\r\n\r\n%s' "$body" ;;
        POST) [ "$CONTENT_TYPE" = application/json ] || { printf 'Status: 415 Unsupported\r\n\r\n'; exit; }
            n=$(($(ls | wc -l) + 1)); head -c "$CONTENT_LENGTH" >$n; echo >>$n
            printf 'Status: 201 Created\r\nLocation: http://%s/cgi-bin/todos/%s\r\n\r\n' "$HTTP_HOST" $n ;;
        GET/*) if [ -f ".$PATH_INFO" ]; then printf 'Content-Type: application/json\r\n\r\n'; cat ".$PATH_INFO"; else printf 'Status: 404 Not Found\r\n\r\n'; fi ;;
        DELETE/*) rm -f ".$PATH_INFO"; printf 'Status: 204 No Content\r\n\r\n' ;;
        DELETE) rm -f [0-9]*; printf 'Status: 204 No Content\r\n\r\n' ;;
        esac
        EOF
        chmod +x /site/cgi-bin/todos
        """#
}
service app {
    image "busybox:1.35"
    needs code
    mount site "/site"
    port 8000
    sh "echo app: starting; exec httpd -f -p 8000 -h /site"
    healthcheck tcp=8000
}
"##;

/// The four tests of the workflow, as `acceptance`; `title` is what the created item is expected to be called.
fn four_tests(title: &str) -> String {
    TODOS.to_owned()
        + &r##"
acceptance todos {
    target app port=8000
    setup { http DELETE "/cgi-bin/todos" { expect status 200 204 } }
    test "the list answers" {
        http GET "/cgi-bin/todos" { expect status 200 }
        http HEAD "/cgi-bin/todos" { expect status 200 }
    }
    test "the list is empty at first" { http GET "/cgi-bin/todos" { expect json "$" count=0 } }
    test "an item can be created" {
        http POST "/cgi-bin/todos" {
            json #"{"title": "Wash the car"}"#
            expect status 201
            expect header Location matches="^http"
            capture item header=Location
        }
        http GET "{{item}}" { expect json "$.title" equals="TITLE" }
    }
    test "an item can be deleted" {
        http POST "/cgi-bin/todos" { json #"{"title": "Wash the car"}"#; capture item header=Location; }
        http DELETE "{{item}}" { expect status 204 }
        http GET "/cgi-bin/todos" { expect json "$" count=0 }
    }
}
"##
        .replace("TITLE", title)
        .replace("expect status 200 204", "expect status 204")
}

#[test]
fn the_four_tests_of_the_workflow_must_be_sayable_over_http() {
    if !wanted() {
        return;
    }
    let told = Checkout::with(&four_tests("Wash the car")).run(&[], 0);
    told.says(&["4 tests passed", "todos: HEAD", "todos: POST", "todos: DELETE"]);
}

#[test]
fn a_failed_test_must_show_request_answer_difference_and_the_services_log_since_it_began() {
    if !wanted() {
        return;
    }
    // The test before the one that fails ends with an answer that takes a second: by then its lines have arrived.
    let slow = r"GET/slow) sleep 1; printf 'Status: 204 No Content\r\n\r\n' ;;";
    let text = four_tests("Wash the cat")
        .replace("        GET/*)", &format!("        {slow}\n        GET/*)"))
        .replace("count=0 } }\n    test", "count=0 }; http GET \"/cgi-bin/todos/slow\"; }\n    test");
    assert!(text.contains("sleep 1") && text.contains("todos/slow"), "{text}");
    let checkout = Checkout::with(&text);
    let told = checkout.run(&["--report", "junit=all.xml"], 1);
    told.says(&[
        "error[expectation-failed]: “an item can be created”",
        r#"expected: equals "Wash the cat""#,
        r#"actual:   "Wash the car""#,
        "$ curl -i http://127.0.0.1:",
        "HTTP/1.1 200 OK",
        "`app` wrote while this test ran:",
        "3 tests passed, 1 test failed",
    ]);
    // All of its own lines, in order. A line of the test before may still have been on its way when this one began; what was
    // written long before is not shown.
    let own = ["todos: DELETE", "todos: POST", "todos: GET /1"];
    let log = told.out.split("`app` wrote while this test ran:\n").nth(1).expect("it is shown");
    let log: Vec<&str> = log.lines().take_while(|line| line.starts_with("    ")).map(str::trim).collect();
    assert!(log.ends_with(&own) && log.len() <= own.len() + 2, "{log:?}\n{}", told.out);
    assert!(!log.contains(&"app: starting"), "{}", told.out);
    let xml = checkout.read("all.xml");
    let kept = xml.split("<system-out>app wrote:").nth(1).and_then(|rest| rest.split("</system-out>").next());
    let kept = kept.expect("it is in the report").lines().map(str::trim);
    let (files, kept): (Vec<&str>, Vec<&str>) = kept.partition(|line| line.starts_with("all of it: /"));
    assert!(files.iter().any(|file| file.ends_with("/logs/app.stderr")), "{xml}");
    assert!(kept.ends_with(&own), "{xml}");
}

#[test]
fn tests_must_reach_the_service_by_its_name_in_the_network_and_by_its_port_on_the_host() {
    if !wanted() {
        return;
    }
    let inside = stage("inside", "needs app\n    sh \"wget -q -O - {{app.internal-url}}/cgi-bin/todos\"");
    let outside = "acceptance outside {\n    target app port=8000\n    test \"from the host\" { http GET \"{{app.url}}/cgi-bin/todos\" { expect status 200 } }\n}\n";
    let told = Checkout::with(&(TODOS.to_owned() + &inside + outside)).run(&[], 0);
    told.says(&["inside  | []", "+ from the host"]);
}

#[test]
fn a_bats_suite_must_be_counted_case_by_case() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::of("failing", "bats-case.kdl");
    let told = checkout.run(&["--report", "junit=all.xml"], 1);
    told.says(&[
        "+ addition",
        "x the answer",
        "“checks/case.bats: the answer” failed",
        "the answer is 54",
        "1 test passed, 1 test failed",
    ]);
    let xml = std::fs::read_to_string(checkout.directory.path().join("all.xml")).expect("the report is there");
    assert!(
        xml.contains(r#"<testsuite name="checks/case.bats" tests="2" skipped="0" errors="0" failures="1">"#),
        "{xml}"
    );
}

#[test]
fn a_bats_suite_that_ends_before_its_plan_is_fulfilled_must_not_be_green() {
    if !wanted() {
        return;
    }
    // A stand-in for bats that promises four tests, runs two and says that all is well.
    let text = "image tools { build . }\nacceptance checks { bats \"case.bats\" image=tools; }\n";
    let checkout = Checkout::with(text);
    checkout.write("case.bats", "");
    checkout.write("Dockerfile", "FROM busybox:1.35\nCOPY --chmod=755 bats /bin/bats\n");
    checkout.write("bats", "#!/bin/sh\necho 1..4\necho ok 1 one\necho ok 2 two\n");
    checkout.run(&[], 1).says(&["error[suite-failed]", "1..4"]);
}

#[test]
fn one_report_must_merge_unit_tests_http_tests_and_bats() {
    if !wanted() {
        return;
    }
    let unit = "<testsuite name='unit' tests='2'><testcase classname='Todo' name='has a title' time='0.5'/><testcase classname='Todo' name='is late'><skipped message='later'/></testcase></testsuite>";
    let text = four_tests("Wash the car")
        + &stage(
            "unit",
            &format!("sh \"echo \\\"{unit}\\\" > /unit.xml\"\n    artifact \"/unit.xml\" to=\"out/\" report=junit"),
        )
        + "image tools { build \"tools\" }\nacceptance checks { bats \"case.bats\" image=tools; }\n";
    let checkout = Checkout::with(&text);
    checkout.write("case.bats", "");
    checkout.write("tools/Dockerfile", "FROM busybox:1.35\nCOPY --chmod=755 bats /bin/bats\n");
    checkout.write("tools/bats", "#!/bin/sh\necho 1..1\necho ok 1 one\n");
    checkout.run(&["--report", "junit=out/all.xml"], 0).says(&["6 tests passed, 1 test skipped"]);
    let xml = checkout.read("out/all.xml");
    for suite in [
        r#"<testsuite name="unit" tests="2" skipped="1" errors="0" failures="0">"#,
        r#"<testcase name="has a title" classname="Todo" time="0.500"/>"#,
        r#"<testsuite name="todos" tests="4" skipped="0" errors="0" failures="0">"#,
        r#"<testsuite name="checks/case.bats" tests="1" skipped="0" errors="0" failures="0">"#,
        r#"<testcase name="app: await" classname="pipeline""#,
    ] {
        assert!(xml.contains(suite), "{suite} is not in:\n{xml}");
    }
    let report = pipe::probe::junit::read(xml.as_bytes()).expect("what pipe writes it can read");
    let stages = report.cases.iter().filter(|case| case.group.as_deref() == Some("pipeline")).count();
    assert_eq!(report.cases.len() - stages, 7, "each test once");
}

#[test]
fn the_container_of_a_bats_suite_must_have_the_settings_of_any_other() {
    if !wanted() {
        return;
    }
    // A stand-in for bats that looks at what it runs in.
    let bats = "#!/bin/sh\necho 1..4\n[ \"$(hostname)\" = inspector ] && echo ok 1 name || echo not ok 1 name\n\
                [ \"$(cat /etc/app/conf)\" = here ] && echo ok 2 file || echo not ok 2 file\n\
                [ -f \"$2\" ] && echo ok 3 suite || echo not ok 3 suite\n\
                if touch /x 2>/dev/null; then echo not ok 4 read-only; else echo ok 4 read-only; fi\n";
    let text = "image tools { build . }\nacceptance checks {\n    bats \"case.bats\" image=tools {\n        hostname inspector\n        \
                read-only\n        file \"/etc/app/conf\" \"here\"\n        resources memory=\"64MiB\"\n        cap drop ALL\n    }\n}\n";
    let checkout = Checkout::with(text);
    checkout.write("case.bats", "");
    checkout.write("Dockerfile", "FROM busybox:1.35\nCOPY --chmod=755 bats /bin/bats\n");
    checkout.write("bats", bats);
    checkout.run(&[], 0).says(&["4 tests"]);
}
