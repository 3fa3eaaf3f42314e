use std::collections::BTreeSet;

use crate::ast::{self, ContainerSettings, HealthTest, Healthcheck, Port, Privileges, Resources, Restart};
use crate::source::Spanned;

/// The settings of a service or stage (or template) with all that it extends merged in.
#[derive(Debug, Clone, Default)]
pub(super) struct Merged {
    pub settings: ContainerSettings,
    pub healthcheck: Option<Healthcheck>,
    pub ports: Vec<Port>,
    pub keep: Option<Spanned<bool>>,
    pub restart: Option<Restart>,
    /// Whether something that it extends is unknown or in a cycle, so that the lack of a setting proves nothing.
    pub partial: bool,
}

impl Merged {
    /// The ports that a service publishes, in order.
    pub fn port_numbers(&self) -> Vec<u16> {
        self.ports.iter().map(|port| port.container.value).collect()
    }

    /// Whether it can be healthy: it has a healthcheck that tries something.
    pub fn is_checked(&self) -> bool {
        matches!(&self.healthcheck, Some(Healthcheck { test: Some(test), .. }) if !matches!(test, HealthTest::None(_)))
    }

    /// Lays `over` over it: what is set there replaces, lists grow. An item that came by two ways stands once.
    pub fn put_over(&mut self, over: Merged) {
        self.partial |= over.partial;
        replace(&mut self.healthcheck, over.healthcheck);
        append(&mut self.ports, over.ports, |port| port.span);
        replace(&mut self.keep, over.keep);
        replace(&mut self.restart, over.restart);
        let (base, over) = (&mut self.settings, over.settings);
        append(&mut base.extends, over.extends, |name| name.span);
        replace(&mut base.image, over.image);
        replace(&mut base.command, over.command);
        replace(&mut base.entrypoint, over.entrypoint);
        append(&mut base.env, over.env, |entry| entry.span);
        append(&mut base.env_files, over.env_files, |file| file.span);
        replace(&mut base.workdir, over.workdir);
        replace(&mut base.user, over.user);
        append(&mut base.needs, over.needs, |need| need.on.span);
        append(&mut base.after, over.after, |name| name.span);
        append(&mut base.mounts, over.mounts, |mount| mount.span);
        if over.isolated.is_some() {
            base.networks.clear();
            base.isolated = over.isolated;
        } else if !over.networks.is_empty() {
            base.isolated = None;
        }
        append(&mut base.networks, over.networks, |network| network.name.span);
        replace(&mut base.hostname, over.hostname);
        replace(&mut base.init, over.init);
        replace(&mut base.read_only, over.read_only);
        match (&mut base.stop, over.stop) {
            (Some(base), Some(over)) => {
                replace(&mut base.signal, over.signal);
                replace(&mut base.grace, over.grace);
                base.span = over.span;
            }
            (base, over) => replace(base, over),
        }
        append(&mut base.labels, over.labels, |label| label.span);
        replace(&mut base.timeout, over.timeout);
        put_resources_over(&mut base.resources, over.resources);
        append(&mut base.ulimits, over.ulimits, |ulimit| ulimit.span);
        replace(&mut base.log_limit, over.log_limit);
        put_privileges_over(&mut base.privileges, over.privileges);
        append(&mut base.dns.servers, over.dns.servers, |server| server.span);
        append(&mut base.dns.search, over.dns.search, |search| search.span);
        append(&mut base.dns.options, over.dns.options, |options| options.span);
        append(&mut base.dns.extra_hosts, over.dns.extra_hosts, |line| line.span);
        append(&mut base.files, over.files, |file| file.span);
        replace(&mut base.platform, over.platform);
        replace(&mut base.pull, over.pull);
        replace(&mut base.tty, over.tty);
    }

    /// About how many settings it holds.
    pub fn size(&self) -> usize {
        let ContainerSettings { command, env, env_files, needs, after, mounts, networks, labels, .. } = &self.settings;
        let ContainerSettings { ulimits, privileges, dns, files, .. } = &self.settings;
        let words = match command {
            Some(ast::Command::Exec(words)) => words.words.len(),
            _ => 1,
        };
        1 + words
            + env.len()
            + env_files.len()
            + needs.len()
            + after.len()
            + mounts.len()
            + networks.len()
            + labels.len()
            + ulimits.len()
            + privileges.capabilities.len()
            + privileges.security.len()
            + privileges.sysctls.len()
            + privileges.devices.len()
            + files.len()
            + dns.servers.len()
            + dns.extra_hosts.len()
            + self.ports.len()
    }
}

fn put_resources_over(base: &mut Resources, over: Resources) {
    let Resources { cpus, memory, memory_reservation, swap, pids, shm } = over;
    replace(&mut base.cpus, cpus);
    replace(&mut base.memory, memory);
    replace(&mut base.memory_reservation, memory_reservation);
    replace(&mut base.swap, swap);
    replace(&mut base.pids, pids);
    replace(&mut base.shm, shm);
}

fn put_privileges_over(base: &mut Privileges, over: Privileges) {
    let Privileges { privileged, capabilities, security, sysctls, devices, gpus } = over;
    replace(&mut base.privileged, privileged);
    append(&mut base.capabilities, capabilities, |capability| capability.name.span);
    append(&mut base.security, security, |option| option.span);
    append(&mut base.sysctls, sysctls, |line| line.span);
    append(&mut base.devices, devices, |device| device.span);
    replace(&mut base.gpus, gpus);
}

fn replace<T>(base: &mut Option<T>, over: Option<T>) {
    if over.is_some() {
        *base = over;
    }
}

fn append<T, K: Ord>(base: &mut Vec<T>, over: Vec<T>, place: impl Fn(&T) -> K) {
    if base.is_empty() {
        *base = over;
        return;
    }
    let seen: BTreeSet<K> = base.iter().map(&place).collect();
    base.extend(over.into_iter().filter(|item| !seen.contains(&place(item))));
}
