//! `analyze()`: the one road from text to a pipeline, for command line and editor alike.
