//! Runs the HTTP tests of an acceptance, one after the other, and tells each as it ends.
//!
//! Main function: [`run_suite`]. It knows of no container: the target's address and the values of holes come in as values.

mod captures;
mod fill;
mod history;
mod suite;
mod test;
mod witness;

#[cfg(test)]
mod flow;

pub use suite::{NoTests, Suite, run_suite};
pub use witness::Witness;
