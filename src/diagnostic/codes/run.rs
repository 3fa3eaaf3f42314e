//! Codes about what a run met: stages, builds, readiness, tests.

codes! {}
