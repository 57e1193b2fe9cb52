"""Runs the benchmarks side by side; prints `NAME: ratio R (bound B)`; ends with 1 when a bound is missed.

Names of benchmarks as arguments run those alone.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks import sign_load

RUNS = 15
CERTIFICATES = int(os.environ.get("POPE_CERTIFICATES", "300"))
IMPORTED = int(os.environ.get("POPE_IMPORTED", "10000"))
STOCK = [
    # operation, size, queries more than without us, each with its reason
    ("create_leads", 100, 1, "the teams of the stages, which tell whose they are"),
    ("move_leads", 100, 1, "the teams of the stages, which tell whose they are"),
    ("stock_board", 5000, 0, "none"),
]
missed = []


class Worker:
    def __init__(self, database):
        self.process = subprocess.Popen(
            [os.environ["POPE_PYTHON"], os.path.join(os.path.dirname(__file__), "worker.py"), database, *OPTIONS],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.process.stdout.readline()

    def run(self, operation, **arguments):
        self.process.stdin.write(json.dumps({"operation": operation, **arguments}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{operation} failed")
        return json.loads(line)

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


OPTIONS = [
    f"--db_host={os.environ['POPE_SOCKET']}",
    "--db_user=odoo",
    f"--data-dir={os.environ['POPE_DATA']}",
    f"--addons-path={os.environ['POPE_ADDONS']}",
    "--log-level=error",
]


def tell(name, ratio, bound, note=""):
    print(f"{name}: ratio {ratio:.2f} (bound {bound:g}){note and '  ' + note}", flush=True)
    if ratio > bound:
        missed.append(name)


def stage_mails():
    worker = Worker("bench_all")
    worker.run("move_projects", count=20)
    worker.run("move_applicants", count=20)
    ours, theirs = [], []
    for _ in range(3):
        ours.append(worker.run("move_projects", count=200))
        theirs.append(worker.run("move_applicants", count=200))
    assert all(run["mails"] == 200 for run in ours + theirs), "each side must have queued its 200 mails"
    mine, other = (statistics.median(run["seconds"] for run in runs) for runs in (ours, theirs))
    tell("200 stage mails against hr_recruitment, time", mine / other, 0.2, f"{mine:.2f} s / {other:.2f} s")
    small, large = worker.run("move_projects", count=20), worker.run("move_projects", count=500)
    tell("queries a project, 20 moved", small["queries"] / 20, 3)
    tell("queries a project, 500 moved", large["queries"] / 500, 3)
    three = worker.run("move_projects", count=100, holders=3)
    tell("queries a mail, three holders", three["queries"] / three["mails"], 3)
    worker.stop()


def stock_operations():
    without, with_us = Worker("bench_base"), Worker("bench_pope")
    for operation, count, allowed, reason in STOCK:
        pairs = []
        for worker in (without, with_us):
            if operation == "stock_board":
                worker.run("prepare_stock_board", count=count)
            worker.run(operation, count=count)
        for turn in range(RUNS):
            order = (without, with_us) if turn % 2 else (with_us, without)
            measured = {worker: worker.run(operation, count=count) for worker in order}
            pairs.append((measured[without], measured[with_us]))
        queries = [pair[1]["queries"] - pair[0]["queries"] for pair in pairs]
        ratios = sorted(pair[1]["cpu"] / pair[0]["cpu"] for pair in pairs)
        more = statistics.median(queries)
        print(f"{operation} {count}: {more:+g} queries (at most +{allowed}: {reason})", flush=True)
        if more > allowed:
            missed.append(f"{operation}: queries")
        spread = f"from {ratios[0]:.2f} to {ratios[-1]:.2f}, {len(ratios)} runs"
        tell(f"stock {operation} {count}, CPU time with us / without", statistics.median(ratios), 1.05, spread)
    without.stop()
    with_us.stop()


def our_board():
    worker = Worker("bench_pope")
    worker.run("our_board", count=20)
    few, many = worker.run("our_board", count=200), worker.run("our_board", count=2000)
    tell("board of 2,000 projects / 200, queries", many["queries"] / few["queries"], 1, f"{many['queries']} queries")
    worker.stop()


def imports():
    """A messy file, already checked, against clean ones; what reading and checking it took is told beside."""
    for kind, rounds in (("contacts", 2), ("projects", 1)):
        worker = Worker("bench_pope")
        runs = {f"import_{kind}": [], f"base_import_{kind}": []}
        for name in runs:
            worker.run(name, count=200)
        for _ in range(rounds):
            for name, measured in runs.items():
                measured.append(worker.run(name, count=IMPORTED))
        worker.stop()
        mine, theirs = (min(measured, key=lambda run: run["seconds"]) for measured in runs.values())
        ours, stock = mine["import_seconds"], theirs["seconds"]
        note = f"{ours:.0f} s, after {mine['seconds'] - ours:.0f} s to check / {stock:.0f} s"
        tell(f"import of {IMPORTED:,} rows of {kind} against base_import, time", ours / stock, 1, note)


def key_figures():
    worker = Worker("bench_pope")
    worker.run("prepare_years", count=2000)
    few = worker.run("key_figures")
    worker.run("prepare_years", count=18000)
    pairs = [(worker.run("key_figures"), worker.run("raw_figures")) for _ in range(5)]
    ours, raw = (statistics.median(run["seconds"] for run in side) for side in zip(*pairs, strict=True))
    page, rows = (run["figures"] for run in pairs[0])
    assert rows == {code: page[code] for code in rows}, (rows, page)
    queries = pairs[0][0]["queries"]
    tell("key figures of 20,000 projects / 2,000, queries", queries / few["queries"], 1, f"{queries} queries")
    tell("key figures against SQL by hand, time", ours / raw, 1.5, f"{ours:.2f} s / {raw:.2f} s")
    morning = worker.run("todo")
    tell("À faire with 20,000 projects, queries", morning["queries"], 15, f"{morning['cards']} cards")
    worker.stop()


def fundings():
    worker = Worker("bench_pope")
    worker.run("prepare_books")
    for name in ("our_award", "stock_award"):
        worker.run(name, count=24)
    pairs = []
    for turn in range(7):
        order = ("our_award", "stock_award") if turn % 2 else ("stock_award", "our_award")
        measured = {name: worker.run(name, count=24) for name in order}
        pairs.append((measured["our_award"], measured["stock_award"]))
    ratios = sorted(ours["cpu"] / stock["cpu"] for ours, stock in pairs)
    ours, stock = (statistics.median(run["seconds"] for run in side) for side in zip(*pairs, strict=True))
    note = f"{ours:.2f} s / {stock:.2f} s, from {ratios[0]:.2f} to {ratios[-1]:.2f}, {len(ratios)} runs"
    tell("award and 24 receipts against Odoo's own calls, time", statistics.median(ratios), 1.2, note)
    worker.run("prepare_fundings", count=999)
    whole, few = worker.run("funding_list", limit=1000), worker.run("funding_list", limit=80)
    worker.run("prepare_fundings", count=8999)
    many = worker.run("funding_list", limit=80)
    assert (whole["rows"], few["files"], many["files"]) == (1000, 1000, 10000), (whole, few, many)
    assert (whole["late"], many["late"]) == (1000, 80), (whole, many)
    tell("all of 1,000 files with received, left and late, queries", whole["queries"], 10)
    tell("list of 10,000 files / 1,000, queries", many["queries"] / few["queries"], 1, f"{many['queries']} queries")
    worker.stop()


def books():
    """A year of books kept elsewhere, read, checked, stored and accepted, against the same parse and a bare COPY."""
    worker = Worker("bench_pope")
    worker.run("raw_books", count=1000)
    worker.run("our_books", count=1000)
    pairs = [(worker.run("our_books", count=100000), worker.run("raw_books", count=100000)) for _ in range(3)]
    ours, raw = (statistics.median(run["seconds"] for run in side) for side in zip(*pairs, strict=True))
    tell("FEC of 100,000 lines against parse and COPY, time", ours / raw, 2, f"{ours:.1f} s / {raw:.1f} s")
    assert pairs[0][0]["told"] >= 10, "the progress must have been told at each lot"
    worker.stop()
    worker = Worker("bench_pope")
    small = worker.run("books_memory", count=1000)["peak"]
    large = worker.run("books_memory", count=100000)
    grown, size = large["peak"] - small, large["size"]
    note = f"{grown / 2**20:.0f} MB for a file of {size / 2**20:.0f} MB"
    tell("FEC of 100,000 lines, memory over the file's size", grown / size, 5, note)
    worker.stop()


def attendance():
    """The rows of thirty people at twenty half-days, and thirty people who sign."""
    worker = Worker("bench_pope")
    for name in ("attendance_rows", "plain_rows"):
        worker.run(name, people=30, half_days=20)
    pairs = []
    for turn in range(7):
        order = ("attendance_rows", "plain_rows") if turn % 2 else ("plain_rows", "attendance_rows")
        measured = {name: worker.run(name, people=30, half_days=20) for name in order}
        pairs.append((measured["attendance_rows"], measured["plain_rows"]))
    ratios = sorted(ours["cpu"] / plain["cpu"] for ours, plain in pairs)
    spread = f"from {ratios[0]:.2f} to {ratios[-1]:.2f}, {len(ratios)} runs"
    tell("attendance rows of 30 × 20 against a plain create, time", statistics.median(ratios), 1.3, spread)
    tell("attendance rows of 30 × 20, queries", pairs[0][0]["queries"], 25)
    worker.stop()
    signed, logged = sign_load.measure()
    note = f"{signed * 1000:.0f} ms / {logged * 1000:.0f} ms"
    tell("30 people sign against as many /web/login, 95th percentile", signed / logged, 2, note)


def certificates():
    """Certificates that are numbered, printed and kept, against the PDFs of as many invoices of Odoo's."""
    worker = Worker("bench_pope")
    worker.run("prepare_books")
    for name in ("certificates", "invoices"):
        worker.run(name, count=2)
    ours, stock = (worker.run(name, count=CERTIFICATES)["seconds"] for name in ("certificates", "invoices"))
    tell(f"{CERTIFICATES} certificates against as many invoices, PDF", ours / stock, 1, f"{ours:.0f} s / {stock:.0f} s")
    worker.stop()


