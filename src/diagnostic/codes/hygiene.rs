//! Codes about the file itself: what is written and does not matter.

codes! {}
