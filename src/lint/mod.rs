//! Opinions about valid pipelines, one file a rule.
//!
//! Main type: [`Rule`], a code and the function that looks for it. A rule sees a pipeline that is valid and tells of what is allowed and
//! probably not meant; what would fail or lie is no opinion and belongs to `model`.

mod database_socket_check;
mod rule;
mod secret_default;
mod service_without_healthcheck;
mod static_host_port;
mod test_expects_nothing;
mod unneeded_service;
mod unused;
mod writable_bind_mount;

pub use rule::{RULES, Rule, Subject, run};
