# shellcheck shell=bash
# Where everything fetched or generated lives, and what every script of ours shares.
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
RT=$(realpath -ms "${POPE_RUNTIME:-$ROOT/.runtime}")
PYTHON=$RT/venv/bin/python
ODOO=$RT/root/usr/bin/odoo
CORE_ADDONS=$RT/root/usr/lib/python3/dist-packages/odoo/addons
# the socket's path must stay under 108 characters, wherever the checkout is
SOCKETS=/tmp/pope-$(printf '%s' "$RT" | sha256sum | cut -c1-12)
# where the clusters go when PostgreSQL's user cannot reach the runtime folder
ELSEWHERE=/var/tmp/${SOCKETS##*/}
BASE_MODULES=crm,event_crm,survey,account,l10n_fr_account,spreadsheet_dashboard
OUR_MODULES=$(cd "$ROOT" && printf '%s\n' pope_*/__manifest__.py | cut -d/ -f1 | paste -sd,)

# reportlab's own renderer for QR codes, where there is one
[ -e "$RT/root/usr/lib/python3/dist-packages/rlPyCairo" ] || export RL_renderPMBackend=_renderPM
# where the machine has no wkhtmltopdf
PATH=$PATH:$RT/pdf/pope

# compiled modules are kept, also where the machine says not to: Odoo starts in half the time, and no sources are touched
export PYTHONDONTWRITEBYTECODE='' PYTHONPYCACHEPREFIX=$RT/pycache

say() { printf '%s\n' "$*"; }
die() {
    printf '%s\n' "$*" >&2
    exit 1
}

[ ! -e "$RT" ] || [ -O "$RT" ] || die "$RT belongs to $(stat -c %U "$RT"): run this as that user, or set POPE_RUNTIME to a folder of yours."

# says every ten seconds that a long step goes on, until still_done or the end of the script
STILL=''
still() {
    local caller=$BASHPID second=0
    [ -n "$(trap -p EXIT)" ] || trap still_done EXIT
    while sleep 1 && kill -0 "$caller" 2>/dev/null; do
        second=$((second + 1))
        if [ $((second % 10)) = 0 ]; then say "    … $second s"; fi
    done &
    STILL=$!
}
still_done() {
    [ -z "$STILL" ] || { kill "$STILL" && wait "$STILL"; } 2>/dev/null || true
    STILL=''
}

newest_postgres() { find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1 || true; }
PG_BIN=$(newest_postgres)

# the run cluster keeps its data safe, the test cluster is fast
cluster_dir() {
    local home=$RT
    [ -O "$ELSEWHERE" ] && home=$ELSEWHERE
    printf '%s/pg-%s' "$home" "$1"
}
cluster_socket() { printf '%s/%s' "$SOCKETS" "$1"; }

# PostgreSQL refuses to run as root
postgres_user() { if id postgres >/dev/null 2>&1; then printf postgres; else printf nobody; fi; }
as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        local user
        user=$(postgres_user)
        (cd / && exec setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups "$@")
    else
        "$@"
    fi
}

pg_running() { [ -S "$(cluster_socket "$1")/.s.PGSQL.5432" ] && "$PG_BIN/pg_isready" -q -h "$(cluster_socket "$1")"; }

pg_start() { # run|test
    local kind=$1 made
    # bootstrap may have installed it a moment ago
    PG_BIN=$(newest_postgres)
    [ -n "$PG_BIN" ] || die "PostgreSQL is missing: install the package postgresql."
    mkdir -p "$RT/log"
    as_postgres test -x "$RT" || mkdir -p "$ELSEWHERE"
    if made=$(cat "$(cluster_dir "$kind")/PG_VERSION" 2>/dev/null); then
        # a cluster opens with the version that made it
        PG_BIN=/usr/lib/postgresql/$made/bin
        [ -x "$PG_BIN/postgres" ] ||
            die "The databases in $(cluster_dir "$kind") are PostgreSQL $made's: install postgresql-$made, or remove them with make clean."
    fi
    # one at a time; PostgreSQL itself must keep no lock of ours
    (
        flock 7
        pg_running "$kind" || pg_start_locked "$kind" 8>&- 9>&-
    ) 7>"$RT/pg-$kind.lock"
}

