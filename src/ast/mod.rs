//! Typed syntax: what the author wrote, names unresolved, spans everywhere.
