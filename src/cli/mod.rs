//! Arguments, environment, exit codes; wires the rooms together.
