"""Real processes: databases copied from the template, Odoo, and an SMTP server that can refuse."""

import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import textwrap
import time
import uuid

import psycopg2

ROOT = pathlib.Path(__file__).parents[2]
SOCKET = os.environ["POPE_SOCKET"]
PYTHON = os.environ["POPE_PYTHON"]
ODOO = os.environ["POPE_ODOO"]
DATA = pathlib.Path(os.environ["POPE_DATA"])
PG_BIN = pathlib.Path(os.environ["POPE_PG_BIN"])
ADDONS = f"{os.environ['POPE_CORE_ADDONS']},{ROOT}"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, timeout=60, step=0.1):
    """The condition's first true value; an AssertionError when it stays false."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(step)
    raise AssertionError(f"still false after {timeout} s: {condition}")


class Database:
    """A copy of a template database, removed at the end."""

    def __init__(self, template="pope", name=None):
        self.name = name or f"process_{uuid.uuid4().hex[:10]}"
        subprocess.run(
            [PG_BIN / "createdb", "-h", SOCKET, "-U", "odoo", "-T", template, self.name],
            check=True,
            capture_output=True,
        )
        store = DATA / "filestore"
        if (store / template).exists():
            subprocess.run(["cp", "-rl", store / template, store / self.name], check=True)

    def drop(self):
        subprocess.run([PG_BIN / "dropdb", "-h", SOCKET, "-U", "odoo", "-f", "--if-exists", self.name], check=True)
        subprocess.run(["rm", "-rf", DATA / "filestore" / self.name], check=True)

    def query(self, sql, *parameters):
        """Rows of a query, in a connection of its own."""
        with contextlib.closing(psycopg2.connect(host=SOCKET, user="odoo", dbname=self.name)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sql, parameters or None)
                return cursor.fetchall() if cursor.description else []

    def run_file(self, path):
        subprocess.run(
            [PG_BIN / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", SOCKET, "-U", "odoo", "-d", self.name, "-f", path],
            check=True,
            capture_output=True,
        )

    def options(self):
        return [
            f"--database={self.name}",
            f"--db_host={SOCKET}",
            "--db_user=odoo",
            f"--data-dir={DATA}",
            f"--addons-path={ADDONS}",
        ]

    def odoo(self, *arguments, timeout=200, check=True):
        """Odoo's command line on this database; a sub-command comes first."""
        command = [a for a in arguments[:1] if not a.startswith("-")]
        done = subprocess.run(
            [PYTHON, ODOO, *command, *self.options(), *arguments[len(command) :]],
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(done.stdout[-3000:] + done.stderr[-3000:])
        return done

    def script(self, code, timeout=200):
        """Run Python with `env` on this database, commit, and return what it prints as JSON on its last line."""
        return json.loads(self._finish(self.start_script(code), timeout) or "null")

    def start_script(self, code):
        program = textwrap.dedent(
            """
            import json, logging, sys
            import odoo
            from odoo.tools import config
            config.parse_config(sys.argv[1:], setup_logging=True)
            from odoo.orm.registry import Registry
            from odoo.api import Environment
            registry = Registry({name!r})
            with registry.cursor() as cr:
                env = Environment(cr, 1, {{"lang": "fr_FR"}})
            {code}
                cr.commit()
            """
        ).format(name=self.name, code=textwrap.indent(textwrap.dedent(code).strip(), "    "))
        return subprocess.Popen(
            [PYTHON, "-c", program, *self.options(), "--log-level=warn"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @staticmethod
    def _finish(process, timeout):
        out, err = process.communicate(timeout=timeout)
        if process.returncode:
            raise AssertionError(err[-4000:])
        lines = out.strip().splitlines()
        return lines[-1] if lines else ""


class Catcher:
    """The project's SMTP catcher, as a process of its own."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.port = free_port()
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [PYTHON, ROOT / "scripts/smtp_catcher.py", "--port", str(self.port), "--folder", self.folder],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(self.listens, 15)

    def listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self):
        self.process.kill()
        self.process.wait()

    def order(self, word):
        (self.folder / "orders").write_text(word)

    def arrived(self):
        """What arrived, in order: dicts with to, subject, message_id, file."""
        index = self.folder / "index.jsonl"
        return [json.loads(line) for line in index.read_text().splitlines() if line] if index.exists() else []

    def count(self):
        return len(self.arrived())


def stop_processes(*processes, with_signal=signal.SIGKILL):
    for process in processes:
        if process.poll() is None:
            process.send_signal(with_signal)
        process.wait()


if __name__ == "__main__":
    sys.exit("these are helpers")
