//! Rules about values that must never be seen, and what a container is allowed, one file a rule.

mod engine_socket_mount;
mod literal_secret;
mod password_in_file;
mod password_in_url;
mod privileged_container;
mod secret_as_build_arg;
mod secret_default;
mod secret_file_readable;
mod sensitive_mount;
mod short_secret;
mod telling_name;

use super::Rule;

/// The rules of this class.
pub(super) const RULES: &[Rule] = &[
    engine_socket_mount::RULE,
    literal_secret::RULE,
    password_in_file::RULE,
    password_in_url::RULE,
    privileged_container::RULE,
    secret_as_build_arg::RULE,
    sensitive_mount::RULE,
    short_secret::RULE,
    secret_default::RULE,
    secret_file_readable::RULE,
];
