//! Codes about services, healthchecks, ports, mounts.

codes! {}
