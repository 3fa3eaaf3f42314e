//! What a container's settings do: mounts, file systems, networks from outside.

use super::harness::{Checkout, Told, stage, unique};
use crate::daemon::{docker, wanted};

#[test]
fn a_directory_of_the_host_must_be_mounted_relative_to_the_pipeline() {
    if !wanted() {
        return;
    }
    let text = stage("writes", "mount \"./data\" \"/data\"\n    sh \"cat /data/in; echo out > /data/out\"")
        + &stage(
            "reads",
            "mount \"./data\" \"/data\" read-only\n    sh \"cat /data/in; ! touch /data/no 2> /dev/null\"",
        );
    let checkout = Checkout::with(&text);
    checkout.write("data/in", "from the host\n");
    let told = checkout.run(&[], 0);
    assert_eq!(told.lines("writes"), ["from the host"]);
    assert_eq!(told.lines("reads")[0], "from the host");
    assert_eq!(checkout.read("data/out"), "out\n");
    assert!(!checkout.directory.path().join("data/no").exists());
}

#[test]
fn memory_must_be_mounted_and_a_read_only_root_must_be_one() {
    if !wanted() {
        return;
    }
    let text = stage(
        "a",
        "read-only\n    mount tmpfs \"/scratch\" size=\"1MiB\"\n    \
         sh \"! touch /here 2> /scratch/why; cat /scratch/why; df -k /scratch | tail -n 1; ! dd if=/dev/zero of=/scratch/big bs=1k count=2048 2> /dev/null\"",
    );
    let told = Checkout::with(&text).run(&[], 0);
    let lines = told.lines("a");
    assert!(lines[0].contains("Read-only file system"), "{lines:?}");
    assert!(lines[1].starts_with("tmpfs") && lines[1].contains("1024"), "{lines:?}");
}

#[test]
fn a_volume_must_be_shared_take_over_the_image_s_content_and_end_with_the_run() {
    if !wanted() {
        return;
    }
    let text = "image own { build .; }\nvolume public\n\
                stage fill {\n    image own\n    mount public \"/public\"\n    sh \"stat -c '%u %a' /public; cat /public/there; echo filled > /public/new\"\n}\n\
                stage read {\n    image own\n    needs fill\n    mount public \"/public\" read-only\n    sh \"cat /public/new; ! touch /public/x 2> /dev/null\"\n}\n";
    let checkout = Checkout::with(text);
    checkout.write(
        "Dockerfile",
        "FROM busybox:1.35\nRUN echo app:x:1000:1000::/:/bin/sh >> /etc/passwd && mkdir /public && echo there > /public/there && chown -R app /public && chmod 750 /public\nUSER app\n",
    );
    let told = checkout.run(&[], 0);
    assert_eq!(told.lines("fill"), ["1000 750", "there"]);
    assert_eq!(told.lines("read"), ["filled"]);
    // The next run begins with a new one.
    assert_eq!(checkout.run(&[], 0).lines("fill"), ["1000 750", "there"]);
}

#[test]
fn external_volumes_and_networks_must_be_there_and_stay() {
    if !wanted() {
        return;
    }
    let name = unique("pipe-scenario-external");
    let text = format!(
        "volume data external name=\"{name}\"\nnetwork outside external name=\"{name}\"\n{}",
        stage(
            "a",
            "mount data \"/data\"\n    network outside\n    sh \"cat /data/before; echo after > /data/after; ip -o -4 addr | wc -l\""
        )
    );
    let checkout = Checkout::with(&text);
    checkout.run(&[], 1).says(&["missing-external", &format!("docker volume create {name}")]);
    docker(&["volume", "create", &name]);
    checkout.run(&[], 1).says(&["missing-external", &format!("docker network create {name}")]);
    docker(&["network", "create", &name]);
    let mount = format!("{name}:/data");
    docker(&["run", "--rm", "--volume", &mount, "busybox:1.35", "sh", "-c", "echo before > /data/before"]);
    let told = checkout.run(&[], 0);
    // The loopback, the run's own network and the external one.
    assert_eq!(told.lines("a"), ["before", "3"]);
    assert_eq!(docker(&["run", "--rm", "--volume", &mount, "busybox:1.35", "cat", "/data/after"]), "after");
    checkout.pipe(&["clean"]);
    docker(&["network", "inspect", &name]);
    docker(&["network", "rm", &name]);
    docker(&["volume", "rm", &name]);
}

