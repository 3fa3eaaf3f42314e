#!/usr/bin/env bash
# Gets a Docker daemon, the base images and a loopback registry ready, and says what it does.
# Run it, or source it and call `setup_all`. What is there already is used as it is, so that
# a second call takes a second. Nothing is downloaded but Debian packages and, where a
# registry can be reached, images.
#
#   PIPE_TEST_REGISTRY       address of the open registry          (default 127.0.0.1:5000)
#   PIPE_TEST_REGISTRY_AUTH  address of the one with a password    (default 127.0.0.1:5001)
#   PIPE_SETUP_STATE         folder for logs and the registries    (default ~/.cache/pipe-setup)
#   PIPE_SETUP_MAKE=1        make the base images here even if a registry could be reached
set -euo pipefail

SETUP_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/setup
: "${PIPE_SETUP_STATE:=${XDG_CACHE_HOME:-$HOME/.cache}/pipe-setup}"
: "${PIPE_TEST_REGISTRY:=127.0.0.1:5000}"
: "${PIPE_TEST_REGISTRY_AUTH:=127.0.0.1:5001}"
# The password holds characters whose base64 differs between the two alphabets, on purpose.
: "${PIPE_TEST_REGISTRY_USER:=pipe}"
: "${PIPE_TEST_REGISTRY_PASSWORD:=s3cret?~>pass}"
SETUP_LOG=$PIPE_SETUP_STATE/setup.log

# ---- telling ---------------------------------------------------------------------------

say() { printf '%s\n' "$*" >&2; }
die() {
    printf 'setup: %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 1
}

# step TEXT COMMAND...: runs the command with its output in the log; prints the text, then the
# time it took; while it goes on, a dot every 5 s. On failure prints the log's last lines.
step() {
    local text=$1 start=$SECONDS ticker begin code=0
    shift
    printf '  %-58s' "$text" >&2
    begin=$(($(wc -c <"$SETUP_LOG") + 1))
    printf '\n== %s\n' "$text" >>"$SETUP_LOG"
    # The sleep goes with the ticker: left alone it would keep pipes and the lock open.
    (
        trap 'kill "$!" 2>/dev/null; exit' TERM
        while true; do
            sleep 5 &
            wait "$!"
            printf '.' >&2
        done
    ) >/dev/null 9>&- &
    ticker=$!
    # A function run under `||` loses `set -e`; the subshell with its own `set -e` keeps it.
    set +e
    (set -e; "$@") >>"$SETUP_LOG" 2>&1 </dev/null
    code=$?
    set -e
    kill "$ticker" 2>/dev/null || true
    wait "$ticker" 2>/dev/null || true
    if [ "$code" -ne 0 ]; then
        say " FAILED after $((SECONDS - start)) s"
        say "  the last lines of $SETUP_LOG:"
        tail -c "+$begin" "$SETUP_LOG" | tail -n 25 | sed 's/^/  | /' >&2
        exit "$code"
    fi
    say " $((SECONDS - start)) s"
}

# within SECONDS COMMAND...: waits until the command succeeds, or fails when the time is up.
within() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.2
    done
}

# limited SECONDS COMMAND...: with a time limit, where the machine has a `timeout`.
limited() {
    if command -v timeout >/dev/null; then
        timeout "$@"
    else
        shift
        "$@"
    fi
}

