//! Performs a plan: scheduling, gates, cancellation, tear-down.
