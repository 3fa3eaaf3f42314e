//! Probes of what a run has on its engine: each says what it sees, and a failure shows what there was to see.

use super::harness::Checkout;
use crate::daemon::wanted;

const PIPELINE: &str = r##"
volume data
service db {
    image "mariadb:10.11"
    env { MARIADB_ROOT_PASSWORD "long-and-dull"; MARIADB_DATABASE todo; }
    healthcheck #"mariadb -uroot -plong-and-dull -e "select 1""#
}
service web {
    image "busybox:1.35"
    port 8000
    mount data "/data"
    env { COLOUR blue; }
    user "1000:1000"
    sh "echo ready; echo amiss >&2; cd /tmp && echo hello >greeting && ln -s greeting link && exec httpd -f -v -p 8000 -h /tmp"
    healthcheck tcp=8000
}
acceptance probes {
    test "commands" {
        exec web sh "-c" "echo $COLOUR; echo no >&2; exit 3" { expect exit 3; expect stdout "blue\n"; expect stderr contains=no; expect lines count=1; }
        exec web cat { stdin fed; expect stdout fed; }
        exec web sh "-c" "pwd; echo $A" { workdir "/etc"; user "0"; env { A b; }; expect stdout "/etc\nb\n"; }
        run "busybox:1.35" wget "-qO-" "http://web:8000/greeting" { expect stdout "hello\n"; capture greeting stdout { filter trim; }; }
        run "busybox:1.35" cat { stdin "{{greeting}} too"; expect stdout "hello too"; }
    }
    test "files" {
        file web "/tmp/greeting" { expect body "hello\n"; expect mode "0644"; expect uid 1000; expect kind file; expect size 6; }
        file web "/tmp/link" { expect kind link; expect link greeting; }
        file web "/etc/passwd" { expect owner root; expect lines contains="root:x:0:0:root:/root:/bin/sh"; }
        file web "/nope" { expect exists #false; }
        file web "/data" { expect kind directory; }
    }
    test "the network" {
        tcp web { expect open #true; }
        tcp web 9 { expect refused #true; }
        tcp db 3306 { expect banner contains=MariaDB; }
        tcp web 8000 send="GET /greeting HTTP/1.0\r\n\r\n" { expect banner contains="200 OK"; }
        dns db { expect addresses count=1; }
        dns nobody { expect addresses count=0; }
    }
    test "the engine" {
        logs web since=start { expect lines contains=ready; expect stderr contains=amiss; }
        logs web { expect text not-contains=ready; }
        container web { expect state running; expect health healthy; expect restarts 0; expect oom-killed #false; expect started-in ge=0; expect ip type=ipv4; }
        stats web { expect memory gt=1000; expect pids ge=1; }
        image "mariadb:10.11" { expect entrypoint count=1; expect exposed contains="3306/tcp"; expect layers gt=0; }
    }
    test "rows" {
        sql db "CREATE TABLE t (id INT PRIMARY KEY, title VARCHAR(20))"
        sql db "INSERT INTO t VALUES (1, 'a<b'), (2, NULL), (3, 'not-for-the-screen')" { expect affected 3; }
        sql db "SELECT * FROM t ORDER BY id" {
            expect row-count 3
            expect columns { any-order id title; }
            expect cell 0 title "a<b"
            expect cell 1 title #null
            expect scalar 1
            expect json "$[0].id" equals=1
            capture hidden cell 2 title secret=#true
        }
        sql db "INSERT INTO t VALUES (1, 'x')" { expect error contains="Duplicate entry"; }
        exec web echo "{{hidden}}" { expect stdout contains=nothing; }
    }
    test "a command fails" { exec web sh "-c" "echo on its way; echo it broke >&2; exit 7"; }
    test "a flood is cut" { exec web yes { expect exit 0; }; }
    test "a file is not as expected" { file web "/tmp/greeting" { expect mode "0600"; }; }
    test "a statement is refused" { sql db "SELECT * FROM nowhere" { expect row-count 1; }; }
}
"##;

#[test]
fn every_probe_must_see_what_is_there_and_show_it_where_it_is_not_as_expected() {
    if !wanted() {
        return;
    }
    let told = Checkout::with(PIPELINE).run(&[], 1);
    told.says(&["+ commands", "+ files", "+ the network", "+ the engine"]);
    told.says(&["4 tests passed, 5 tests failed"]);
    // What was captured as a secret is seen nowhere, and its place is.
    told.never_says(&["not-for-the-screen"]).says(&["-web echo ***"]);
    told.says(&["expected: equals 0, since the probe expects nothing else", "actual:   7", "stderr: it broke"]);
    told.says(&["expected: an output of at most 16 MiB", "actual:   it writes more"]);
    told.says(&[r#"expected: equals "0600""#, r#"actual:   "0644""#, "file 0644 1000:1000 6 bytes"]);
    told.says(&[
        "actual:   the database says: ERROR 1146 (42S02)",
        "docker exec -i -e MYSQL_PWD ",
        "printf %s 'SELECT * FROM nowhere' |",
    ]);
    told.never_says(&["MYSQL_PWD=long-and-dull"]);
}
