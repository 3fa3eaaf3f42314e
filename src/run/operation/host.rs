use crate::engine::{DeviceSpec, GpuSpec, HostSpec, LogSpec, UlimitSpec};
use crate::event::Failure;
use crate::model::{
    Container, Device, Gpus, HostAddress, Limits, LogLimit, Most, Privileges, SecurityOption, Ulimit, WhichGpus,
};
use crate::run::end::Done;
use crate::run::session::Task;

/// What a container may use of its host, with everything resolved.
pub(super) async fn spec(task: &Task, container: &Container) -> Done<HostSpec> {
    let Container { limits, privileges, dns, .. } = container;
    let mut host = HostSpec {
        privileged: privileges.privileged,
        sysctls: task.fill_all(&privileges.sysctls)?,
        dns: dns.servers.clone(),
        dns_search: dns.search.clone(),
        dns_options: dns.options.clone(),
        extra_hosts: dns.extra_hosts.iter().map(|(name, address)| (name.clone(), ip(*address))).collect(),
        ..limited(limits)
    };
    for (name, given) in &privileges.capabilities {
        if *given { &mut host.cap_add } else { &mut host.cap_drop }.push(name.clone());
    }
    for device in &privileges.devices {
        host.devices.push(device_spec(task, device)?);
    }
    host.gpus = privileges.gpus.as_ref().map(|gpus| gpu_spec(task, gpus)).transpose()?;
    secure(task, privileges, &mut host).await?;
    Ok(host)
}

fn limited(limits: &Limits) -> HostSpec {
    let Limits { cpus, memory, memory_reservation, swap, pids, shm, ulimits, log } = limits;
    let ulimit = |Ulimit { name, soft, hard }: &Ulimit| UlimitSpec {
        name: name.clone(),
        soft: number(*soft),
        hard: number(*hard),
    };
    HostSpec {
        cpus: cpus.map(|cpus| cpus.value),
        memory: memory.map(|size| size.0),
        memory_reservation: memory_reservation.map(|size| size.0),
        swap: swap.map(|size| size.0),
        pids: *pids,
        shm: shm.map(|size| size.0),
        ulimits: ulimits.iter().map(ulimit).collect(),
        log: log.map(|LogLimit { size, files }| LogSpec { size: size.0, files }),
        ..HostSpec::default()
    }
}

fn number(most: Most) -> Option<u64> {
    match most {
        Most::Of(number) => Some(number),
        Most::Unlimited => None,
    }
}

fn ip(address: HostAddress) -> Option<std::net::IpAddr> {
    match address {
        HostAddress::Ip(ip) => Some(ip),
        HostAddress::Gateway => None,
    }
}

fn device_spec(task: &Task, device: &Device) -> Done<DeviceSpec> {
    Ok(DeviceSpec {
        source: task.fill(&device.source)?,
        target: task.fill(&device.target)?,
        permissions: device.permissions.clone(),
    })
}

fn gpu_spec(task: &Task, gpus: &Gpus) -> Done<GpuSpec> {
    let (count, devices) = match &gpus.which {
        WhichGpus::All => (None, Vec::new()),
        WhichGpus::Count(count) => (Some(*count), Vec::new()),
        WhichGpus::Devices(ids) => (None, ids.iter().map(|id| task.fill(id)).collect::<Done<_>>()?),
    };
    let driver = task.fill_any(&gpus.driver)?;
    Ok(GpuSpec { count, devices, driver, capabilities: gpus.capabilities.clone() })
}

/// The engine takes a seccomp profile's text, and not its path: it may run on another machine.
async fn secure(task: &Task, privileges: &Privileges, host: &mut HostSpec) -> Done {
    for option in &privileges.security {
        match option {
            SecurityOption::Plain(option) => host.security.push(task.fill(option)?),
            SecurityOption::OpenSystemPaths => host.open_system_paths = true,
            SecurityOption::SeccompProfile(file) => {
                let read = tokio::fs::read_to_string(task.path(file)).await;
                let profile = read.map_err(|error| Failure::CannotStart {
                    message: format!("the seccomp profile `{}` cannot be read: {error}", file.display()),
                })?;
                host.security.push(format!("seccomp={profile}"));
            }
        }
    }
    Ok(())
}
