//! What a container's settings do: mounts, file systems, networks from outside.

use super::harness::{Checkout, stage, unique};
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
