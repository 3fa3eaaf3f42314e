//! The BuildKit client of our own, on busybox.

mod cable;
mod cancel;
mod context;
mod failures;
mod images;
mod sharing;
mod site;
