#!/usr/bin/env bash
# The tests that take minutes: the whole kill matrix, a soak of 200 runs killed at any moment, a pipeline of 500 stages and 50 services,
# output as large as it gets, and connections to the daemon that break at a thousand random bytes. On the daemon of this machine, and one of
# the tests' own that is killed. `tests/long.sh matrix`, `tests/long.sh soak [COUNT [SEED]]`, `tests/long.sh load [STAGES [SERVICES]]`,
# `tests/long.sh floods` and `tests/long.sh resets [COUNT]` are one of them alone.
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

# Streams, answers and whole runs that break at random bytes: so many containers for each kind of stream.
resets() {
    say "connections that break"
    PIPE_TEST_DOCKER=1 PIPE_TEST_RESETS=${1:-200} cargo test --locked --quiet --test live faults -- --nocapture --test-threads 4 | grep -v '^$'
}

case ${1:-all} in
resets) resets "${2:-}" ;;
floods) floods ;;
all)
    # The binary of the other tests, not one built for speed.
    cargo bench --locked --quiet --profile dev --bench soak
    floods
    resets
    ;;
*) cargo bench --locked --quiet --profile dev --bench soak -- "$@" ;;
esac
