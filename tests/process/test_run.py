"""The commands a person types: make run and what stands around it, on a copy of the checkout with a runtime of its own.

Odoo and its libraries are those already fetched; the database cluster is a copy of the tests'. The start from nothing
is scripts/check_start, which .ci/run begins with, and here with POPE_FULL.
"""

import contextlib
import importlib.metadata
import itertools
import os
import pathlib
import re
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time

import pytest
import requests

from .helpers import DATA, ROOT, SOCKET, free_port, wait_until

FULL = bool(os.environ.get("POPE_FULL"))
RUNTIME = DATA.parent
AS_ROOT = os.geteuid() == 0
LATER_START = 15  # seconds
# Odoo and PostgreSQL come from elsewhere; scripts must not see how these tests were started
ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith(("POPE_", "PG", "ODOO", "MAKE"))}
# brings the loopback up in a network of its own, then becomes the command
LOOPBACK_ONLY = """
import fcntl, os, socket, struct, sys
with socket.socket() as s:
    fcntl.ioctl(s, 0x8914, struct.pack("16sh", b"lo", 1))
os.execvp(sys.argv[1], sys.argv[1:])
"""


class Checkout:
    """A copy of this checkout."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.runtime = self.folder / ".runtime"
        ignore = shutil.ignore_patterns(".git", ".runtime", "__pycache__", "node_modules")
        shutil.copytree(ROOT, self.folder, ignore=ignore, dirs_exist_ok=True)
        self.folder.chmod(0o755)

    def call(self, *command, check=True, **environment):
        done = subprocess.run(
            command,
            cwd=self.folder,
            env={**ENVIRONMENT, **environment},
            capture_output=True,
            text=True,
            timeout=230,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"{command}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
        return done

    def sql(self, query, database="demo"):
        return self.call("scripts/psql", database, "-Atc", query).stdout.strip()

    def processes(self):
        """Command lines of what runs from this runtime."""
        found = []
        for file in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                line = file.read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if f"{self.runtime}/" in line:
                    found.append(line)
        return found

    def start(self, *prefix, **environment):
        return Start(self, prefix, environment)


class Start:
    """A make run in a process group of its own, as in a terminal."""

    def __init__(self, checkout, prefix, environment):
        self.began = time.monotonic()
        self.log = checkout.runtime / f"start-{self.began}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*prefix, "make", "run"],
                cwd=checkout.folder,
                env={**ENVIRONMENT, **environment},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def told(self):
        return self.log.read_text()

    def ready(self):
        """Its address, once it is served."""

        def address():
            if self.process.poll() is not None:
                raise AssertionError(self.told())
            return re.search(r"address\s+(http://127\.0\.0\.1:\d+)/odoo/projets", self.told())

        found = wait_until(address, 120)
        self.seconds = time.monotonic() - self.began
        return found.group(1)

    def interrupt(self):
        """Ctrl-C."""
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(30)
        assert self.told().strip().endswith("Stopped."), self.told()


@pytest.fixture(scope="module")
def copy():
    """A copy of the checkout, with no runtime."""
    # not below a folder that only its owner may enter: PostgreSQL's user must get there
    folder = tempfile.mkdtemp(prefix="pope-run-", dir="/var/tmp")
    yield Checkout(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def checkout(copy):
    """The same with a runtime: what was fetched for these tests, and a copy of their databases."""
    if not FULL:
        pytest.skip("a dozen starts take minutes: .ci/run makes one, from nothing, and make full all of them")
    copy.runtime.mkdir()
    for name in ("venv", "root", "stamps", "pdf"):
        if (RUNTIME / name).exists():
            (copy.runtime / name).symlink_to((RUNTIME / name).resolve())
    store = copy.runtime / "data-run/filestore"
    store.mkdir(parents=True)
    for name in ("base", "pope"):
        shutil.copytree(DATA / "filestore" / name, store / name)
    copy.call(
        "bash",
        "-ec",
        f"""
        . scripts/lib.sh
        dir=$(cluster_dir run)
        mkdir -m 700 "$dir"
        [ "$(id -u)" != 0 ] || chown "$(postgres_user)" "$dir"
        as_postgres "$PG_BIN/pg_basebackup" -h {SOCKET} -U odoo -D "$dir" -c fast
        """,
    )
    yield copy
    copy.call("scripts/clean", check=False)


@pytest.fixture
def stopped(checkout):
    """Nothing of it runs, before and after."""
    checkout.call("make", "stop")
    yield checkout
    checkout.call("make", "stop")


@pytest.fixture
def elsewhere():
    """An empty runtime folder."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="pope-empty-", dir="/var/tmp"))
    yield folder
    shutil.rmtree(folder)


