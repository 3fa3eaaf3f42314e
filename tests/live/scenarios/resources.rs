//! Volumes, networks and files of the host.

use super::harness::{Checkout, stage};
use crate::daemon::{docker, wanted};

#[test]
fn a_new_volume_must_take_content_and_owner_of_the_image() {
    if !wanted() {
        return;
    }
    let text = "image app { build . }\nvolume public\n".to_owned()
        + "stage collect {\n    image app\n    mount public \"/public\"\n    sh \"stat -c '%u:%g %n' /public /public/seed; echo made > /public/made\"\n}\n"
        + "stage look {\n    image app\n    needs collect\n    mount public \"/srv\" read-only\n    sh \"cat /srv/seed /srv/made; touch /srv/x 2>/dev/null || echo may not write\"\n}\n";
    let checkout = Checkout::with(&text);
    let dockerfile =
        "FROM busybox:1.35\nRUN mkdir /public && echo seed > /public/seed && chown -R 1000:1000 /public\nUSER 1000\n";
    checkout.write("Dockerfile", dockerfile);
    checkout.run(&[], 0).says(&[
        "collect | 1000:1000 /public\n",
        "collect | 1000:1000 /public/seed\n",
        "look    | seed\n",
        "look    | made\n",
        "look    | may not write",
    ]);
}

#[test]
fn a_bind_mount_must_be_relative_to_the_file_and_be_flagged() {
    if !wanted() {
        return;
    }
    let text = stage("a", "mount \"./here\" \"/here\"\n    sh \"cat /here/note\"");
    let checkout = Checkout::with(&text);
    checkout.write("here/note", "from the file's own directory\n");
    let mut run = checkout.command(&["run"]);
    let told = super::harness::Told::of(run.current_dir("/").output().expect("the binary of this package can be run"));
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    told.says(&["a | from the file's own directory"]);
    checkout.pipe(&["check", "--pedantic", "--format", "concise"]).says(&["writable-bind-mount"]);
}

#[test]
fn external_volumes_and_networks_must_be_neither_made_nor_removed() {
    if !wanted() {
        return;
    }
    let id = crate::daemon::process();
    let (volume, network) = (format!("pipe-scenario-volume-{id}"), format!("pipe-scenario-network-{id}"));
    let text = format!("volume data external name=\"{volume}\"\nnetwork lan external name=\"{network}\"\n")
        + &stage("a", "mount data \"/data\"\n    network lan\n    sh \"echo kept > /data/note\"");
    let checkout = Checkout::with(&text);
    checkout.run(&[], 1).says(&[
        &format!("the external volume `{volume}` is not on this engine"),
        &format!("docker volume create {volume}"),
        &format!("the external network `{network}` is not on this engine"),
        "not run: a",
    ]);
    docker(&["volume", "create", &volume]);
    docker(&["network", "create", &network]);
    checkout.run(&[], 0);
    checkout.pipe(&["clean"]).says(&["nothing to remove"]);
    let read = docker(&["run", "--rm", "-v", &format!("{volume}:/data"), "busybox:1.35", "cat", "/data/note"]);
    assert_eq!(read, "kept");
    docker(&["volume", "rm", &volume]);
    docker(&["network", "rm", &network]);
}
