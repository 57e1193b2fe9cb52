"""Thirty people sign within a minute, on two Odoo processes: none is lost, none is doubled."""

import concurrent.futures
import contextlib
import random
import subprocess

import pytest
import requests

from .helpers import ODOO, PYTHON, free_port, stop_processes, wait_until

PEOPLE = 30
SESSION = """
from datetime import timedelta
from odoo import fields
env["ir.cron"].search([]).write({"active": False})
now = env.cr.now().replace(microsecond=0)
zone = "Etc/GMT-12" if now.hour < 12 else "Etc/GMT+11"  # where the hour that begins now ends on the same day
session = env["event.event"].create(
    {
        "name": "Trente personnes",
        "pope_kind": "training",
        "date_tz": zone,
        "date_begin": now,
        "date_end": now + timedelta(hours=1),
        "company_id": env.company.id,
    }
)
env["event.registration"].create(
    [
        {"event_id": session.id, "name": f"Personne {n}", "email": f"personne.{n}@sign.example.org"}
        for n in range(%(people)s)
    ]
)
local = fields.Datetime.context_timestamp(session.with_context(tz=zone), now)
hour = local.hour + local.minute / 60
env["pope.training.slot"].create(
    {"event_id": session.id, "date": local.date(), "hour_from": hour, "hour_to": hour + 0.9}
)
rows = env["pope.attendance"].search([("event_id", "=", session.id)])
print(json.dumps([[row.enrolment_id._sign_token(), row.id, row.enrolment_id.display_name] for row in rows]))
"""
CHECK = """
session = env["event.event"].search([("name", "=", "Trente personnes")])
seals = env["pope.attendance.seal"]._seal(session.pope_slot_ids, "window")
print(json.dumps([len(seals.signature_ids), session._pope_attendance_faults()]))
"""


@pytest.fixture
def servers(database):
    """Two Odoo that serve the same database, and where."""
    ports = [free_port(), free_port()]
    processes = [
        subprocess.Popen(
            [
                *(PYTHON, ODOO, *database.options(), f"--http-port={port}", "--http-interface=127.0.0.1"),
                *("--max-cron-threads=0", "--log-level=error"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for port in ports
    ]
    addresses = [f"http://127.0.0.1:{port}" for port in ports]
    try:
        wait_until(lambda: all(answers(f"{address}/web/login") for address in addresses), 90, 0.3)
        yield addresses
    finally:
        stop_processes(*processes)
    logged = [process.stderr.read() for process in processes]
    assert not any("Traceback" in log for log in logged)
    assert not any("Personne" in log for log in logged), "nobody's data stand in the log"


def answers(url):
    with contextlib.suppress(requests.ConnectionError):
        return requests.get(url, timeout=60).ok
    return False


def test_thirty_people_sign_at_once_and_each_twice(database, servers):
    people = database.script(SESSION % {"people": PEOPLE})
    assert len(people) == PEOPLE

    def sign(number):
        """A person opens their page and signs; on a bad network the phone sends again, maybe to the other process."""
        token, row, name = people[number]
        address = random.choice(servers)
        page = requests.get(f"{address}/pope/emargement/{token}", timeout=60)
        assert page.ok and f'value="{row}"' in page.text
        data = {"row": row, "name": name, "key": f"phone-of-{number:04}", "format": "json"}

        def send(again):
            return requests.post(f"{again}/pope/emargement/{token}", data=data, timeout=60).json()["state"]

        with concurrent.futures.ThreadPoolExecutor(3) as taps:  # at the same moment, to both processes
            return list(taps.map(send, (address, *servers)))

    with concurrent.futures.ThreadPoolExecutor(PEOPLE) as threads:
        states = list(threads.map(sign, range(PEOPLE)))
    assert states == [["signed"] * 3] * PEOPLE
    rows = database.query(
        "SELECT attendance_id, count(*) FROM pope_attendance_signature WHERE kind = 'signature' GROUP BY 1"
    )
    assert sorted(rows) == [(row, 1) for row in sorted(row for _token, row, _name in people)]
    assert database.script(CHECK) == [PEOPLE, []]
