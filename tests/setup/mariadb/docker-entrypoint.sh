#!/bin/bash
# Starts MariaDB. An empty data directory is initialised first, with a temporary server that
# listens on its socket only: nothing on the network sees the database before it is complete.
# Variables, each as MARIADB_X or MYSQL_X, or with _FILE naming a file that holds the value:
#   ROOT_PASSWORD | RANDOM_ROOT_PASSWORD | ALLOW_EMPTY_ROOT_PASSWORD   (one of them is required)
#   ROOT_HOST (default %), DATABASE, USER, PASSWORD
set -eo pipefail
shopt -s nullglob

log() { printf '%s [%s] [Entrypoint]: %s\n' "$(date --rfc-3339=seconds)" "$1" "$2"; }
fail() {
    log ERROR "$1" >&2
    exit 1
}

# setting NAME [default]: sets NAME from MARIADB_NAME, MYSQL_NAME or either with _FILE.
setting() {
    local name=$1 value=${2:-} prefix variable file
    for prefix in MYSQL MARIADB; do
        variable=${prefix}_$name file=${prefix}_${name}_FILE
        if [ -n "${!file:-}" ]; then value=$(<"${!file}"); fi
        if [ -n "${!variable:-}" ]; then value=${!variable}; fi
    done
    declare -g "$name=$value"
}

quoted() { # as an SQL string
    local text=${1//\\/\\\\}
    printf "'%s'" "${text//\'/\'\'}"
}

client() { mariadb --protocol=socket -uroot --socket=/run/mysqld/mysqld.sock "$@"; }

start_temporary_server() {
    "$@" --skip-networking --default-time-zone=SYSTEM --socket=/run/mysqld/mysqld.sock \
        --loose-innodb_buffer_pool_load_at_startup=0 --skip-slave-start &
    temporary=$!
    local i
    for ((i = 0; i < 300; i++)); do
        if client --database=mysql <<<'SELECT 1' >/dev/null 2>&1; then return; fi
        kill -0 "$temporary" 2>/dev/null || fail "the temporary server ended"
        sleep 0.1
    done
    fail "the temporary server does not answer"
}

stop_temporary_server() {
    kill "$temporary"
    wait "$temporary" || true
}

run_init_file() {
    case $1 in
    *.sh)
        log Note "running $1"
        # shellcheck source=/dev/null
        if [ -x "$1" ]; then "$1"; else source "$1"; fi
        ;;
    *.sql) log Note "running $1"; sql_client <"$1" ;;
    *.sql.gz) log Note "running $1"; gunzip -c "$1" | sql_client ;;
    *.sql.xz) log Note "running $1"; xzcat "$1" | sql_client ;;
    *.sql.zst) log Note "running $1"; zstd -dc "$1" | sql_client ;;
    *) log Warn "ignoring $1" ;;
    esac
}

sql_client() {
    MYSQL_PWD=$ROOT_PASSWORD client ${DATABASE:+--database="$DATABASE"}
}

initialise() {
    setting ROOT_PASSWORD
    setting RANDOM_ROOT_PASSWORD
    setting ALLOW_EMPTY_ROOT_PASSWORD
    setting ALLOW_EMPTY_PASSWORD # the older name
    ALLOW_EMPTY_ROOT_PASSWORD=${ALLOW_EMPTY_ROOT_PASSWORD:-$ALLOW_EMPTY_PASSWORD}
    setting ROOT_HOST %
    setting DATABASE
    setting USER
    setting PASSWORD
    if [ -z "$ROOT_PASSWORD$RANDOM_ROOT_PASSWORD$ALLOW_EMPTY_ROOT_PASSWORD" ]; then
        fail "Database is uninitialized and password option is not specified
  You need to specify one of MARIADB_ROOT_PASSWORD, MARIADB_ALLOW_EMPTY_ROOT_PASSWORD and MARIADB_RANDOM_ROOT_PASSWORD"
    fi
    log Note "Initializing database files"
    mariadb-install-db --datadir="$datadir" --auth-root-authentication-method=normal --skip-test-db \
        --skip-log-bin --loose-innodb_buffer_pool_dump_at_shutdown=0 --skip-name-resolve >/dev/null
    log Note "Database files initialized"
    log Note "Starting temporary server"
    start_temporary_server "$@"
    log Note "Temporary server started."

    if [ -n "$RANDOM_ROOT_PASSWORD" ]; then
        ROOT_PASSWORD=$(pwgen --numerals --capitalize --symbols --remove-chars="'\\" -1 32)
        log Note "GENERATED ROOT PASSWORD: $ROOT_PASSWORD"
    fi
    if [ -z "${MARIADB_INITDB_SKIP_TZINFO:-}${MYSQL_INITDB_SKIP_TZINFO:-}" ]; then
        mariadb-tzinfo-to-sql --skip-write-binlog /usr/share/zoneinfo 2>/dev/null | client --database=mysql
    fi
    {
        echo "DELETE FROM mysql.global_priv WHERE user = '' OR (user = 'root' AND host <> 'localhost');"
        echo "FLUSH PRIVILEGES;"
        echo "SET PASSWORD FOR root@localhost = PASSWORD($(quoted "$ROOT_PASSWORD"));"
        if [ -n "$ROOT_HOST" ] && [ "$ROOT_HOST" != localhost ]; then
            echo "CREATE USER root@$(quoted "$ROOT_HOST") IDENTIFIED BY $(quoted "$ROOT_PASSWORD");"
            echo "GRANT ALL ON *.* TO root@$(quoted "$ROOT_HOST") WITH GRANT OPTION;"
        fi
        if [ -n "$DATABASE" ]; then echo "CREATE DATABASE IF NOT EXISTS \`$DATABASE\`;"; fi
        if [ -n "$USER" ] && [ -n "$PASSWORD" ]; then
            echo "CREATE USER $(quoted "$USER")@'%' IDENTIFIED BY $(quoted "$PASSWORD");"
            if [ -n "$DATABASE" ]; then
                echo "GRANT ALL ON \`${DATABASE//_/\\_}\`.* TO $(quoted "$USER")@'%';"
            fi
        fi
    } | client --database=mysql
    local file
    for file in /docker-entrypoint-initdb.d/*; do run_init_file "$file"; done

    log Note "Stopping temporary server"
    stop_temporary_server
    log Note "Temporary server stopped"
    log Note "MariaDB init process done. Ready for start up."
}

# Options alone mean the server with these options.
if [ "${1:0:1}" = - ]; then set -- mariadbd "$@"; fi

if [ "$1" = mariadbd ] || [ "$1" = mysqld ]; then
    datadir=/var/lib/mysql
    for option in "$@"; do
        case $option in --datadir=*) datadir=${option#--datadir=} ;; esac
    done
    if [ "$(id -u)" = 0 ]; then
        mkdir -p "$datadir"
        find "$datadir" /run/mysqld \! -user mysql -exec chown mysql:mysql {} +
        log Note "Switching to dedicated user 'mysql'"
        exec setpriv --reuid=mysql --regid=mysql --init-groups --inh-caps=-all "$0" "$@"
    fi
    if [ ! -d "$datadir/mysql" ]; then
        # A subshell, so that the variables with passwords stay out of the server's environment.
        (initialise "$@")
    fi
fi
exec "$@"