# ---- rights and packages ---------------------------------------------------------------

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}
can_be_root() { [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null; }
has_apt() { command -v apt-get >/dev/null && can_be_root; }

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -y \
        -o Acquire::Retries=5 -o Acquire::http::Timeout=60 -o Acquire::https::Timeout=60 \
        -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

apt_install() {
    local try
    for try in 1 2 3; do
        if apt_get update && apt_get install --no-install-recommends "$@"; then return 0; fi
        echo "attempt $try failed; again in 5 s"
        sleep 5
    done
    return 1
}

# ---- Rust ------------------------------------------------------------------------------

setup_build() {
    command -v cargo >/dev/null || PATH=$PATH:$HOME/.cargo/bin
    export CARGO_NET_RETRY=${CARGO_NET_RETRY:-5}
    command -v cargo >/dev/null || die "cargo is not here" "install Rust 1.95 or newer, for example with rustup"
    # Rust links with the C compiler's driver.
    if ! command -v cc >/dev/null; then
        has_apt || die "there is no C compiler (cc) to link with" "install gcc or clang"
        step "installing a C compiler to link with" apt_install gcc libc6-dev
    fi
}

# ---- Docker ----------------------------------------------------------------------------

docker_answers() {
    command -v docker >/dev/null && limited 10 docker version --format '{{.Server.Version}}'
}

# A daemon that was killed leaves its pid files. If another process has that number by now,
# dockerd refuses to start, or takes that process for its containerd.
drop_stale_pid() {
    local file=$1 name=$2 pid
    pid=$(as_root cat "$file" 2>/dev/null) || return 0
    if ! is_process "$pid" "$name"; then as_root rm -f "$file"; fi
}

# One that has ended and waits for its parent to notice is no process any more.
is_process() {
    [ "$(cat "/proc/$1/comm" 2>/dev/null)" = "$2" ] && ! grep -qs '^State:[[:space:]]*[ZX]' "/proc/$1/status"
}
running_dockerd_is_settled() {
    docker_answers >/dev/null || ! is_process "$(as_root cat /var/run/docker.pid 2>/dev/null)" dockerd
}

start_dockerd() {
    rm -f "$PIPE_SETUP_STATE/dockerd.pid"
    if [ -d /run/systemd/system ]; then
        as_root systemctl start docker
        return
    fi
    if ! grep -q ' cgroup' /proc/mounts; then
        apt_install cgroupfs-mount
        as_root cgroupfs-mount || echo "control groups could not be mounted; dockerd may say more"
    fi
    drop_stale_pid /var/run/docker.pid dockerd
    drop_stale_pid /var/run/docker/containerd/containerd.pid containerd
    if [ -e /var/run/docker.pid ]; then
        echo "a dockerd is running already; waiting for it"
        # It may be on its way out: killed a moment ago, and not yet gone.
        within 60 running_dockerd_is_settled || return 0
        if docker_answers; then return; fi
        drop_stale_pid /var/run/docker.pid dockerd
        drop_stale_pid /var/run/docker/containerd/containerd.pid containerd
    fi
    # Its own session, no inherited descriptors: it outlives this script and holds nothing of it.
    # shellcheck disable=SC2016  # the variables are those of the inner shell
    as_root sh -c 'setsid nohup dockerd --log-level=warn --group "$1" >>/var/log/dockerd.log 2>&1 </dev/null \
        3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- & echo $!' sh "$(daemon_group)" >"$PIPE_SETUP_STATE/dockerd.pid"
}

# Where the kernel has AppArmor on, Docker needs its tools to load a profile.
docker_extras() {
    if grep -qs Y /sys/module/apparmor/parameters/enabled; then echo apparmor; fi
}

# The group that may use the daemon's socket: Docker's own for root, else the caller's.
daemon_group() {
    if [ "$(id -u)" -eq 0 ]; then
        if getent group docker >/dev/null; then echo docker; else echo root; fi
    else
        id -gn
    fi
}

# Ends at once if the dockerd that was started has ended.
dockerd_is_settled() { docker_answers || dockerd_ended; }
dockerd_ended() {
    local pid
    pid=$(cat "$PIPE_SETUP_STATE/dockerd.pid" 2>/dev/null) || return 1
    [ ! -e "/proc/$pid" ] || grep -qs '^State:[[:space:]]*[ZX]' "/proc/$pid/status"
}

wait_for_dockerd() {
    within 90 dockerd_is_settled || echo "no answer within 90 s"
    docker_answers && return
    echo "the last lines of the daemon's own log:"
    tail -n 20 /var/log/dockerd.log 2>/dev/null || as_root journalctl -u docker -n 20 --no-pager
    return 1
}

setup_docker() {
    local version
    if version=$(docker_answers 2>/dev/null); then
        say "  Docker engine $version answers"
        return
    fi
    case ${DOCKER_HOST:-unix:///var/run/docker.sock} in
    unix:///var/run/docker.sock | unix:///run/docker.sock) ;;
    *) die "no Docker daemon answers at DOCKER_HOST=$DOCKER_HOST" \
        "start it, or unset DOCKER_HOST to have one started here" ;;
    esac
    if ! command -v dockerd >/dev/null || ! command -v docker >/dev/null; then
        has_apt || die "no Docker daemon answers, and there is no apt here to install one" \
            "install Docker Engine 20.10 or newer (or Docker Desktop), start it, and run this again"
        # Newer releases keep the client in a package of its own, older ones have none such.
        # shellcheck disable=SC2046  # a list of words
        step "installing Docker (docker.io, by apt)" apt_install docker.io iptables ca-certificates \
            $(docker_extras)
        command -v docker >/dev/null || step "installing Docker's client" apt_install docker-cli
    fi
    if docker_denied; then
        die "the Docker daemon refuses user $(id -un)" \
            "sudo usermod -aG docker $(id -un)   then log in again, or: newgrp docker"
    fi
    can_be_root || die "the Docker daemon is not running, and starting it takes root or sudo"
    step "starting the Docker daemon" start_dockerd
    if docker_denied; then
        die "the Docker daemon runs now, but refuses user $(id -un)" \
            "sudo usermod -aG docker $(id -un)   then log in again, or: newgrp docker"
    fi
    step "waiting for the Docker daemon" wait_for_dockerd
}

docker_denied() { [[ $(docker version 2>&1 || true) == *"ermission denied"* ]]; }

# ---- base images -----------------------------------------------------------------------
# Order of preference: the image that is there; the one a registry gives; one made here from
# Debian's packages under the public name. One made here carries a label with the hash of all
# it was made of, and is made again when that changes (a new certificate, another mirror).

BASE_DEBIAN=debian:bookworm-slim
BASE_BUSYBOX=busybox:1.35
BASE_MARIADB=mariadb:10.11
RECIPE_LABEL=pipe.setup.recipe

host_certificates() {
    local file
    for file in "${SSL_CERT_FILE:-}" /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; do
        if [ -n "$file" ] && [ -f "$file" ]; then
            cat "$file"
            return
        fi
    done
}

# This machine's own apt sources for bookworm, whichever of the two formats they are written in.
# On another release of Debian the same mirror, with the suite's name changed.
host_apt_sources() {
    local codename files=()
    # shellcheck source=/dev/null
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    shopt -s nullglob
    files=(/etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources)
    shopt -u nullglob
    for file in "${files[@]}"; do
        [ -f "$file" ] || continue
        case $file in
        *.sources) awk -v name="$codename" 'BEGIN { RS = ""; ORS = "\n\n" }
            $0 ~ "(^|\n)Types:[^\n]*deb" && $0 ~ "(^|\n)Suites:([^\n]*[ \t])?" name "(-updates|-security)?([ \t\n]|$)"' "$file" ;;
        *) grep -E "^deb(-src)? +(\[[^]]*\] +)?[^ ]+ +$codename(-updates|-security)? " "$file" || true ;;
        esac
    done | if [ "$codename" = bookworm ]; then cat; else sed "s/\b$codename\b/bookworm/g"; fi
}

