//! Probes of what a run has on its engine: each says what it sees, and a failure shows what there was to see.

use rcgen::{CertifiedKey, generate_simple_self_signed};

use super::harness::Checkout;
use crate::daemon::wanted;

const PIPELINE: &str = r##"
volume data
image bare {
    build . { inline """
        FROM scratch
        COPY pipeline.kdl /srv/
        """; }
}
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
    user "0:0"
    sh "echo ready; echo amiss >&2; echo kept >/data/kept && cd /tmp && echo hello >greeting && ln -sf greeting link && chown 1000:1000 greeting && exec httpd -f -v -p 8000 -h /tmp"
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
        file data "/kept" { expect body "kept\n"; expect uid 0; }
        file data "/" { expect kind directory; }
        file bare "/srv/pipeline.kdl" { expect lines contains="volume data"; expect owner exists=#false; }
        file bare "/bin/sh" { expect exists #false; }
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
        container web { expect state running; expect health healthy; expect restarts 0; expect oom-killed #false; expect started-in lt=600000; expect ip type=ipv4; }
        stats web { expect memory gt=1000; expect pids ge=1; expect peak-memory gt=1000; expect cpu lt=100000; expect received type=number; }
        kill web
        container web { expect state exited; expect exit-code 137; expect oom-killed #false; expect health none; }
        start web
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

/// PostgreSQL, SQLite and Redis from Debian's packages, in one image. Of PostgreSQL there is what a server without just-in-time compilation
/// takes, a tenth of the whole.
const STORES: &str = r##"
secret db-password default="a-long-password"

image stores {
    build . {
        inline """
        FROM debian:bookworm-slim
        RUN apt-get -o Acquire::Retries=5 update \
         && DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=5 install -y --no-install-recommends \
            openssl redis-server sqlite3 libpq5 libxml2 libicu72 \
         && cd /tmp && apt-get -o Acquire::Retries=5 download postgresql-15 postgresql-client-15 \
         && for package in *.deb; do dpkg-deb -x "$package" /; done \
         && rm -rf /tmp/*.deb /var/lib/apt/lists/* \
         && ln -s /usr/lib/postgresql/15/bin/* /usr/local/bin/ && useradd postgres \
         && install -d -o postgres /var/run/postgresql
        """
    }
}

service postgres {
    image stores
    user postgres
    env { POSTGRES_USER todo; POSTGRES_DB postgres; POSTGRES_PASSWORD_FILE "/run/secrets/db"; }
    secret db-password at="/run/secrets/db"
    sh """
    initdb -D /tmp/data --auth=scram-sha-256 --username=todo --pwfile=/run/secrets/db --no-sync
    exec postgres -D /tmp/data -k /var/run/postgresql -c listen_addresses=* -c fsync=off
    """
    healthcheck tcp=5432
}

service redis {
    image stores
    env { REDIS_PASSWORD (secret)db-password; }
    sh "exec redis-server --save '' --requirepass \"$REDIS_PASSWORD\""
    healthcheck tcp=6379
}

service app {
    image stores
    sh "sqlite3 /tmp/app.db 'CREATE TABLE t (id INTEGER PRIMARY KEY, title TEXT, done REAL)'; echo made; exec sleep 600"
    healthcheck log="made"
}

service tls {
    image stores
    port 8443
    mount "./certificates" "/certificates" read-only
    sh "cd /certificates && exec openssl s_server -quiet -www -accept 8443 -cert certificate.pem -key key.pem"
    healthcheck tcp=8443
}

acceptance stores {
    test "postgres" {
        sql postgres "CREATE TABLE t (id INT PRIMARY KEY, title TEXT)"
        sql postgres "INSERT INTO t VALUES (1, 'a,\"b\"'), (2, NULL), (3, '')" { expect affected 3; }
        sql postgres "SELECT * FROM t ORDER BY id" {
            expect row-count 3
            expect columns { any-order id title; }
            expect scalar 1
            expect cell 0 title "a,\"b\""
            expect cell 1 title #null
            expect cell 2 title ""
            expect json "$[2].id" equals=3
        }
        sql postgres "SELECT current_user" user=todo database=postgres { expect scalar todo; }
        sql postgres "SELECT * FROM nowhere" { expect error contains="does not exist"; }
        sql postgres "SELECT 1" {
            password wrong
            expect error contains="password authentication failed"
        }
    }
    test "sqlite" {
        sql app "INSERT INTO t (title, done) VALUES ('a', 0.5), (NULL, 1)" database="/tmp/app.db" { expect affected 2; }
        sql app "SELECT * FROM t ORDER BY id" database="/tmp/app.db" client=sqlite {
            expect rows { json-equals #"[{"id": 1, "title": "a", "done": 0.5}, {"id": 2, "title": null, "done": 1.0}]"#; }
            expect cell 1 title #null
            expect scalar 1
        }
        sql app "SELECT * FROM t WHERE id > 9" database="/tmp/app.db" { expect row-count 0; }
        sql app "INSERT INTO t (id) VALUES (1)" database="/tmp/app.db" { expect error contains="UNIQUE constraint failed"; }
    }
    test "redis" {
        redis redis SET greeting "hello there" { expect reply OK; }
        redis redis GET greeting { expect reply "hello there"; }
        redis redis INCR count { expect reply 1; }
        redis redis RPUSH list a "2" { expect reply 2; }
        redis redis LRANGE list "0" "-1" { expect reply count=2; expect lines contains=a; expect json "$[1]" equals="2"; }
        redis redis GET nothing { expect reply #null; }
        redis redis INFO server { expect regex "redis_version:([0-9]+)" matches="^[0-9]+$"; }
    }
    test "tls" {
        http GET "https://{{tls.host}}:{{tls.port.8443}}/" {
            ca "certificates/certificate.pem"
            expect status 200
            expect body contains="TLS"
            expect certificate subject-alt-names contains="127.0.0.1"
        }
        http GET "https://{{tls.host}}:{{tls.port.8443}}/" insecure=#true { expect status 200; }
    }
    test "a stranger is not trusted" { http GET "https://{{tls.host}}:{{tls.port.8443}}/" { expect status 200; }; }
    test "redis refuses" { redis redis INCR greeting { expect reply 1; }; }
}
"##;

#[test]
fn databases_must_be_asked_by_their_own_clients() {
    if !wanted() {
        return;
    }
    let checkout = Checkout::with(STORES);
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a name");
    checkout.write("certificates/certificate.pem", &cert.pem());
    checkout.write("certificates/key.pem", &signing_key.serialize_pem());
    let told = checkout.run(&[], 1);
    told.says(&["+ postgres", "+ sqlite", "+ redis  ", "+ tls  ", "4 tests passed, 2 tests failed"]);
    told.says(&["x a stranger is not trusted"]);
    told.says(&["actual:   Redis says: ERR value is not an integer"]);
    told.never_says(&["a-long-password"]);
}
