//! `pipe clean`: what runs left is found, shown by run, and removed.
//!
//! Main function: [`clean`]. What may go is judged by labels and by the directories of runs, never by names.

mod clean;
mod fate;
mod leftovers;

pub use clean::clean;
