//! Runs the tests of an acceptance, one after the other, and tells each as it ends.
//!
//! Main function: [`run_suite`]. What it looks at comes in as values: the target's address, the values of holes, and a [`Site`], through
//! which probes reach the services of the run. It makes and removes nothing; what steps ask to be done to services, an [`Actor`] does.

mod actor;
mod captures;
mod case;
mod fill;
mod finding;
mod halt;
mod history;
mod incident;
mod look;
mod references;
mod site;
mod suite;
mod test;
mod witness;

#[cfg(test)]
mod flow;
#[cfg(test)]
mod hostile;

pub use actor::{Acted, Actor, Claim, Unable};
pub use captures::Captured;
pub use halt::{Halt, Halted};
pub use incident::Incident;
pub use look::{Seen, Unseen, shell_line};
pub use references::References;
pub use site::{Fresh, Lines, Resting, Site, Standing, Written};
pub use suite::{NoTests, Part, Ran, Suite, run_suite};
pub use witness::Marks;
