"""Odoo's own tests on a database with our add-ons, against those that fail without us.

Only what fails with us and not without is printed, and makes this fail. A suite runs on a loaded database, those of its
tests that Odoo runs while installing too: so our code is always there. A test that fails only with us is run once more,
alone: a browser that was slow is not our doing. A suite runs in lots of test files; results are JSON files, and what
is finished is not run again.

stock_suites.py FOLDER [suite…]            all suites, or those
stock_suites.py --one RESULT.json suite ODOO'S OPTIONS…    one suite, in this process
"""

import hashlib
import json
import os
import pathlib
import subprocess
import sys
import time

SUITES = ("event_crm", "crm", "event", "survey", "mail", "account")
LIMIT = 3600  # seconds a run may take
# what our demo data holds a lead by, in the order in which it goes
RESTRICTING = (
    "pope_financial_summary",
    "pope_budget",
    "pope_loan",
    "pope_training_financing",
    "pope_interaction",
    "pope_time_key",
    "pope_funding",
)
RELEASE = "UPDATE account_move_line SET pope_financing_id = NULL WHERE pope_financing_id IS NOT NULL"
LOT = 12  # test files in a run: a long suite goes on where it was stopped


def run_here(result_file, suite, options):
    from odoo.cli import server
    from odoo.tests import loader, result

    failed, make_suite, log_error, run_suite = [], loader.make_suite, result.OdooTestResult.logError, loader.run_suite

    def both(_modules, position="at_install"):
        """Once, when all is loaded: those of the suite made for either moment."""
        tests = make_suite([], position)
        if position == "post_install":
            for moment in ("post_install", "at_install"):
                tests.addTests(list(make_suite([suite], moment)))
        return tests

    def note(self, flavour, test, error):
        test = getattr(test, "test_case", test)
        name = getattr(test, "_testMethodName", None)
        failed.append(f"{type(test).__qualname__}.{name}" if name else str(test))
        return log_error(self, flavour, test, error)

    def keep(tests, *args, **kwargs):
        started = time.monotonic()
        ran = run_suite(tests, *args, **kwargs)
        if ran.testsRun:
            told = {"tests": ran.testsRun, "failed": sorted(set(failed)), "seconds": round(time.monotonic() - started)}
            pathlib.Path(result_file).write_text(json.dumps(told, indent=1))
        return ran

    loader.make_suite, loader.run_suite, result.OdooTestResult.logError = both, keep, note
    server.main(options)


class Bench:
    def __init__(self, folder):
        self.root = pathlib.Path(__file__).parents[1]
        self.socket, self.core = os.environ["POPE_SOCKET"], os.environ["POPE_CORE_ADDONS"]
        self.pg_bin, self.data = pathlib.Path(os.environ["POPE_PG_BIN"]), pathlib.Path(os.environ["POPE_DATA"])
        self.folder = pathlib.Path(folder)

    def psql(self, sql):
        command = [self.pg_bin / "psql", "-h", self.socket, "-U", "odoo", "-d", "postgres", "-Atqc", sql]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def version(self, template):
        """What the template was made of: Odoo's and our own content."""
        content = self.psql(
            f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{template}'"
        )
        return hashlib.sha256(content.encode()).hexdigest()[:12]

    def lots(self, suite):
        """Tags of the lots of a suite."""
        files = sorted(path.name for path in (pathlib.Path(self.core) / suite / "tests").glob("test_*.py"))
        tags = [f"/{suite}/tests/{name}" for name in files]
        return [",".join(tags[start : start + LOT]) for start in range(0, len(tags), LOT)]

    def run(self, suite, template, only=None):
        """The result of a suite on a copy of a template; from its file when it is there."""
        folder = self.folder / f"{template}-{self.version(template)}"
        folder.mkdir(parents=True, exist_ok=True)
        name = suite if only is None else f"{suite}-{hashlib.sha256(only.encode()).hexdigest()[:8]}"
        file = folder / f"{name}.json"
        if file.exists():
            return json.loads(file.read_text())
        database = f"full_{template}_{suite}"
        store = self.data / "filestore"
        tools = ["-h", self.socket, "-U", "odoo"]
        subprocess.run([self.pg_bin / "dropdb", *tools, "-f", "--if-exists", database], check=True, capture_output=True)
        subprocess.run([self.pg_bin / "createdb", *tools, "-T", template, database], check=True, capture_output=True)
        subprocess.run(["rm", "-rf", store / database], check=True)
        if (store / template).exists():
            subprocess.run(["cp", "-rl", store / template, store / database], check=True)
        if template == "pope":
            # some stock tests delete every lead there is; a project that people worked on cannot be deleted
            subprocess.run(
                [
                    self.pg_bin / "psql",
                    *tools,
                    "-qd",
                    database,
                    "-c",
                    "; ".join([RELEASE, *(f"DELETE FROM {table}" for table in RESTRICTING)]),
                ],
                check=True,
            )
        addons = self.core if template == "base" else f"{self.core},{self.root}"
        command = [
            sys.executable,
            "-W",
            "ignore",
            __file__,
            "--one",
            file,
            suite,
            f"--database={database}",
            f"--db_host={self.socket}",
        ]
        command += ["--db_user=odoo", f"--data-dir={self.data}", f"--addons-path={addons}", "--stop-after-init"]
        command += [f"--http-port={20000 + os.getpid() % 20000}", "--http-interface=127.0.0.1", "--max-cron-threads=0"]
        command += [f"--test-tags={only or '/' + suite}", "--log-level=warn", f"--logfile={folder / name}.log"]
        try:
            subprocess.run(command, check=False, timeout=LIMIT)
        except subprocess.TimeoutExpired:
            print(f"{suite} ({template}): not finished after {LIMIT} s", flush=True)
        finally:
            subprocess.run(
                [self.pg_bin / "dropdb", *tools, "-f", "--if-exists", database], check=True, capture_output=True
            )
            subprocess.run(["rm", "-rf", store / database], check=True)
        return json.loads(file.read_text()) if file.exists() else None

    def compare(self, suite):
        """Tests that fail with us and not without, run twice; None when a run did not end."""
        ours = set()
        for lot in self.lots(suite):
            without, with_us = self.run(suite, "base", lot), self.run(suite, "pope", lot)
            if not without or not with_us:
                print(f"{suite}: did not end; see the logs in {self.folder}", flush=True)
                return None
            ours |= set(with_us["failed"]) - set(without["failed"])
        ours = sorted(ours)
        single = [name for name in ours if "(" not in name]
        if single:
            again = self.run(suite, "pope", ",".join(f"/{suite}:{name}" for name in single))
            ours = [name for name in ours if name not in single or not again or name in again["failed"]]
        for name in ours:
            print(f"{suite}: {name}", flush=True)
        return ours


def main(folder, suites):
    bench = Bench(folder)
    found = [bench.compare(suite) for suite in suites or SUITES]
    return 1 if any(ours is None or ours for ours in found) else 0


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        run_here(sys.argv[2], sys.argv[3], sys.argv[4:])
    else:
        sys.exit(main(sys.argv[1], sys.argv[2:]))
