//! Rules about services, their health, ports, mounts and limits, one file a rule.

mod database_socket_check;
mod healthcheck_always_passes;
mod healthcheck_by_client;
mod localhost_in_container;
mod mount_over_root;
mod public_port;
mod service_without_healthcheck;
mod signal_swallowed;
mod static_host_port;
mod timeout_order;
mod writable_bind_mount;

use super::Rule;

/// The rules of this class.
pub(super) const RULES: &[Rule] = &[
    database_socket_check::RULE,
    healthcheck_always_passes::RULE,
    healthcheck_by_client::RULE,
    localhost_in_container::RULE,
    mount_over_root::RULE,
    public_port::RULE,
    service_without_healthcheck::RULE,
    signal_swallowed::RULE,
    static_host_port::RULE,
    timeout_order::RULE,
    writable_bind_mount::RULE,
];
