//! Containers and networks by raw calls, labelled so that none is ever left.

use serde_json::{Value, json};

use crate::daemon::{Answer, call, send};

/// On everything that the benchmark itself makes.
const LABEL: &str = "dev.pipe.bench";

/// A network of its own, removed with its containers when it is dropped.
pub struct Ground {
    pub network: String,
}

impl Ground {
    pub fn new(name: &str) -> Ground {
        let spec = json!({ "Name": format!("pipe-bench-{name}"), "Labels": { LABEL: "floor" } });
        let network = call("POST", "/networks/create", Some(&spec));
        Ground { network: id(&network) }
    }

    /// A container in the network, not started. `spec` is completed by what all have.
    pub fn create(&self, name: &str, mut spec: Value) -> String {
        spec["Labels"] = json!({ LABEL: "floor" });
        spec["HostConfig"]["NetworkMode"] = json!(self.network);
        spec["NetworkingConfig"] = json!({ "EndpointsConfig": { &self.network: { "Aliases": [name] } } });
        id(&call("POST", "/containers/create", Some(&spec)))
    }

    /// The container's address in the network.
    pub fn address(&self, container: &str) -> String {
        let seen = call("GET", &format!("/containers/{container}/json"), None);
        let networks = seen["NetworkSettings"]["Networks"].as_object().expect("networks");
        let address = networks.values().find_map(|network| network["IPAddress"].as_str().filter(|ip| !ip.is_empty()));
        address.expect("a running container has an address").to_owned()
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        sweep();
    }
}

pub fn start(container: &str) {
    call("POST", &format!("/containers/{container}/start"), None);
}

/// Subscribes to the end; the answer's body comes with it.
pub fn subscribe(container: &str) -> Answer {
    send("POST", &format!("/containers/{container}/wait?condition=next-exit"), None)
}

/// Waits for the end and wants it to be a good one.
pub fn succeeds(end: Answer) {
    let end: Value = serde_json::from_str(&end.body()).expect("the end of a container");
    assert_eq!(end["StatusCode"], 0, "{end}");
}

/// Starts a container and waits for its good end.
pub fn run(container: &str) {
    let end = subscribe(container);
    start(container);
    succeeds(end);
}

/// Runs a command in a container; whether it ended with 0.
pub fn exec(container: &str, command: &[&str]) -> bool {
    let spec = json!({ "AttachStdout": true, "AttachStderr": true, "Cmd": command });
    let exec = id(&call("POST", &format!("/containers/{container}/exec"), Some(&spec)));
    send("POST", &format!("/exec/{exec}/start"), Some(&json!({ "Detach": false, "Tty": false }))).body();
    call("GET", &format!("/exec/{exec}/json"), None)["ExitCode"] == 0
}

pub fn remove(container: &str) {
    call("DELETE", &format!("/containers/{container}?force=true&v=true"), None);
}

pub fn remove_network(network: &str) {
    call("DELETE", &format!("/networks/{network}"), None);
}

/// Removes all that the benchmark has made, now or in an earlier run that was killed.
pub fn sweep() {
    let filter = format!("%7B%22label%22%3A%5B%22{LABEL}%22%5D%7D");
    let list = |what: &str| call("GET", &format!("/{what}filters={filter}"), None);
    for container in list("containers/json?all=true&").as_array().into_iter().flatten() {
        remove(&id(container));
    }
    for network in list("networks?").as_array().into_iter().flatten() {
        remove_network(&id(network));
    }
    for volume in list("volumes?")["Volumes"].as_array().into_iter().flatten() {
        call("DELETE", &format!("/volumes/{}", volume["Name"].as_str().expect("a name")), None);
    }
}

fn id(object: &Value) -> String {
    object["Id"].as_str().expect("an id").to_owned()
}