def log_in(address, login):
    """A session of the log-in page, in French, and what Odoo says of it."""
    session = requests.Session()
    session.trust_env = False
    page = session.get(f"{address}/web/login", timeout=60).text
    assert "Mot de passe" in page and "Se connecter" in page
    token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
    session.post(
        f"{address}/web/login", {"login": login, "password": login, "csrf_token": token}, timeout=60
    ).raise_for_status()
    return session, ask(session, address, "/web/session/get_session_info", {})


def ask(session, address, route, params):
    answer = session.post(f"{address}{route}", json={"params": params}, timeout=60).json()
    assert "error" not in answer, answer
    return answer["result"]


def test_two_starts_at_once_serve_one_odoo_in_french_and_ctrl_c_ends_it(stopped):
    starts = [stopped.start(), stopped.start()]
    wait_until(lambda: any(start.process.poll() is not None for start in starts), 30)
    (loser,) = (start for start in starts if start.process.poll() is not None)
    assert "Another make run is starting here" in loser.told()
    (start,) = (start for start in starts if start is not loser)
    address = start.ready()
    assert re.search(r"log-in\s+claire\s+password\s+claire", start.told())

    session, info = log_in(address, "claire")
    assert info["name"] and info["user_context"]["lang"] == "fr_FR"
    assert not info["is_system"]
    count = {"model": "crm.lead", "method": "search_count", "args": [[["type", "=", "project"]]], "kwargs": {}}
    assert ask(session, address, "/web/dataset/call_kw", count) >= 5, "the demo data is there"
    assert log_in(address, "admin")[1]["is_system"]

    again = stopped.call("make", "run")
    assert f"Already running: {address}" in again.stdout

    port = int((stopped.runtime / "run/smtp-port").read_text())
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        smtp.sendmail("a@example.org", ["b@example.org"], "To: b@example.org\nSubject: Essai\n\nBonjour Awa\n")
    assert "Essai" in stopped.call("make", "mail").stdout
    assert "Bonjour Awa" in stopped.call("make", "mail", "N=1").stdout

    start.interrupt()
    assert not stopped.processes()


def test_a_taken_port_is_told_and_the_next_one_used(stopped):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        start = stopped.start(PORT=str(port))
        address = start.ready()
        assert f"port {port} is taken: using {address.rsplit(':', 1)[1]}" in start.told()
        start.interrupt()
    wrong = stopped.call("make", "run", check=False, PORT="eighty")
    assert wrong.returncode and "PORT must be the number of a port" in wrong.stderr


@pytest.mark.skipif(not AS_ROOT, reason="a network of its own needs root")
def test_a_later_start_needs_no_network_and_at_most_15_seconds(stopped):
    start = stopped.start()
    start.ready()
    start.interrupt()
    start = stopped.start("unshare", "-n", sys.executable, "-c", LOOPBACK_ONLY)
    assert start.ready() == "http://127.0.0.1:8069"
    start.interrupt()
    # on a machine that does nothing else
    others = max(1, os.getloadavg()[0] / os.cpu_count())
    assert start.seconds <= LATER_START * others


def test_make_stop_ends_even_what_a_killed_start_left(stopped):
    start = stopped.start()
    address = start.ready()
    (script,) = (
        int(file.parent.name)
        for file in pathlib.Path("/proc").glob("[0-9]*/cmdline")
        if file.read_bytes().split(b"\0")[1:2] == [b"scripts/run"]
        and os.readlink(file.parent / "cwd") == str(stopped.folder)
    )
    os.kill(script, signal.SIGKILL)
    start.process.wait(30)
    assert stopped.processes()
    assert f"Already running: {address}" in stopped.call("make", "run").stdout
    stopped.call("make", "stop")
    assert not stopped.processes()

    start = stopped.start()
    start.ready()
    stopped.call("make", "stop")
    start.process.wait(30)
    assert "Stopped." in start.told() and "Odoo ended by itself" not in start.told()
    assert not stopped.processes()


