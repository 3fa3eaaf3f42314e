//! Codes about the container engine: not reachable, refused, failed.

codes! {}
