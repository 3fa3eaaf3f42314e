/// A page of the language reference: what stands on it besides what the table says.
#[derive(Debug)]
pub struct Page {
    /// The name of its file, without the ending.
    pub slug: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Its first paragraph.
    pub intro: &'static str,
    /// A whole file that is clean.
    pub example: &'static str,
    /// The nodes that it describes, by their paths; nodes under them follow.
    pub nodes: &'static [&'static str],
}

/// The pages, in the order of reading.
pub const PAGES: &[Page] = &[
    Page {
        slug: "pipeline",
        title: "The header",
        intro: "A file is a list of declarations, in any order. Its header names the pipeline and says what holds for all of it.",
        example: r#"pipeline greeting {
    description "Says hello"
    default hello
    timeout "5m"
    label team web
}

stage hello {
    image "busybox:1.35"
    command echo "hello from {{pipeline.name}}"
}
"#,
        nodes: &["pipeline"],
    },
    Page {
        slug: "include",
        title: "Several files",
        intro: "A pipeline may be written in several files, each of them with declarations of every kind; the pipeline's own file, the \
                one that is checked and run, includes the others.",
        example: r#"pipeline shop

// declares the service `db`, and the volumes that it mounts
include "ci/services.kdl"

stage unit {
    image "busybox:1.35"
    needs db
    command echo hello
}
"#,
        nodes: &["include"],
    },
    Page {
        slug: "param",
        title: "Params",
        intro: "A param is a value that comes from outside. It is used as `{{name}}` in texts, and in no other place.",
        example: r#"param app-version env=APP_VERSION default=dev {
    command git rev-parse --short HEAD
}

stage hello {
    image "busybox:1.35"
    command echo "this is {{app-version}}"
}
"#,
        nodes: &["param"],
    },
    Page {
        slug: "secret",
        title: "Secrets",
        intro: "A secret is a value that must never be seen. It enters a container as a variable, and a build as a file.",
        example: r#"secret db-password file="./password.txt"

stage hello {
    image "busybox:1.35"
    env DB_PASSWORD (secret)db-password
    sh "echo the password has ${#DB_PASSWORD} characters"
}
"#,
        nodes: &["secret"],
    },
    Page {
        slug: "image",
        title: "Images",
        intro: "An image is built from a Dockerfile, pulled from a registry, made of a root file system, or loaded from an archive. \
                It is made when something that is wanted in the run needs it, and not before.",
        example: r#"image release {
    build . target=release pull=#true {
        arg APP_VERSION "1.0"
        label application greeting
    }
    tag "registry.example.com/greeting:1.0"
}

image tools {
    pull "busybox:1.35" policy=missing
}

stage hello {
    image release
    command greet
}

stage look {
    image tools
    command ls "/"
}
"#,
        nodes: &["image"],
    },
    Page {
        slug: "volume",
        title: "Volumes and networks",
        intro: "A volume carries files from one container to another and goes with the run. \
                A network joins containers apart from the private network that each run has anyway.",
        example: r#"volume site

network backstage internal

stage write {
    image "busybox:1.35"
    mount site "/site"
    network backstage
    sh "echo hello >/site/index.html"
}

stage read {
    image "busybox:1.35"
    needs write
    mount site "/site" read-only
    command cat "/site/index.html"
}
"#,
        nodes: &["volume", "network"],
    },
    Page {
        slug: "template",
        title: "Templates",
        intro: "What several services and stages share stands in a template, once.",
        example: r#"template box {
    image "busybox:1.35"
    env GREETING hello
    init
}

stage first {
    extends box
    sh "echo $GREETING"
}