def enrolments():
    """The list of trainees with their hours and what their file lacks."""
    worker = Worker("bench_pope")
    worker.run("prepare_enrolments", count=1999)
    whole = worker.run("enrolment_list", limit=2000)
    worker.run("prepare_enrolments", count=18000)
    many = worker.run("enrolment_list", limit=2000)
    assert (whole["rows"], whole["enrolments"], many["enrolments"]) == (2000, 2000, 20000), (whole, many)
    tell("all of 2,000 enrolments with hours and file, queries", whole["queries"], 12)
    tell("as many of 20,000 enrolments / 2,000, queries", many["queries"] / whole["queries"], 1)


def discovery():
    """People who come to a discovery day, until their paths are moved and their e-mails planned."""
    worker = Worker("bench_pope")
    worker.run("attend_discovery", count=5, known=True)
    worker.run("attend_discovery", count=5, known=False)
    worker.run("plain_people", count=5)
    for known in (True, False):
        each = {}
        for count in (20, 200):
            run = worker.run("attend_discovery", count=count, known=known)
            assert (run["paths"], run["mails"]) == (count, count), run
            plain = 0 if known else worker.run("plain_people", count=count)["queries"]
            each[count] = (run["queries"] - plain) / count
        case = "path known" if known else "path to make, more than contacts and leads alone"
        for count, queries in each.items():
            tell(f"queries a person of {count} at a discovery day, {case}", queries, 6)
        if known:
            tell("queries a person, 200 / 20", each[200] / each[20], 1)
    worker.stop()