pg_start_locked() {
    local kind=$1 dir socket made_of='' options="-c listen_addresses='' -c max_connections=200 -c shared_buffers=256MB"
    dir=$(cluster_dir "$kind") socket=$(cluster_socket "$kind")
    mkdir -p "$socket" "${dir%/*}"
    chmod 755 "$SOCKETS"
    [ "$(id -u)" != 0 ] || chown "$(postgres_user)" "$socket"
    if [ ! -f "$dir/PG_VERSION" ]; then
        rm -rf "$dir" "$dir.new" && mkdir -m 700 "$dir.new"
        [ "$(id -u)" != 0 ] || chown "$(postgres_user)" "$dir.new"
        if [ "$kind" = test ] && [ -f "$(cluster_dir run)/PG_VERSION" ] && [ ! -f "$(cluster_dir run)/postmaster.pid" ]; then
            # what make run built is not built twice
            made_of=$(cluster_dir run)
            as_postgres cp -a "$made_of/." "$dir.new/"
            mkdir -p "$RT/data-test/filestore"
            for name in base pope; do cp -rl "$RT/data-run/filestore/$name" "$RT/data-test/filestore/" 2>/dev/null || true; done
        else
            as_postgres "$PG_BIN/initdb" -D "$dir.new" -U odoo --auth=trust -E UTF8 --locale=C.UTF-8 >/dev/null ||
                die "PostgreSQL could not make its files in $dir: every folder above it must be readable by its user."
        fi
        mv "$dir.new" "$dir"
    fi
    [ "$kind" = test ] && options="$options -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    # there is no password: only its own user and root may knock
    as_postgres "$PG_BIN/pg_ctl" -D "$dir" -s -w -t 60 -l "$dir/server.log" \
        -o "$options -c unix_socket_directories=$socket -c unix_socket_permissions=0700" start 7>&- ||
        die "PostgreSQL did not start: see $dir/server.log"
    [ -z "$made_of" ] || in_postgres test "SELECT format('DROP DATABASE %I', datname) FROM pg_database
        WHERE NOT datistemplate AND datname NOT IN ('postgres', 'base', 'pope')" |
        while read -r drop; do in_postgres test "$drop"; done
}

pg_stop() {
    local dir
    dir=$(cluster_dir "$1")
    if [ -f "$dir/postmaster.pid" ]; then
        as_postgres "/usr/lib/postgresql/$(cat "$dir/PG_VERSION")/bin/pg_ctl" -D "$dir" -s -m fast stop || true
    fi
}

in_postgres() { # kind SQL
    "$PG_BIN/psql" -qAt -h "$(cluster_socket "$1")" -U odoo -d postgres -c "$2"
}

# what a database was made of
comment_of() { # kind database
    in_postgres "$1" "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '$2'"
}
set_comment() { # kind database text
    in_postgres "$1" "COMMENT ON DATABASE \"$2\" IS '$3'"
}

base_state() { printf '%s %s' "$BASE_MODULES" "$(cat "$RT/stamps/odoo" "$ROOT/scripts/pole.sql" "$ROOT/scripts/template")" | sha256sum | cut -c1-32; }
our_state() {
    (cd "$ROOT" && find pope_* -type f -not -name '*.pyc' -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-32)
}

# ours, in place of one that the machine may have
odoo_conf() { # run|test
    local kind=$1 conf=$RT/odoo-$1.conf new
    new=$(mktemp "$conf.XXXXXX") || die "Nothing can be written in $RT."
    cat >"$new" <<CONF
[options]
db_host = $(cluster_socket "$kind")
db_user = odoo
data_dir = $RT/data-$kind
addons_path = $CORE_ADDONS,$ROOT
http_interface = 127.0.0.1
smtp_server = 127.0.0.1
smtp_port = $(cat "$RT/run/smtp-port" 2>/dev/null || printf 2525)
email_from = pole@example.org
CONF
    mv "$new" "$conf"
    export ODOO_RC=$conf
}
run_odoo() { # run|test ARGS… : Odoo's command line
    odoo_conf "$1"
    shift
    "$PYTHON" "$ODOO" "$@"
}
