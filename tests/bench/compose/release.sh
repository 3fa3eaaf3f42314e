#!/usr/bin/env bash
# Runs the release part of todobackend with docker compose and bats, images built beforehand, and
# prints the seconds from the database's start to the end of the acceptance tests, then of the
# clean-up. Exits with 77 where there is no docker compose v2 (install.sh gets one on Debian).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
if ! docker compose version >/dev/null 2>&1; then
    echo "release.sh: there is no docker compose v2 here" >&2
    exit 77
fi

compose() { docker compose --progress quiet "$@"; }
now() { date +%s%N; }
seconds() { printf '%s %d.%03d\n' "$1" $((($3 - $2) / 1000000000)) $((($3 - $2) / 1000000 % 1000)); }
clean() { compose down --volumes --remove-orphans >/dev/null 2>&1; }

trap clean EXIT
clean
compose build >&2
start=$(now)
compose run --rm acceptance >&2
accepted=$(now)
clean
seconds accepted "$start" "$accepted"
seconds clean "$accepted" "$(now)"