def path_figures():
    worker = Worker("bench_pope")
    worker.run("prepare_paths", count=500)
    few = worker.run("path_figures")
    worker.run("prepare_paths", count=49500)
    pairs = [(worker.run("path_figures"), worker.run("raw_path_figures")) for _ in range(7)]
    page, rows = (run["figures"] for run in pairs[0])
    assert rows == {code: page[code] for code in rows}, (rows, page)
    ours, raw = (statistics.median(run["seconds"] for run in side) for side in zip(*pairs, strict=True))
    queries = pairs[0][0]["queries"]
    tell("figures of 50,000 paths / 500, queries", queries / few["queries"], 1, f"{queries} queries")
    tell("figures of 50,000 paths against SQL by hand, time", ours / raw, 1.5, f"{ours:.2f} s / {raw:.2f} s")
    worker.stop()


def timeline():
    worker = Worker("bench_pope")
    worker.run("timeline", facts=5)
    few, many = worker.run("timeline", facts=50), worker.run("timeline", facts=500)
    note = f"{many['facts']} facts"
    tell("life line of 500 facts, queries", many["queries"], 25, note)
    tell("life line of 500 facts / 50, queries", many["queries"] / few["queries"], 1, note)
    worker.stop()


def summaries():
    """The workbooks of a year, against SQL and xlsxwriter by hand for the same cells."""
    worker = Worker("bench_pope")
    worker.run("prepare_books")
    worker.run("prepare_items", count=10000)
    kinds = {"CAF": ("our_summary", "raw_summary_workbook"), "France Active": ("our_follow_up", "raw_follow_up")}
    few = {kind: worker.run(ours)["queries"] for kind, (ours, _raw) in kinds.items()}
    worker.run("prepare_items", count=90000)
    for kind, (ours, raw) in kinds.items():
        pairs = [(worker.run(ours), worker.run(raw)) for _ in range(7)]
        mine, other = pairs[0]
        assert abs(mine["charges"] - other["charges"]) < 0.01, pairs[0]
        queries = mine["queries"]
        tell(f"{kind} workbook over 100,000 items / 10,000, queries", queries / few[kind], 1, f"{queries} queries")
        ours_time, raw_time = (statistics.median(run["seconds"] for run in side) for side in zip(*pairs, strict=True))
        note = f"{1000 * ours_time:.0f} ms / {1000 * raw_time:.0f} ms, {other['cells']} cells"
        tell(f"{kind} workbook over 100,000 items against SQL and xlsxwriter, time", ours_time / raw_time, 1.3, note)
    worker.stop()


