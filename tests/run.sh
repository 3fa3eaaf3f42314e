#!/usr/bin/env bash
# Runs all tests, those on a live Docker daemon included, after the set-up of tests/setup.sh.
# Arguments go to the test runner (cargo nextest run, or cargo test where nextest is missing).
# A container, network or volume that is there afterwards and was not there before fails the run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=tests/setup.sh
source tests/setup.sh

setup_all build docker images registry

# wished COMMAND PACKAGE: a tool that some tests look with, installed where it is missing and can be had; without it, they say that
# they are skipped.
wished() {
    command -v "$1" >/dev/null && return
    if has_apt && (step "installing $1 (by apt)" apt_install "$2") && command -v "$1" >/dev/null; then return; fi
    say "there is no $1: what is looked at with it is not"
    return 1
}

# `pipe check --shellcheck` is tried with the real one; reports in XML are held to their schema, and the page of a run is looked at.
wished shellcheck shellcheck || true
wished xmllint libxml2-utils || true
if [ -z "${PIPE_TEST_BROWSER:-}" ] && wished chromium chromium; then export PIPE_TEST_BROWSER=chromium; fi

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