#[test]
fn a_container_without_a_network_must_have_none() {
    if !wanted() {
        return;
    }
    let told = Checkout::with(&stage("a", "network none\n    sh \"ip -o -4 addr\"")).run(&[], 0);
    let lines = told.lines("a");
    assert!(lines.len() == 1 && lines[0].contains("127.0.0.1"), "{lines:?}");
}

#[test]
fn what_a_container_may_use_of_its_host_must_be_what_the_file_says() {
    if !wanted() {
        return;
    }
    let text = "template small {
    resources cpus=0.5 memory=\"64MiB\"
    cap drop ALL
    ulimit nofile 100
    sysctl net.core.somaxconn 77
}
stage a {
    image \"busybox:1.35\"
    extends small
    resources memory-reservation=\"32MiB\" swap=\"0B\" pids=50 shm=\"1MiB\"
    cap add CHOWN
    ulimit nofile 200 300
    sysctl net.ipv4.ip_unprivileged_port_start 0
    security-opt no-new-privileges \"seccomp=open.json\" \"systempaths=unconfined\"
    device \"/dev/zero\" \"/dev/nothing\" permissions=r
    dns \"10.1.2.3\" search=\"one.test two.test\" options=\"ndots:3\"
    extra-host {
        db.test \"10.9.8.7\"
        machine host-gateway
    }
    log-limit \"2MiB\" files=2
    sh \"\"\"
        ulimit -n; ulimit -Hn
        cat /proc/sys/net/core/somaxconn /proc/sys/net/ipv4/ip_unprivileged_port_start
        grep -h db.test /etc/hosts; grep -c machine /etc/hosts
        grep -E 'search|options' /etc/resolv.conf
        head -c 1 /dev/nothing | wc -c
        df -k /dev/shm | tail -n 1 | tr -s ' ' | cut -d' ' -f2
        grep -E 'CapEff|NoNewPrivs' /proc/self/status | tr '\\t' ' '
        chmod 700 /tmp && chown 1:1 /tmp && ! mknod /tmp/x c 1 3 2>/dev/null && echo lean
        \"\"\"
}
";
    let checkout = Checkout::with(text);
    checkout.write("open.json", r#"{"defaultAction": "SCMP_ACT_ALLOW"}"#);
    let told = checkout.pipe(&["run", "--keep"]);
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    let lines = told.lines("a");
    let seen = ["200", "300", "77", "0", "10.9.8.7\tdb.test", "1", "search one.test two.test"];
    assert_eq!(lines[..7], seen);
    assert!(lines[7].starts_with("options ") && lines[7].contains("ndots:3"), "{lines:?}");
    // CHOWN is the first bit, and nothing else is left.
    assert_eq!(lines[8..], ["1", "1024", "CapEff: 0000000000000001", "NoNewPrivs: 1", "lean"]);
    let host: serde_json::Value = serde_json::from_str(&told.inspect("a", "{{json .HostConfig}}")).expect("JSON");
    for (name, value) in [
        ("NanoCpus", 500_000_000_i64),
        ("Memory", 64 << 20),
        ("MemoryReservation", 32 << 20),
        ("MemorySwap", 64 << 20),
        ("PidsLimit", 50),
        ("ShmSize", 1 << 20),
    ] {
        assert_eq!(host[name], value, "{name}");
    }
    assert_eq!(host["Dns"], serde_json::json!(["10.1.2.3"]));
    assert_eq!((&host["CapAdd"], &host["CapDrop"]), (&serde_json::json!(["CHOWN"]), &serde_json::json!(["ALL"])));
    assert_eq!(host["MaskedPaths"], serde_json::json!([]));
    assert_eq!(host["LogConfig"]["Config"]["max-size"], "2097152");
    assert!(host["SecurityOpt"].to_string().contains("SCMP_ACT_ALLOW"), "{}", host["SecurityOpt"]);
    checkout.pipe(&["clean"]);
}

