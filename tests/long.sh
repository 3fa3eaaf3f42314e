#!/usr/bin/env bash
# The tests that take minutes: the whole kill matrix, and a soak of 200 runs killed at any moment, on the daemon of this machine.
# `tests/long.sh matrix` and `tests/long.sh soak [COUNT [SEED]]` are one of the two alone.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=tests/setup.sh
source tests/setup.sh

setup_all build docker images registry

# The binary of the other tests, not one built for speed.
cargo bench --locked --quiet --profile dev --bench soak -- "$@"
