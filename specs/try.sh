#!/usr/bin/env bash
# The newcomer's command: from a machine with Rust to a green run of the todobackend example.
# Installs and starts Docker and makes the base images where they are missing (tests/setup.sh
# says how), builds pipe, and runs specs/examples/todobackend/pipeline.kdl.
# Arguments go to `pipe run`: `specs/try.sh unit` runs the unit tests alone.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=tests/setup.sh
source tests/setup.sh

setup_all build docker images

say "building pipe (cargo build --release)"
start=$SECONDS
cargo build --release --locked
say "  built in $((SECONDS - start)) s"

pipe=${CARGO_TARGET_DIR:-target}/release/pipe
spec=specs/examples/todobackend/pipeline.kdl
say "running: pipe run $spec $*"
exec "$pipe" run "$spec" "$@"