#[test]
fn files_and_secrets_must_be_there_before_the_start_and_seen_nowhere_else() {
    if !wanted() {
        return;
    }
    let put = "file \"/etc/deep/down/app.conf\" \"of {{pipeline.name}}\\n\"
    file \"/home/own.sh\" \"echo own\" mode=\"0750\" user=\"www-data:daemon\"
    secret token
    secret token at=\"/keys/token\" mode=\"0400\" user=\"1234\"
    sh \"stat -c '%n %a %u:%g' /etc/deep/down /etc/deep/down/app.conf /home/own.sh /run/secrets/token /keys/token; cat /etc/deep/down/app.conf; sha256sum < /run/secrets/token; test -e /etc/passwd\"";
    let text = "pipeline files {\n}\nsecret token env=TOKEN_OF_FILES\n".to_owned()
        + &stage("open", put)
        + &stage("closed", &format!("read-only\n    {put}"));
    let checkout = Checkout::with(&text);
    let value = "a-very-secret-value";
    let mut command = checkout.command(&["run", "--keep"]);
    let told = Told::of(command.env("TOKEN_OF_FILES", value).output().expect("it can be run"));
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    told.never_says(&[value]);
    for node in ["open", "closed"] {
        let lines = told.lines(node);
        let expected = [
            "/etc/deep/down 755 0:0",
            "/etc/deep/down/app.conf 644 0:0",
            "/home/own.sh 750 33:1",
            "/run/secrets/token 444 0:0",
            "/keys/token 400 1234:1234",
            "of files",
        ];
        assert_eq!(lines[..6], expected, "{node}");
        assert!(lines[6].starts_with("ebe1fd62"), "the whole value is in it, and no line break: {}", lines[6]);
        assert!(!told.inspect(node, "{{json .}}").contains(value));
    }
    checkout.pipe(&["clean"]);
}

#[test]
fn a_cache_must_be_kept_from_run_to_run_until_its_removal_is_asked_for() {
    if !wanted() {
        return;
    }
    let name = unique("cached");
    let text = format!("pipeline {name} {{\n}}\n")
        + &stage(
            "first",
            "mount cache \"/cache\"\n    sh \"cat /cache/kept 2> /dev/null || echo new; echo kept > /cache/kept\"",
        )
        + &stage(
            "second",
            "needs first\n    mount cache \"/elsewhere\" name=\"/cache\" read-only\n    sh \"cat /elsewhere/kept; ! touch /elsewhere/x 2> /dev/null\"",
        );
    let checkout = Checkout::with(&text);
    let told = checkout.run(&[], 0);
    assert_eq!((told.lines("first").last(), &told.lines("second")[..]), (Some(&"new"), &["kept"][..]));
    assert_eq!(checkout.pipe(&["clean"]).out, "nothing to remove\n");
    // A checkout elsewhere is of the same name, and has the same cache.
    let other = Checkout::with(&text);
    assert_eq!(other.run(&[], 0).lines("first"), ["kept"]);
    other.pipe(&["clean", "--volumes"]).says(&[&format!("removed volume {name}-cache-")]);
    assert_eq!(checkout.run(&[], 0).lines("first").last(), Some(&"new"));
    checkout.pipe(&["clean", "--volumes"]).says(&["removed 1 volume, left 0"]);
}

#[test]
fn aliases_platforms_pull_policies_and_terminals_must_be_as_the_file_says() {
    if !wanted() {
        return;
    }
    let text = "network back
service web {
    image \"busybox:1.35\"
    network back { alias pages \"pages.test\"; }
    sh \"mkdir /w; echo page > /w/index.html; exec httpd -f -p 8000 -h /w\"
    healthcheck tcp=8000
}
stage ask {
    image \"busybox:1.35\"
    pull never
    platform \"linux/amd64\"
    network back
    needs web
    sh \"wget -q -O - http://pages:8000/ && wget -q -O - http://pages.test:8000/\"
}
stage screen {
    image \"busybox:1.35\"
    tty
    sh \"test -t 1 && echo terminal; seq 1 20000; printf end\"
}
";
    let told = Checkout::with(text).run(&[], 0);
    assert_eq!(told.lines("ask"), ["page", "page"]);
    let lines = told.lines("screen");
    assert_eq!((lines[0], lines.len(), lines[20_000], lines[20_001]), ("terminal", 20_002, "20000", "end"));
    let numbers = lines[1..=20_000].iter().enumerate().all(|(index, line)| *line == (index + 1).to_string());
    assert!(numbers, "a terminal loses nothing");
    let never = "stage a {\n    image \"pipe.test/no-such:1\"\n    pull never\n    command \"true\"\n}\n";
    Checkout::with(never).run(&[], 1).says(&["error[image-unavailable]", "is never to be pulled"]);
    // The engine has it for its own platform alone, and no registry has it.
    let other = "stage a {\n    image \"busybox:1.35\"\n    pull never\n    platform \"linux/s390x\"\n    command \"true\"\n}\n";
    Checkout::with(other).run(&[], 1).says(&["error[image-unavailable]"]);
}
