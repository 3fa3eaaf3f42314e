use bollard::models::{DeviceMapping, DeviceRequest, HostConfig, HostConfigLogConfig, ResourcesUlimits as ApiUlimit};

use crate::engine::{GpuSpec, HostSpec, LogSpec, UlimitSpec};

/// How much output is kept where nobody says.
const LOG: LogSpec = LogSpec { size: 50 << 20, files: 3 };

/// What a container may use of its host, in the API's form.
pub(super) fn host(spec: &HostSpec) -> HostConfig {
    let bytes = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
    let unconfined = || spec.open_system_paths.then(Vec::new);
    HostConfig {
        nano_cpus: spec.cpus.map(nano),
        memory: spec.memory.map(bytes),
        memory_reservation: spec.memory_reservation.map(bytes),
        // The API counts the memory in.
        memory_swap: spec.swap.zip(spec.memory).map(|(swap, memory)| bytes(swap.saturating_add(memory))),
        pids_limit: spec.pids.map(i64::from),
        shm_size: spec.shm.map(bytes),
        ulimits: list(&spec.ulimits, ulimit),
        log_config: Some(log(spec.log.unwrap_or(LOG))),
        privileged: Some(spec.privileged),
        cap_add: list(&spec.cap_add, String::clone),
        cap_drop: list(&spec.cap_drop, String::clone),
        security_opt: list(&spec.security, String::clone),
        masked_paths: unconfined(),
        readonly_paths: unconfined(),
        sysctls: (!spec.sysctls.is_empty()).then(|| spec.sysctls.iter().cloned().collect()),
        devices: list(&spec.devices, |device| DeviceMapping {
            path_on_host: Some(device.source.clone()),
            path_in_container: Some(device.target.clone()),
            cgroup_permissions: Some(device.permissions.clone()),
        }),
        device_requests: spec.gpus.as_ref().map(|gpus| vec![request(gpus)]),
        dns: list(&spec.dns, ToString::to_string),
        dns_search: list(&spec.dns_search, String::clone),
        dns_options: list(&spec.dns_options, String::clone),
        extra_hosts: list(&spec.extra_hosts, |(name, address)| match address {
            Some(address) => format!("{name}:{address}"),
            None => format!("{name}:host-gateway"),
        }),
        ..Default::default()
    }
}

/// Nothing said leaves the choice to the engine; an empty list may say something.
fn list<T, A>(items: &[T], form: impl Fn(&T) -> A) -> Option<Vec<A>> {
    (!items.is_empty()).then(|| items.iter().map(form).collect())
}

/// Billionths of a processor.
fn nano(cpus: f64) -> i64 {
    (cpus * 1e9).round() as i64
}

fn ulimit(spec: &UlimitSpec) -> ApiUlimit {
    let limit = |limit: Option<u64>| Some(limit.map_or(-1, |limit| i64::try_from(limit).unwrap_or(i64::MAX)));
    ApiUlimit { name: Some(spec.name.clone()), soft: limit(spec.soft), hard: limit(spec.hard) }
}

fn request(gpus: &GpuSpec) -> DeviceRequest {
    let count = match (gpus.count, gpus.devices.as_slice()) {
        (Some(count), _) => Some(i64::from(count)),
        (None, []) => Some(-1),
        (None, _) => None,
    };
    DeviceRequest {
        driver: gpus.driver.clone(),
        count,
        device_ids: list(&gpus.devices, String::clone),
        capabilities: Some(vec![gpus.capabilities.clone()]),
        ..Default::default()
    }
}

/// The `local` driver: a third faster than the engine's default for a flood of lines, readable by `docker logs` since 18.09, and bounded.
fn log(limit: LogSpec) -> HostConfigLogConfig {
    let options =
        [("max-size", limit.size.to_string()), ("max-file", limit.files.to_string()), ("compress", "false".to_owned())];
    HostConfigLogConfig {
        typ: Some("local".into()),
        config: Some(options.map(|(name, value)| (name.to_owned(), value)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(spec: &HostSpec) -> serde_json::Value {
        serde_json::to_value(host(spec)).expect("the models are JSON")
    }

    #[test]
    fn nothing_said_leaves_the_choice_to_the_engine() {
        let value = json(&HostSpec::default());
        let said: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(said, ["LogConfig", "Privileged"]);
        assert_eq!(value["LogConfig"]["Config"]["max-size"], "52428800");
    }

    #[test]
    fn swap_counts_the_memory_in() {
        let spec = HostSpec { cpus: Some(0.1), memory: Some(1 << 20), swap: Some(0), ..HostSpec::default() };
        let value = json(&spec);
        assert_eq!((&value["Memory"], &value["MemorySwap"]), (&(1 << 20).into(), &(1 << 20).into()));
        assert_eq!(value["NanoCpus"], 100_000_000);
    }

    #[test]
    fn gpus_are_a_number_or_certain_ones() {
        let gpus = |count, devices: &[&str]| {
            let devices = devices.iter().map(|&id| id.to_owned()).collect();
            let gpus = GpuSpec { count, devices, driver: None, capabilities: vec!["gpu".to_owned()] };
            json(&HostSpec { gpus: Some(gpus), ..HostSpec::default() })["DeviceRequests"][0].clone()
        };
        assert_eq!(gpus(None, &[])["Count"], -1);
        assert_eq!(gpus(Some(2), &[])["Count"], 2);
        let certain = gpus(None, &["0", "GPU-1"]);
        assert_eq!(certain["DeviceIDs"], serde_json::json!(["0", "GPU-1"]));
        assert!(certain.get("Count").is_none());
        assert_eq!(certain["Capabilities"], serde_json::json!([["gpu"]]));
    }

    #[test]
    fn no_limit_is_minus_one() {
        let ulimits = vec![UlimitSpec { name: "core".to_owned(), soft: Some(0), hard: None }];
        let value = json(&HostSpec { ulimits, ..HostSpec::default() });
        assert_eq!((&value["Ulimits"][0]["Soft"], &value["Ulimits"][0]["Hard"]), (&0.into(), &(-1).into()));
    }
}
