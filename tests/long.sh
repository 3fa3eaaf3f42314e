#!/usr/bin/env bash
# The tests that take minutes: the whole kill matrix, a soak of 200 runs killed at any moment, and output as large as it gets, on the
# daemon of this machine. `tests/long.sh matrix`, `tests/long.sh soak [COUNT [SEED]]` and `tests/long.sh floods` are one of them alone.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=tests/setup.sh
source tests/setup.sh

setup_all build docker images registry

# What came in and what was kept of it, a line a flood.
floods() {
    printf '| output | bytes written | bytes kept | memory at the most | time |\n|---|---|---|---|---|\n'
    PIPE_TEST_DOCKER=1 PIPE_TEST_LONG=1 cargo test --locked --quiet --test live floods -- --nocapture --test-threads 1 | grep -v '^$'
}

case ${1:-all} in
floods) floods ;;
all)
    # The binary of the other tests, not one built for speed.
    cargo bench --locked --quiet --profile dev --bench soak
    floods
    ;;
*) cargo bench --locked --quiet --profile dev --bench soak -- "$@" ;;
esac