stage second {
    extends box
    needs first
    env GREETING goodbye
    sh "echo $GREETING"
}
"#,
        nodes: &["template"],
    },
    Page {
        slug: "container",
        title: "Settings of containers",
        intro: "Templates, services and stages share these settings; `bats` takes some of them.",
        example: r#"volume store

stage unit {
    image "busybox:1.35"
    env {
        LANG C
        MODE test
    }
    workdir "/tmp"
    user "1000:1000"
    mount store "/store"
    mount tmpfs "/scratch" size="64MiB"
    timeout "10m"
    sh """
        touch /scratch/file
        ls -l /scratch
        """
}
"#,
        nodes: &[
            "template.extends",
            "template.image",
            "template.command",
            "template.sh",
            "template.entrypoint",
            "template.env",
            "template.env-file",
            "template.workdir",
            "template.user",
            "template.needs",
            "template.after",
            "template.mount",
            "template.network",
            "template.hostname",
            "template.init",
            "template.read-only",
            "template.stop",
            "template.label",
            "template.timeout",
            "template.secret",
            "template.file",
            "template.platform",
            "template.pull",
            "template.tty",
        ],
    },
    Page {
        slug: "host",
        title: "What a container may use of its host",
        intro: "A container shares the processors, the memory and the kernel of the machine that it runs on. \
                How much of it, and what besides, templates, services and stages say here.",
        example: r#"stage measure {
    image "busybox:1.35"
    resources cpus=1.5 memory="512MiB" pids=200 shm="64MiB"
    ulimit nofile 1024 4096
    cap drop ALL
    cap add CHOWN
    security-opt no-new-privileges
    sysctl net.core.somaxconn 1024
    dns "10.0.0.2" search="example.com"
    extra-host {
        "db.example.com" "10.0.0.5"
        machine host-gateway
    }
    log-limit "10MiB" files=2
    command cat "/etc/hosts"
}
"#,
        nodes: &[
            "template.resources",
            "template.ulimit",
            "template.log-limit",
            "template.privileged",
            "template.cap",
            "template.security-opt",
            "template.sysctl",
            "template.device",
            "template.gpus",
            "template.dns",
            "template.extra-host",
        ],
    },
    Page {
        slug: "service",
        title: "Services",
        intro: "A service is a container that runs as long as something in the run needs it. Its name is its host name.",
        example: r#"service app {
    image "busybox:1.35"
    command httpd -f -p "8000" -h "/etc"
    port 8000
    healthcheck http="/hostname" port=8000 interval="1s"
    stop signal=SIGTERM grace="2s"
}

stage ask {
    image "busybox:1.35"
    needs app
    command wget -q -O - "http://app:8000/hostname"
}
"#,
        nodes: &["service"],
    },
    Page {
        slug: "healthcheck",
        title: "Healthchecks",
        intro: "A healthcheck says when a service is ready, so that what needs it starts then: not earlier, and not much later.",
        example: r#"service db {
    image "busybox:1.35"
    command httpd -f -p "5432"
    healthcheck tcp=5432 interval="1s" retries=10
}

service app {
    image "busybox:1.35"
    needs db
    command httpd -f -p "8000" -h "/etc"
    healthcheck "test -s /etc/hostname" interval="1s" successes=2
}

stage done {
    image "busybox:1.35"
    needs app
    command echo done
}
"#,
        nodes: &["service.healthcheck"],
    },
    Page {
        slug: "stage",
        title: "Stages",
        intro: "A stage is a container that runs to completion. Its exit code decides whether what needs it goes on.",
        example: r#"stage unit {
    image "busybox:1.35"
    sh "printf '1..1\nok 1 - works\n' >/tmp/unit.tap"
    artifact "/tmp/unit.tap" to="reports/" report=tap
}

stage features {
    image "busybox:1.35"
    sh "printf '1..2\nok 1 - adds\nok 2 - subtracts # SKIP not yet\n'"
    report tap
}

stage style {
    image "busybox:1.35"
    command "true"
    allow-failure
    resources memory="64MiB"
    oom fail
}

stage compile {
    image "busybox:{{matrix.busybox}}"
    matrix {
        busybox "1.35" "1.36"
        mode debug release
        exclude busybox="1.35" mode=debug
    }
    sh "mkdir /out && echo {{matrix.mode}} >/out/program"
    artifact "/out/program" to="{{matrix.busybox}}-{{matrix.mode}}/"
    retry 2 on="exit 137, oom" backoff="1s"
}

stage pack {
    image "busybox:1.35"
    matrix {
        busybox "1.35" "1.36"
        mode release
    }
    input compile "/out/program" at="/in/program"
    command cat "/in/program"
}

stage all {
    needs unit features style pack
}

stage tidy {
    always
    after all
    when param=tidy is=yes
    image "busybox:1.35"
    command echo "all is done"
}

param tidy "yes"
"#,
        nodes: &["stage"],
    },
    Page {
        slug: "acceptance",
        title: "Acceptance tests",
        intro: "An acceptance tests services as their client would. Each test lands in the report; a failing one is drawn under its own line.",
        example: r#"service app {
    image "busybox:1.35"
    command httpd -f -p "8000" -h "/etc"
    port 8000
    healthcheck http="/hostname" port=8000 interval="1s"
}

acceptance accepted {
    target app port=8000
    setup { http GET "/hostname" { expect status 200 } }
    test "the root is listed" {
        http GET "/nothing" { expect status 404 }
    }
}
"#,
        nodes: &["acceptance"],
    },
    Page {
        slug: "http",
        title: "HTTP probes",
        intro: "An HTTP probe sends one request and looks at its answer. A URL that begins with `/` goes to the target.",
        example: r##"service app {
    image "busybox:1.35"
    command httpd -f -p "8000" -h "/etc"
    port 8000
    healthcheck http="/hostname" port=8000 interval="1s"
}

