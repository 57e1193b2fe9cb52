# shellcheck shell=bash
# Where everything fetched or generated lives, and what every script of ours shares.
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
RT=${POPE_RUNTIME:-$ROOT/.runtime}
PYTHON=$RT/venv/bin/python
ODOO=$RT/root/usr/bin/odoo
CORE_ADDONS=$RT/root/usr/lib/python3/dist-packages/odoo/addons
# the socket's path must stay under 108 characters, wherever the checkout is
SOCKETS=/tmp/pope-$(printf '%s' "$RT" | sha256sum | cut -c1-12)
PG_BIN=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
BASE_MODULES=crm,event_crm,survey,account,l10n_fr_account,spreadsheet_dashboard
OUR_MODULES=$(cd "$ROOT" && printf '%s\n' pope_*/__manifest__.py | cut -d/ -f1 | paste -sd,)

# reportlab's own renderer for QR codes
export RL_renderPMBackend=_renderPM

say() { printf '%s\n' "$*"; }
die() {
    printf '%s\n' "$*" >&2
    exit 1
}

# the run cluster keeps its data safe, the test cluster is fast; both move aside when PostgreSQL's user cannot reach the checkout
cluster_dir() {
    local home=$RT
    [ -e "$RT/pg-elsewhere" ] && home=/var/tmp/${SOCKETS##*/}
    printf '%s/pg-%s' "$home" "$1"
}
cluster_socket() { printf '%s/%s' "$SOCKETS" "$1"; }

as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        local user=nobody
        id postgres >/dev/null 2>&1 && user=postgres
        (cd / && exec setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups "$@")
    else
        "$@"
    fi
}

pg_running() { [ -S "$(cluster_socket "$1")/.s.PGSQL.5432" ] && "$PG_BIN/pg_isready" -q -h "$(cluster_socket "$1")"; }

pg_start() { # run|test
    local kind=$1 dir socket options="-c listen_addresses='' -c max_connections=200 -c shared_buffers=256MB"
    socket=$(cluster_socket "$kind")
    pg_running "$kind" && return 0
    [ -n "$PG_BIN" ] || die "PostgreSQL is missing: install the package postgresql."
    mkdir -p "$RT"
    as_postgres test -x "$RT" || : >"$RT/pg-elsewhere"
    dir=$(cluster_dir "$kind")
    mkdir -p "$socket" "$dir" "$RT/log"
    chmod 755 "$SOCKETS"
    if [ "$(id -u)" = 0 ]; then
        local user=nobody
        id postgres >/dev/null 2>&1 && user=postgres
        chown "$user" "$socket" "$dir"
        touch "$RT/log/postgres-$kind.log" && chown "$user" "$RT/log/postgres-$kind.log"
    fi
    if [ ! -f "$dir/PG_VERSION" ]; then
        as_postgres "$PG_BIN/initdb" -D "$dir" -U odoo --auth=trust -E UTF8 --locale=C.UTF-8 >/dev/null ||
            die "PostgreSQL could not make its files in $dir: every folder above it must be readable by its user."
    fi
    [ "$kind" = test ] && options="$options -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    as_postgres "$PG_BIN/pg_ctl" -D "$dir" -s -w -t 60 -l "$RT/log/postgres-$kind.log" \
        -o "$options -c unix_socket_directories=$socket" start || die "PostgreSQL did not start: see $RT/log/postgres-$kind.log"
}

pg_stop() {
    local dir
    dir=$(cluster_dir "$1")
    if [ -f "$dir/postmaster.pid" ]; then
        as_postgres "$PG_BIN/pg_ctl" -D "$dir" -s -m fast stop || true
    fi
}

db_exists() { # kind name
    [ "$("$PG_BIN/psql" -h "$(cluster_socket "$1")" -U odoo -d postgres -Atc "select 1 from pg_database where datname = '$2'")" = 1 ]
}

odoo_options() { # run|test
    printf '%s\n' "--db_host=$(cluster_socket "$1")" --db_user=odoo "--data-dir=$RT/data-$1" "--addons-path=$CORE_ADDONS,$ROOT"
}

run_odoo() { # run|test ARGS… ; a sub-command of Odoo comes first
    local kind=$1 command=()
    shift
    case ${1:-} in
        [a-z]*)
            command=("$1")
            shift
            ;;
    esac
    local options
    mapfile -t options < <(odoo_options "$kind")
    "$PYTHON" "$ODOO" "${command[@]}" "${options[@]}" "$@"
}
