//! Codes about order and gates: cycles, gates that cannot open.

codes! {}