def test_odoos_command_line_installs_on_a_database_of_its_own(stopped):
    stopped.sql("CREATE DATABASE other TEMPLATE base", "postgres")
    stopped.call("scripts/odoo", "-d", "other", "-i", "pope_crm", "--stop-after-init", "--no-http")
    installed = "SELECT state FROM ir_module_module WHERE name = 'pope_crm'"
    assert stopped.sql(installed, "other") == "installed"
    stopped.sql("DROP DATABASE other", "postgres")


def test_translations_renewed_twice_do_not_change(stopped):
    """And the tests' cluster is made of the one that make run built: Odoo's database is not built twice."""
    files = sorted(stopped.folder.glob("pope_*/i18n/*"))
    assert len(files) == 4
    told = stopped.call("make", "i18n").stdout
    assert "Odoo's database" not in told
    first = [file.read_bytes() for file in files]
    if first != [(ROOT / file.relative_to(stopped.folder)).read_bytes() for file in files]:
        stopped.call("make", "i18n")
        assert [file.read_bytes() for file in files] == first


@pytest.fixture
def bare_path(tmp_path):
    """All commands of this machine, but for those that a bare one lacks."""

    def path(*missing):
        folder = pathlib.Path(tempfile.mkdtemp(dir=tmp_path))
        for place in ("/bin", "/usr/bin", "/usr/sbin"):
            for command in pathlib.Path(place).iterdir():
                if command.name not in missing and not (folder / command.name).exists():
                    (folder / command.name).symlink_to(command)
        ours = itertools.takewhile(lambda parent: parent != pathlib.Path(tempfile.gettempdir()), folder.parents)
        for parent in (folder, *ours):
            with contextlib.suppress(PermissionError):
                parent.chmod(0o755)
        return str(folder)

    return path


def test_who_may_not_install_is_told_which_packages_to_ask_for(copy, elsewhere, bare_path):
    as_nobody = []
    if AS_ROOT:
        as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        not_theirs = copy.call(*as_nobody, "make", "run", check=False, POPE_RUNTIME=str(elsewhere))
        assert not_theirs.returncode and "belongs to root: run this as that user" in not_theirs.stderr
        os.chown(elsewhere, 65534, 65534)
    for missing, words in (
        (("chromium", "python3"), "Ask an administrator for these packages"),
        (("chromium", "python3", "apt-get"), "This needs Debian 12 or 13 with apt"),
    ):
        told = copy.call(
            *as_nobody,
            "scripts/bootstrap",
            "browser",
            check=False,
            PATH=bare_path(*missing),
            POPE_RUNTIME=str(elsewhere),
        )
        assert told.returncode
        assert words in told.stderr and re.search(r"\bpython3-venv chromium\b", told.stderr), told.stderr
    assert not (elsewhere / "stamps").exists()


def test_a_broken_download_is_tried_again_then_named(copy, elsewhere):
    nowhere = f"http://127.0.0.1:{free_port()}"
    environment = {
        "POPE_RUNTIME": str(elsewhere),
        "http_proxy": nowhere,
        "https_proxy": nowhere,
        "PIP_INDEX_URL": nowhere,
        "PIP_EXTRA_INDEX_URL": nowhere,
        "PIP_FIND_LINKS": "",
        "PIP_RETRIES": "0",
    }

    def named(what):
        told = copy.call("scripts/bootstrap", check=False, **environment)
        assert told.returncode
        assert f"{what}: attempt 1 failed, trying again" in told.stdout
        assert f"{what}: attempt 2 failed, trying again" in told.stdout
        assert f"{what} could not be downloaded. Check the network" in told.stderr

    named("The list of Debian's packages")
    # Odoo is here, Python's packages are not
    for name in ("root", "pdf"):
        if (RUNTIME / name).exists():
            (elsewhere / name).symlink_to((RUNTIME / name).resolve())
    (elsewhere / "stamps").mkdir()
    shutil.copy(RUNTIME / "stamps/odoo", elsewhere / "stamps/odoo")
    named("The Python package uv")
    assert not (elsewhere / "stamps/venv").exists()


def test_a_submission_runs_eight_journeys_at_most():
    names = re.search(r"tests/journeys/test_\{(.*)\}\.py", (ROOT / "scripts/test").read_text()).group(1).split(",")
    files = [ROOT / f"tests/journeys/test_{name}.py" for name in names]
    assert 1 <= sum(file.read_text().count("\n    def test_") for file in files) <= 8


