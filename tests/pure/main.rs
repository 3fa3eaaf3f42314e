//! What needs no daemon.

mod reference;
