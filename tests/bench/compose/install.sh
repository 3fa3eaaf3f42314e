#!/usr/bin/env bash
# Gets docker compose v2 on a Debian machine whose own release has none: the package of Debian's
# unstable suite, from this machine's own mirror, unpacked (not installed) into Docker's plug-in
# folder. As root.
set -euo pipefail
plugins=/usr/local/lib/docker/cli-plugins
if docker compose version 2>/dev/null; then exit 0; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
# shellcheck disable=SC2016  # apt fills in $(SITE)
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Component: main' | head -n 1)
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" >"$work/sources.list"
apt() {
    apt-get -o Acquire::Retries=5 -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache" "$@"
}
cd "$work"
apt update
apt download docker-compose
dpkg-deb -x docker-compose_*.deb package
mkdir -p "$plugins"
find package -type f -name docker-compose -perm /111 -exec install -m 755 {} "$plugins/docker-compose" \;
docker compose version