# This machine's settings of how apt fetches: proxies, and checks that its mirror cannot pass.
host_apt_settings() {
    apt-config dump 2>/dev/null |
        grep -E '^Acquire::(https?::.*Proxy|Check-(Valid-Until|Date)|Retries|Max-ValidTime)' || true
}

# What a container needs to know of this machine's way to the package registries.
network_environment() {
    local name
    for name in PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_TRUSTED_HOST PIP_DEFAULT_TIMEOUT \
        HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy; do
        if [ -n "${!name:-}" ]; then echo "$name=${!name}"; fi
    done
    for name in PIP_CERT SSL_CERT_FILE REQUESTS_CA_BUNDLE CURL_CA_BUNDLE; do
        echo "$name=/etc/ssl/certs/ca-certificates.crt"
    done
}

recipe_of() { # the hash of everything that goes into the image
    local image=$1
    {
        declare -f make_debian network_environment
        host_certificates
        host_apt_sources
        host_apt_settings
        network_environment
        cat /etc/pip.conf 2>/dev/null || true
        case $image in
        "$BASE_BUSYBOX") declare -f make_busybox ;;
        "$BASE_MARIADB") cat "$SETUP_DIR"/mariadb/* ;;
        esac
    } | sha256sum | cut -c1-16
}

import_image() { # import_image NAME RECIPE CMD [ENV=VALUE...]: a tar archive from stdin
    local name=$1 recipe=$2 cmd=$3 pair changes=()
    shift 3
    for pair in "$@"; do changes+=(--change "ENV $pair"); done
    docker import --change "CMD $cmd" --change "LABEL $RECIPE_LABEL=$recipe" "${changes[@]}" - "$name"
}

make_debian() {
    local recipe=$1
    work=$(mktemp -d) # not local: the trap runs after the function has ended
    trap 'as_root rm -rf "$work"' EXIT
    host_apt_sources >"$work/bookworm.sources"
    # One-line and deb822 entries cannot share a file; mmdebstrap tells by the name's ending.
    if grep -q '^deb' "$work/bookworm.sources"; then mv "$work/bookworm.sources" "$work/bookworm.list"; fi
    host_apt_settings >"$work/apt.conf"
    host_certificates >"$work/certificates.crt"
    [ ! -f /etc/pip.conf ] || cp /etc/pip.conf "$work/pip.conf"
    # shellcheck disable=SC2016  # "$1" is the new root, for mmdebstrap to fill in
    as_root mmdebstrap --variant=minbase --mode=root --include=ca-certificates --format=tar \
        --aptopt='Acquire::Retries "5"' --aptopt='APT::Install-Recommends "false"' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-include=/usr/share/doc/*/copyright' \
        --customize-hook='mkdir -p "$1/usr/local/share/ca-certificates"' \
        --customize-hook="[ ! -s $work/certificates.crt ] || cp $work/certificates.crt \"\$1/etc/ssl/certs/ca-certificates.crt\"" \
        --customize-hook="cp $work/apt.conf \"\$1/etc/apt/apt.conf.d/90host\"" \
        --customize-hook="[ ! -f $work/pip.conf ] || cp $work/pip.conf \"\$1/etc/pip.conf\"" \
        --customize-hook='rm -f "$1/etc/hostname" "$1/etc/resolv.conf"' \
        --customize-hook='rm -rf "$1"/var/log/apt "$1"/var/log/*.log "$1"/var/cache/ldconfig/*' \
        bookworm "$work/root.tar" "$work"/bookworm.*
    mapfile -t environment < <(network_environment)
    as_root cat "$work/root.tar" | import_image "$BASE_DEBIAN" "$recipe" '["bash"]' "${environment[@]}"
}

make_busybox() {
    local recipe=$1
    # shellcheck disable=SC2016  # for the shell in the container
    docker run --rm "$BASE_DEBIAN" bash -ec '
        exec 3>&1 >&2
        cd /tmp
        apt-get -o Acquire::Retries=5 update
        apt-get -o Acquire::Retries=5 download busybox-static
        dpkg-deb -x busybox-static_*.deb package
        mkdir -p root/{bin,etc,home,root,tmp,usr/bin,usr/sbin,sbin,var/www,var/spool/cron}
        cp package/bin/busybox root/bin/busybox
        for applet in $(root/bin/busybox --list); do
            [ "$applet" = busybox ] || ln -s busybox "root/bin/$applet"
        done
        printf "%s\n" root:x:0:0:root:/root:/bin/sh daemon:x:1:1:daemon:/usr/sbin:/bin/false \
            www-data:x:33:33:www-data:/var/www:/bin/false nobody:x:65534:65534:nobody:/home:/bin/false >root/etc/passwd
        printf "%s\n" root:x:0: daemon:x:1: www-data:x:33: users:x:100: nogroup:x:65534: >root/etc/group
        printf "hosts: files dns\n" >root/etc/nsswitch.conf
        chmod 1777 root/tmp
        chmod 700 root/root
        tar -C root --owner=0 --group=0 -cf - . >&3' |
        import_image "$BASE_BUSYBOX" "$recipe" '["sh"]' PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
}

make_mariadb() {
    local recipe=$1
    # The classic builder: it needs no plug-in, whatever client is installed.
    DOCKER_BUILDKIT=0 docker build --force-rm --label "$RECIPE_LABEL=$recipe" -t "$BASE_MARIADB" "$SETUP_DIR/mariadb"
}

# missing IMAGE: not there, or made here from something that has changed since.
missing() {
    local have
    have=$(docker image inspect --format "{{index .Config.Labels \"$RECIPE_LABEL\"}}" "$1" 2>/dev/null) || return 0
    [ -n "$have" ] && [ "$have" != "<no value>" ] && [ "$have" != "$(recipe_of "$1")" ]
}

setup_images() {
    local image old
    if ! missing "$BASE_DEBIAN" && ! missing "$BASE_BUSYBOX" && ! missing "$BASE_MARIADB"; then
        say "  base images are there: $BASE_DEBIAN $BASE_BUSYBOX $BASE_MARIADB"
        return
    fi
    if [ -z "${PIPE_SETUP_MAKE:-}" ]; then
        # The smallest of them tells whether a registry can be reached.
        if limited 60 docker pull "$BASE_BUSYBOX" >>"$SETUP_LOG" 2>&1; then
            say "  a registry can be reached: base images come from there"
            for image in "$BASE_DEBIAN" "$BASE_MARIADB"; do
                missing "$image" || continue
                step "pulling $image" docker pull "$image"
            done
            return
        fi
        say "  no registry with $BASE_BUSYBOX can be reached: base images are made here"
    fi
    has_apt || die "making base images takes Debian's packages, and there is no apt here" \
        "get these images into the daemon (docker pull, docker load): $BASE_DEBIAN $BASE_BUSYBOX $BASE_MARIADB"
    for image in "$BASE_DEBIAN" "$BASE_BUSYBOX" "$BASE_MARIADB"; do
        missing "$image" || continue
        old=$(docker image inspect --format '{{.Id}}' "$image" 2>/dev/null || true)
        if [ "$image" = "$BASE_DEBIAN" ] && ! command -v mmdebstrap >/dev/null; then
            step "installing mmdebstrap" apt_install mmdebstrap debian-archive-keyring ca-certificates
        fi
        step "making $image" "make_${image%%:*}" "$(recipe_of "$image")"
        [ -z "$old" ] || docker image rm "$old" >>"$SETUP_LOG" 2>&1 || true
    done
}

# ---- registries ------------------------------------------------------------------------
# Debian's docker-registry, as plain processes on the loopback address, which Docker trusts
# without TLS. The second one asks for a password.

registry_answers() { # a registry says so itself, whether it wants a password or not
    local headers
    headers=$(curl -sS -m 5 -o /dev/null -D - "http://$1/v2/" | tr '[:upper:]' '[:lower:]')
    [[ $headers == *docker-distribution-api-version:* ]]
}

start_registry() { # start_registry NAME ADDRESS [htpasswd line]
    local name=$1 address=$2 login=${3:-} dir=$PIPE_SETUP_STATE/$1
    mkdir -p "$dir/data"
    {
        printf 'version: 0.1\nlog: { level: warn, accesslog: { disabled: true } }\n'
        printf 'storage: { filesystem: { rootdirectory: "%s" }, delete: { enabled: true } }\n' "$dir/data"
        printf 'http: { addr: "%s" }\n' "$address"
        if [ -n "$login" ]; then
            printf '%s\n' "$login" >"$dir/htpasswd"
            printf 'auth: { htpasswd: { realm: pipe, path: "%s" } }\n' "$dir/htpasswd"
        fi
    } >"$dir/config.yml"
    setsid nohup docker-registry serve "$dir/config.yml" >>"$dir/log" 2>&1 </dev/null \
        3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
    if ! within 20 registry_answers "$address"; then
        echo "the registry $name does not answer at $address; its log ends:"
        tail -n 15 "$dir/log"
        return 1
    fi
}

setup_registry() {
    local packages=()
    command -v curl >/dev/null || packages+=(curl)
    command -v docker-registry >/dev/null || packages+=(docker-registry)
    command -v htpasswd >/dev/null || packages+=(apache2-utils)
    if [ "${#packages[@]}" -gt 0 ] && has_apt; then
        step "installing ${packages[*]}" apt_install "${packages[@]}"
    fi
    if registry_answers "$PIPE_TEST_REGISTRY" 2>/dev/null; then
        say "  a registry answers at $PIPE_TEST_REGISTRY"
    else
        command -v docker-registry >/dev/null ||
            die "no registry answers at $PIPE_TEST_REGISTRY, and docker-registry is not installed" \
                "docker run -d -p $PIPE_TEST_REGISTRY:5000 registry:2   starts one"
        step "starting a registry at $PIPE_TEST_REGISTRY" start_registry registry "$PIPE_TEST_REGISTRY"
    fi
    has_seed "$PIPE_TEST_REGISTRY" || step "pushing an image to it" seed_registry "$PIPE_TEST_REGISTRY"
    if ! registry_answers "$PIPE_TEST_REGISTRY_AUTH" 2>/dev/null; then
        if ! command -v docker-registry >/dev/null || ! command -v htpasswd >/dev/null; then
            say "  no registry with a password: docker-registry or htpasswd is missing"
            unset PIPE_TEST_REGISTRY_AUTH
            return
        fi
        step "starting one with a password at $PIPE_TEST_REGISTRY_AUTH" \
            start_registry registry-auth "$PIPE_TEST_REGISTRY_AUTH" \
            "$(htpasswd -nbB "$PIPE_TEST_REGISTRY_USER" "$PIPE_TEST_REGISTRY_PASSWORD")"
    fi
    has_seed "$PIPE_TEST_REGISTRY_AUTH" "$PIPE_TEST_REGISTRY_USER:$PIPE_TEST_REGISTRY_PASSWORD" ||
        step "pushing an image to it" \
            seed_registry "$PIPE_TEST_REGISTRY_AUTH" "$PIPE_TEST_REGISTRY_USER" "$PIPE_TEST_REGISTRY_PASSWORD"
    export PIPE_TEST_REGISTRY PIPE_TEST_REGISTRY_AUTH PIPE_TEST_REGISTRY_USER PIPE_TEST_REGISTRY_PASSWORD
}

# Both hold an image to pull: pipe/seed:1, the same as busybox:1.35. No tag of it stays in the daemon.
seed_registry() { # seed_registry ADDRESS [USER PASSWORD]
    local image=$1/pipe/seed:1 config
    # Logs in with a configuration of its own; the caller's stays as it is.
    config=$(mktemp -d)
    docker image inspect "$BASE_BUSYBOX" >/dev/null || docker pull "$BASE_BUSYBOX"
    docker tag "$BASE_BUSYBOX" "$image"
    [ "$#" -lt 3 ] || printf '%s' "$3" | docker --config "$config" login --username "$2" --password-stdin "$1"
    docker --config "$config" push "$image"
    docker image rm "$image"
    rm -rf "$config"
}

# has_seed ADDRESS [USER:PASSWORD]
has_seed() {
    curl -fsS -m 5 -o /dev/null ${2:+--user "$2"} "http://$1/v2/pipe/seed/tags/list" 2>/dev/null
}

# ---- all of it -------------------------------------------------------------------------

# setup_all [build] [docker] [images] [registry]: the named parts, or all; one caller at a time.
setup_all() {
    local part
    [ "$#" -gt 0 ] || set -- build docker images registry
    mkdir -p "$PIPE_SETUP_STATE"
    : >>"$SETUP_LOG"
    say "set-up (log: $SETUP_LOG)"
    if command -v flock >/dev/null; then
        exec 9>"$PIPE_SETUP_STATE/lock"
        flock -n 9 || { say "  another set-up is under way; waiting for it" && flock 9; }
    fi
    for part in "$@"; do "setup_$part"; done
    exec 9>&-
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then setup_all "$@"; fi
