#!/usr/bin/env bash
# Runs all tests, those on a live Docker daemon included, after the set-up of tests/setup.sh.
# Arguments go to the test runner (cargo nextest run, or cargo test where nextest is missing).
# A container, network or volume that is there afterwards and was not there before fails the run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=tests/setup.sh
source tests/setup.sh

setup_all build docker images registry

# `pipe check --shellcheck` is tried with the real one.
command -v shellcheck >/dev/null || step "installing shellcheck (by apt)" apt_install shellcheck

# The page of a run is looked at in a browser.
if [ -z "${PIPE_TEST_BROWSER:-}" ]; then
    command -v chromium >/dev/null || step "installing a browser (chromium, by apt)" apt_install chromium
    export PIPE_TEST_BROWSER=chromium
fi

# Reports in XML are held to their schema.
command -v xmllint >/dev/null || step "installing xmllint (by apt)" apt_install libxml2-utils

# Without a daemon the live tests fail rather than skip.
export PIPE_TEST_DOCKER=1

# What the daemon holds, one "kind id name" a line.
holdings() {
    docker ps --all --no-trunc --format 'container {{.ID}} {{.Names}}'
    docker network ls --no-trunc --format 'network {{.ID}} {{.Name}}'
    docker volume ls --format 'volume {{.Name}} {{.Name}}'
}
leaked() { comm -13 <(sort <<<"$before") <(holdings | sort); }
# shellcheck disable=SC2317  # called by name
nothing_leaked() { [ -z "$(leaked)" ]; }

before=$(holdings)

# Live tests mostly wait for the daemon, so there are more of them at a time than cores.
threads=$(($(getconf _NPROCESSORS_ONLN) * 2))
if [ "$threads" -gt 8 ]; then threads=8; fi

code=0
if cargo nextest --version >/dev/null 2>&1; then
    # nextest leaves out the documentation's examples.
    if [ "$#" -eq 0 ]; then
        say "examples in the documentation (cargo test --doc)"
        cargo test --doc --locked --quiet || code=$?
    fi
    say "tests (cargo nextest run $*)"
    NEXTEST_TEST_THREADS=${NEXTEST_TEST_THREADS:-$threads} cargo nextest run --locked --no-fail-fast "$@" || code=$?
else
    say "tests (cargo test $*)"
    RUST_TEST_THREADS=${RUST_TEST_THREADS:-$threads} cargo test --locked --no-fail-fast "$@" || code=$?
fi

docker_answers >/dev/null || die "the Docker daemon does not answer any more after the tests"
# The daemon may take a moment to finish what it was told to remove.
if ! within 15 nothing_leaked; then
    say "LEAK: the tests left this behind in the daemon (kind, id, name):"
    leaked | sed 's/^/  /' >&2
    [ "$code" -ne 0 ] || code=1
fi
exit "$code"