def bpf():
    """The return of a year, against the same figures by SQL."""
    worker = Worker("bench_pope")
    worker.run("prepare_books")
    worker.run("prepare_return", sessions=100, items=500)
    few = worker.run("our_return")["queries"]
    worker.run("prepare_return", sessions=900, items=4500)
    pairs = [(worker.run("our_return"), worker.run("raw_return")) for _ in range(7)]
    mine, other = pairs[0]
    assert mine["figures"] == other["figures"], pairs[0]
    queries = mine["queries"]
    tell("return of 100,000 attendances / 10,000, queries", queries / few, 1, f"{queries} queries")
    tell("return of 100,000 attendances, queries", queries, 25)
    ours, raw = (statistics.median(run["seconds"] for run in side) for side in zip(*pairs, strict=True))
    note = f"{1000 * ours:.0f} ms / {1000 * raw:.0f} ms"
    tell("return of 100,000 attendances and 5,000 invoice lines against SQL by hand, time", ours / raw, 1.5, note)
    worker.stop()


def quality_board():
    """The board of the quality standard over 500 sessions."""
    worker = Worker("bench_pope")
    worker.run("prepare_board", sessions=50)
    few = worker.run("quality_board")
    worker.run("prepare_board", sessions=450)
    many = worker.run("quality_board")
    note = f"{many['sessions']} sessions, {many['rules']} rules, {many['seconds']:.2f} s"
    tell("board of 500 sessions / 50, queries", many["queries"] / few["queries"], 1, note)
    tell("board of 500 sessions, queries less its rules", many["queries"] - many["rules"], 15)
    worker.stop()


def audit_file():
    """The audit file of twenty sessions with two thousand stored files, against `zip -0` of the same files."""
    worker = Worker("bench_pope")
    for people in (3, 30):
        worker.run("prepare_dossier", sessions=20, people=people)
    pairs = [(worker.run("our_dossier", people=30), worker.run("raw_dossier", people=30)) for _ in range(7)]
    mine, other = pairs[0]
    assert (other["files"], mine["files"]) == (2000, 2002), pairs[0]  # and both indexes
    ours, raw = (statistics.median(run["seconds"] for run in side) for side in zip(*pairs, strict=True))
    note = f"{ours:.2f} s / {raw:.2f} s, {mine['size'] / 2**20:.0f} MB"
    tell("audit file of 2,000 files against zip -0, time", ours / raw, 1.5, note)
    worker.run("dossier_memory", people=3)
    few, many = (worker.run("dossier_memory", people=people)["peak"] for people in (3, 30))
    note = f"{many / 2**20:.1f} MB / {few / 2**20:.1f} MB"
    tell("audit file of 2,000 files, megabytes of memory more than 200", (many - few) / 2**20, 16, note)
    worker.stop()


BENCHMARKS = [
    stage_mails,
    our_board,
    key_figures,
    fundings,
    imports,
    books,
    summaries,
    attendance,
    bpf,
    quality_board,
    audit_file,
    certificates,
    enrolments,
    discovery,
    path_figures,
    timeline,
    stock_operations,
]

if __name__ == "__main__":
    started = time.monotonic()
    asked = sys.argv[1:]
    known = [benchmark.__name__ for benchmark in BENCHMARKS]
    if unknown := set(asked) - set(known):
        sys.exit(f"no benchmark {', '.join(unknown)}; there are: {', '.join(known)}")
    for benchmark in BENCHMARKS:
        if not asked or benchmark.__name__ in asked:
            benchmark()
    print(f"{time.monotonic() - started:.0f} s")
    if missed:
        sys.exit("missed: " + ", ".join(missed))
