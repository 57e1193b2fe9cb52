"""Thirty people open their page and sign, on two Odoo processes; and as many requests of the log-in page, under the
same load."""

import concurrent.futures
import random
import statistics
import subprocess
import time

import requests

from tests.process.helpers import ODOO, PYTHON, Database, free_port, stop_processes, wait_until
from tests.process.test_attendance import PEOPLE, SESSION, answers

SPREAD = 20.0  # seconds within which all of them come: three times faster than within a minute


def measure():
    """Seconds of the slowest in twenty: of a signature, and of the log-in page."""
    database = Database("pope", "bench_sign")
    ports = [free_port(), free_port()]
    processes = []
    try:
        people = database.script(SESSION % {"people": 3 * PEOPLE + len(ports)})
        processes = [
            subprocess.Popen(
                [
                    *(PYTHON, ODOO, *database.options(), f"--http-port={port}", "--http-interface=127.0.0.1"),
                    *("--max-cron-threads=0", "--log-level=critical"),
                ],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for port in ports
        ]
        servers = [f"http://127.0.0.1:{port}" for port in ports]
        wait_until(lambda: all(answers(f"{server}/web/login") for server in servers), 90, 0.3)
        for server, first in zip(servers, people[3 * PEOPLE :], strict=True):  # what is compiled once
            requests.get(f"{server}/pope/emargement/{first[0]}", timeout=60)
            _sign(server, *first)
        signed, logged = [], []
        for turn in range(3):
            signed += _load(lambda n, turn=turn: _sign(random.choice(servers), *people[turn * PEOPLE + n]))
            logged += _load(lambda n: _answered(requests.get(f"{random.choice(servers)}/web/login", timeout=60)))
        return _p95(signed), _p95(logged)
    finally:
        stop_processes(*processes)
        database.drop()


def _load(do):
    """Everybody within the same seconds, each at their moment."""
    begin = time.monotonic()

    def at_their_moment(number):
        time.sleep(max(begin + SPREAD * number / PEOPLE - time.monotonic(), 0))
        start = time.monotonic()
        do(number)
        return time.monotonic() - start

    with concurrent.futures.ThreadPoolExecutor(PEOPLE) as threads:
        return list(threads.map(at_their_moment, range(PEOPLE)))


def _sign(server, token, row, name):
    data = {"row": row, "name": name, "key": f"bench-{row}", "format": "json"}
    answer = requests.post(f"{server}/pope/emargement/{token}", data=data, timeout=60)
    assert answer.json()["state"] == "signed", answer.text


def _answered(page):
    assert page.ok, page.status_code


def _p95(seconds):
    return statistics.quantiles(seconds, n=20)[-1]