acceptance accepted {
    target app port=8000
    test "items are not to be had here" {
        http POST "/items" follow=#true timeout="5s" {
            header Accept "application/json"
            query verbose 1
            json #"{"title": "Wash the car"}"#
            expect status ge=400 lt=600
            capture kind header=Content-Type
        }
        http GET "/items" {
            header Accept "{{kind}}"
            expect status 404
        }
    }
}
"##,
        nodes: &["acceptance.test.http"],
    },
    Page {
        slug: "expect",
        title: "Expectations",
        intro: "An expectation looks at one thing in the answer and says what must hold of it.",
        example: r#"service app {
    image "busybox:1.35"
    command httpd -f -p "8000" -h "/etc"
    port 8000
    healthcheck http="/hostname" port=8000 interval="1s"
}

acceptance accepted {
    target app port=8000
    test "the answer is as promised" {
        http GET "/hostname" {
            require status 200
            expect header Content-Type exists=#true
            expect body not-contains="error"
            expect size {
                gt 3
                not { equals 4 }
            }
            expect body {
                filter split "."
                filter count
                lt 10
            }
        }
    }
}
"#,
        nodes: &[
            "acceptance.test.http.expect",
            "acceptance.test.http.require",
            "acceptance.test.http.stop-if",
            "acceptance.test.http.capture",
        ],
    },
    Page {
        slug: "predicates",
        title: "Predicates and filters",
        intro: "In the block of an expectation stand predicates and filters, one a line, asked and applied in their order. \
                A `not` and the quantifiers `each`, `any` and `none` have a block of the same kind.",
        example: r##"service app {
    image "busybox:1.35"
    command httpd -f -p "8000" -h "/www"
    mount tmpfs "/www"
    port 8000
    healthcheck tcp=8000
}

acceptance accepted {
    target app port=8000
    test "the list is as promised" {
        http GET "/items.json" {
            expect json "$.items" {
                each {
                    has-key id
                    not { empty }
                }
                filter first
                json-contains #"{"id": "<int>"}"#
            }
        }
    }
}
"##,
        nodes: &[
            "acceptance.test.http.expect.filter",
            "acceptance.test.http.expect.approx",
            "acceptance.test.http.expect.type",
            "acceptance.test.http.expect.each",
            "acceptance.test.http.expect.any",
            "acceptance.test.http.expect.none",
            "acceptance.test.http.expect.not",
        ],
    },
    Page {
        slug: "probes",
        title: "Other probes",
        intro: "Besides HTTP a test looks at connections, commands, logs, files, containers, images, databases and names. \
                Each answers queries of its own; what is expected of them is written as of an HTTP answer.",
        example: r#"service db {
    image "mariadb:10.11"
    env MARIADB_ALLOW_EMPTY_ROOT_PASSWORD yes
    port 3306
    healthcheck "mariadb-show -h 127.0.0.1"
}

acceptance accepted {
    needs db
    test "the database answers, in words and in rows" {
        exec db mariadb -h "127.0.0.1" -e "select 1" {
            expect exit 0
            expect lines contains="1"
        }
        sql db "select 1 as one" {
            expect row-count 1
            expect cell 0 one 1
        }
        tcp db 3306 { expect open #true }
        logs db since=start { expect text matches="ready for connections" }
    }
}
"#,
        nodes: &[
            "acceptance.test.tcp",
            "acceptance.test.exec",
            "acceptance.test.run",
            "acceptance.test.logs",
            "acceptance.test.file",
            "acceptance.test.container",
            "acceptance.test.stats",
            "acceptance.test.image",
            "acceptance.test.sql",
            "acceptance.test.redis",
            "acceptance.test.dns",
        ],
    },
    Page {
        slug: "flow",
        title: "Tests, waits and actions",
        intro: "A test may wait for what takes its time, repeat itself over a table, and disturb a service to see what becomes of it.",
        example: r#"service app {
    image "busybox:1.35"
    command httpd -f -p "8000" -h "/etc"
    port 8000
    healthcheck http="/hostname" port=8000 interval="1s"
}

acceptance accepted {
    target app port=8000
    test "it survives a restart" {
        restart app
        eventually within="20s" every="500ms" {
            http GET "/hostname" { expect status 200 }
        }
    }
    test "files are served" {
        each {
            row { path hostname }
            row { path passwd }
        }
        http GET "/{{row.path}}" {
            expect status 200
            expect size ge=1
        }
    }
}
"#,
        nodes: &[
            "acceptance.test",
            "acceptance.test.eventually",
            "acceptance.test.consistently",
            "acceptance.test.each",
            "acceptance.test.skip",
            "acceptance.test.only",
            "acceptance.test.retry",
            "acceptance.test.stop",
            "acceptance.test.start",
            "acceptance.test.kill",
            "acceptance.test.pause",
            "acceptance.test.unpause",
            "acceptance.test.restart",
            "acceptance.test.disconnect",
            "acceptance.test.connect",
        ],
    },
];
