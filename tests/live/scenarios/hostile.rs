//! Services, clients and reports that mean harm, or are broken: each fails its own test, in words, in bounded memory; what is behind it
//! passes. What comes over HTTP is in `probe::acceptance::hostile`.

use super::harness::{Checkout, Told};
use super::memory::watched;
use crate::daemon::wanted;

/// The most memory that pipe may have had, in KiB: the largest answers that are looked into, several times over.
const MOST: u64 = 256 * 1024;

/// Its clients of databases write for ever; its files are larger than any disk, or lead to themselves.
const PIPELINE: &str = r##"
service web {
    image "busybox:1.35"
    sh #"""
        printf '#!/bin/sh\nexec yes\n' >/bin/mariadb
        printf '#!/bin/sh\ni=0; while [ $i -lt 2000 ]; do printf "1) "; i=$((i+1)); done; echo x\n' >/bin/redis-cli
        chmod +x /bin/mariadb /bin/redis-cli
        dd if=/dev/zero of=/huge bs=1 count=0 seek=10G 2>/dev/null
        mkdir -p /tree/in/it
        ln -s /tree /tree/in/it/again
        ln -s loop /loop
        ln -s ../../../../etc/passwd /out
        touch /up
        exec sleep 600
        """#
    healthcheck "test -e /up"
}
service chatty { image "busybox:1.35"; command sleep 600; }
acceptance hostile {
    test "a command writes for ever" { exec web yes; }
    test "one" { exec web "true"; }
    test "a container writes for ever" { run "busybox:1.35" dd "if=/dev/zero" "bs=1M" "count=1024"; }
    test "two" { run "busybox:1.35" "true"; }
    test "a database answers for ever" { sql web client=mariadb "SELECT 1" { expect row-count 1; }; }
    test "three" { exec web "true"; }
    test "a reply is too deep" { redis web PING { expect reply PONG; }; }
    test "four" { exec web "true"; }
    test "a file is too large" { file web "/huge" { expect size 10737418240; expect body contains=x; }; }
    test "five" { file web "/huge" { expect kind file; }; }
    test "a directory has no content" { file web "/tree" { expect kind directory; expect body contains=x; }; }
    test "six" { file web "/out" { expect kind link; expect link "../../../../etc/passwd"; }; }
    test "a link leads to itself" { file web "/loop" { expect exists #true; }; }
    test "a line has no end" {
        exec chatty sh "-c" "head -c 30000000 /dev/zero | tr '\\0' x >/proc/1/fd/1"
        logs chatty { expect text contains=x; }
    }
    test "seven" { exec web sh "-c" "echo said >/proc/1/fd/1"; logs web { expect stdout contains=said; }; }
}
"##;

const REPORTS: &str = r##"
stage not-xml { image "busybox:1.35"; sh "echo OK >/not-xml.xml"; artifact "/not-xml.xml" report=junit; }
stage bomb {
    image "busybox:1.35"
    sh #"""
        echo '<!DOCTYPE t [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>' >/bomb.xml
        echo '<testsuite><testcase name="&b;"><failure>&b;&c;</failure></testcase></testsuite>' >>/bomb.xml
        """#
    artifact "/bomb.xml" report=junit
}
stage huge { image "busybox:1.35"; sh "dd if=/dev/zero of=/huge.xml bs=1M count=0 seek=200 2>/dev/null"; artifact "/huge.xml" report=junit; }
stage endless { image "busybox:1.35"; sh "echo '<testsuite>' >/endless.xml; yes '<testcase/>' | head -n 300000 >>/endless.xml; echo '</testsuite>' >>/endless.xml"; artifact "/endless.xml" report=junit; }
stage liar { image "busybox:1.35"; sh "printf '1..3\\nok 1\\nok 2\\n' >/liar.tap"; artifact "/liar.tap" report=tap; }
stage long { image "busybox:1.35"; sh "(printf 'ok 1 '; head -c 30000000 /dev/zero | tr '\\0' x; echo; echo 1..1) >/long.tap"; artifact "/long.tap" report=tap; }
"##;

fn suffered(pipeline: &str, arguments: &[&str]) -> Told {
    let checkout = Checkout::with(pipeline);
    let child = checkout.command(&[&["run"], arguments].concat()).spawn().expect("the binary can be run");
    let peak = watched(child.id());
    let told = Told::of(child.wait_with_output().expect("it ends"));
    assert_eq!(told.code, 1, "{}\n{}", told.out, told.err);
    assert_eq!(checkout.held(), Vec::<String>::new(), "left behind");
    let peak = peak.join().expect("it ends with the process");
    assert!(peak > 0 && peak < MOST, "{peak} KiB of memory at the most");
    told
}

#[test]
fn whatever_a_probe_meets_must_fail_its_own_test_alone() {
    if !wanted() {
        return;
    }
    let told = suffered(PIPELINE, &[]);
    told.says(&["+ one", "+ two", "+ three", "+ four", "+ five", "+ six", "+ seven"]);
    told.says(&["7 tests passed, 8 tests failed"]);
    told.says(&["expected: an output of at most 16 MiB", "actual:   it writes more"]);
    told.says(&["the lists of the reply stand more than 64 deep in each other"]);
    told.says(&["the file has 10737418240 bytes; what is longer than 64 MiB is not read"]);
    told.says(&["it is no file but a directory, and has no content"]);
    told.says(&["too many links in"]);
    told.says(&["expected: a log of at most 16 MiB", "actual:   it is longer"]);
}

#[test]
fn whatever_a_report_holds_must_fail_its_own_stage_alone() {
    if !wanted() {
        return;
    }
    let told = suffered(REPORTS, &["--keep-going"]);
    told.says(&["the report is not whole XML"]);
    told.says(&["the test “&b;” failed"]);
    told.says(&["it is larger than 64 MiB, which no report is"]);
    told.says(&["the report holds more than 200000 tests"]);
    told.says(&["3 tests were planned, 2 ran"]);
    told.says(&["6 stages passed, 5 collections of artifacts failed"]);
}
