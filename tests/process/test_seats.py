"""The last seat of an information meeting, taken by two people at once on two Odoo processes: one has it."""

import concurrent.futures
import contextlib
import subprocess

import psycopg2
import pytest
import requests

from .helpers import ODOO, PYTHON, SOCKET, free_port, stop_processes, wait_until

ROUNDS = 4
MEETINGS = """
from datetime import timedelta
env["ir.cron"].search([]).write({{"active": False}})
env["event.event"].search([("pope_kind", "=", "information_meeting")]).kanban_state = "blocked"
begin = env.cr.now().replace(microsecond=0) + timedelta(days=20)
people = env["res.partner"].create(
    [
        {{"name": f"Personne {{n}}", "email": f"personne.{{n}}@seats.example.org", "lang": "fr_FR"}}
        for n in range({rounds} * 2)
    ]
)
projects = env["crm.lead"].create(
    [
        {{"type": "project", "name": f"Projet {{n}}", "pope_member_ids": [(0, 0, {{"partner_id": person.id}})]}}
        for n, person in enumerate(people)
    ]
)
rows = env["pope.notification"].search([("lead_id", "in", projects.ids)])
meetings = env["event.event"].create(
    [
        {{
            "name": f"Réunion {{n}}",
            "pope_kind": "information_meeting",
            "company_id": rows[0].company_id.id,
            "date_begin": begin + timedelta(days=n),
            "date_end": begin + timedelta(days=n, hours=2),
            "seats_limited": True,
            "seats_max": 1,
        }}
        for n in range({rounds})
    ]
)
links = [rows.filtered(lambda row: row.partner_id == person)[:1]._meeting_token() for person in people]
print(json.dumps([links, meetings.ids]))
"""
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
TAKEN = "SELECT count(*) FROM event_registration WHERE event_id = %s AND state = 'open' AND active"


@pytest.fixture
def servers(database):
    """Two Odoo that serve the same database, and where."""
    ports = [free_port(), free_port()]
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
    addresses = [f"http://127.0.0.1:{port}" for port in ports]
    try:
        wait_until(lambda: all(answers(f"{address}/web/login") for address in addresses), 90, 0.3)
        yield addresses
    finally:
        stop_processes(*processes)


def answers(url):
    with contextlib.suppress(requests.ConnectionError):
        return requests.get(url, timeout=60).ok
    return False


def visitor(address, link):
    """Somebody who has their page open: what they send when they press the button."""
    session = requests.Session()
    page = session.get(f"{address}/pope/reunion/{link}", timeout=60)
    csrf = page.text.split('name="csrf_token" value="')[1].split('"')[0]

    def choose(meeting):
        data = {"csrf_token": csrf, "meeting_id": str(meeting)}
        return session.post(f"{address}/pope/reunion/{link}", data=data, timeout=60)

    return choose


def test_of_two_who_take_the_last_seat_one_has_it_and_the_other_is_told(database, servers):
    links, meetings = database.script(MEETINGS.format(rounds=ROUNDS))
    for number, meeting in enumerate(meetings):
        pair = [visitor(address, links[2 * number + place]) for place, address in enumerate(servers)]
        with (
            contextlib.closing(psycopg2.connect(host=SOCKET, user="odoo", dbname=database.name)) as lock,
            concurrent.futures.ThreadPoolExecutor(2) as threads,
        ):
            # both have read that a seat is left, and wait for the meeting: neither is first
            lock.cursor().execute("SELECT id FROM event_event WHERE id = %s FOR UPDATE", (meeting,))
            sent = [threads.submit(choose, meeting) for choose in pair]
            wait_until(lambda: database.query(WAITING) == [(2,)], 30, 0.05)
            lock.rollback()
            pages = [each.result() for each in sent]
        assert [page.status_code for page in pages] == [200, 200]
        full = ["est complète" in page.text for page in pages]
        assert sorted(full) == [False, True], number
        assert database.query(TAKEN, meeting) == [(1,)]
