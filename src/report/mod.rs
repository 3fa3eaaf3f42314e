//! Turns events into screens and files, one folder a format.
