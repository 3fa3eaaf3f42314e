//! Rules about services, their health, ports, mounts and limits, one file a rule.

mod database_socket_check;
mod service_without_healthcheck;
mod static_host_port;
mod writable_bind_mount;

use super::Rule;

/// The rules of this class.
pub(super) const RULES: &[Rule] = &[
    database_socket_check::RULE,
    service_without_healthcheck::RULE,
    static_host_port::RULE,
    writable_bind_mount::RULE,
];
