//! Readiness and acceptance: look at something, query it, judge it; judging is pure.
