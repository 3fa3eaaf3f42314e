//! How diagnostics are drawn: full (under the text), concise (a line each), JSON.