def test_every_installed_library_is_pinned():
    pinned = dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", (ROOT / "scripts/requirements.lock").read_text(), re.M))
    site = next(path for path in sys.path if path.endswith("site-packages"))
    here = {
        re.sub(r"[-_.]+", "-", package.name).lower(): package.version
        for package in importlib.metadata.distributions(path=[site])
    }
    own = {"pip"}  # comes with Python
    assert {name for name, version in here.items() if pinned.get(name) != version} - own == set()


def test_new_code_upgrades_our_add_ons_and_keeps_the_users_data(stopped):
    if not stopped.sql("SELECT 1 FROM pg_database WHERE datname = 'demo'", "postgres"):
        start = stopped.start()
        start.ready()
        start.interrupt()
    stopped.sql("UPDATE crm_lead SET name = 'Renommé' WHERE id = (SELECT min(id) FROM crm_lead WHERE type = 'project')")
    stopped.sql("INSERT INTO crm_tag (name) VALUES (jsonb_build_object('en_US', 'À moi'))")
    file = stopped.folder / "pope_crm/models/pope_town.py"
    code = file.read_text()
    added = code + '\n\nclass PopeTownMore(models.Model):\n    _inherit = "pope.town"\n\n    more = fields.Char()\n'

    # code that does not work says so, leaves nothing running, and is tried again
    file.write_text(added.replace("fields.Char()", 'fields.Many2one("no.such.model", ondelete="nothing")'))
    broken = stopped.call("make", "run", check=False)
    assert broken.returncode and "could not be upgraded" in broken.stderr
    stopped.call("make", "stop")
    assert not stopped.processes()

    file.write_text(added)
    start = stopped.start()
    start.ready()
    assert "upgrading your database" in start.told()
    assert stopped.sql("SELECT count(*) FROM information_schema.columns WHERE column_name = 'more'") == "1"
    assert stopped.sql("SELECT count(*) FROM crm_lead WHERE name = 'Renommé'") == "1"
    assert stopped.sql("SELECT count(*) FROM crm_tag WHERE name->>'en_US' = 'À moi'") == "1"
    log = (stopped.runtime / "log/upgrade.log").read_text()
    assert set(re.findall(r"module (\w+): creating or updating", log)) == {"pope_crm", "pope_training"}
    start.interrupt()

    start = stopped.start()
    start.ready()
    assert "upgrading" not in start.told()
    start.interrupt()


def test_clean_removes_all_but_backups(checkout):
    checkout.call("make", "stop")
    kept = checkout.runtime / "backups/demo-1"
    kept.mkdir(parents=True)
    told = checkout.call("make", "clean").stdout
    assert "Kept" in told and "backups" in told
    left = {path.name for path in checkout.runtime.iterdir() if not path.name.startswith("start-")}
    assert left == {"backups"}
    assert kept.exists()
    assert (RUNTIME / "venv/bin/python").exists()
    shutil.rmtree(checkout.runtime / "backups")


@pytest.mark.skipif(not FULL, reason="minutes: with POPE_FULL")
def test_from_nothing_to_a_french_log_in_page_within_four_minutes(elsewhere, bare_path):
    """On a machine without wkhtmltopdf, as Debian 13 is."""
    folder = tempfile.mkdtemp(prefix="pope-bare-", dir="/var/tmp")
    bare = Checkout(folder)
    # a Python of one's own may stand elsewhere
    path = f"{bare_path('wkhtmltopdf')}:{pathlib.Path(shutil.which('python3')).parent}".removesuffix(":/usr/bin")
    try:
        told = bare.call("scripts/check_start", "225", POPE_RUNTIME=str(elsewhere / "runtime"), PATH=path).stdout
        for words in ("2/4", "wkhtmltopdf", "3/4", "4/4", "is ready"):
            assert words in told
        page = elsewhere / "page.html"
        page.write_text("<html><body>Bonjour</body></html>")
        subprocess.run([elsewhere / "runtime/pdf/pope/wkhtmltopdf", "-q", page, elsewhere / "page.pdf"], check=True)
        assert (elsewhere / "page.pdf").read_bytes().startswith(b"%PDF")
    finally:
        bare.call("make", "clean", check=False, POPE_RUNTIME=str(elsewhere / "runtime"))
        shutil.rmtree(folder)
