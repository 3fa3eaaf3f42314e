//! One page for a browser, whole in itself: what failed, the tests, the graph, the times and the last lines of each container. It runs no
//! script and asks nobody for anything, which it says itself in its security policy; the same events make the same bytes.

mod escape;
mod graph;
mod page;
mod timeline;

pub use page::Html;
