"""Imports on real processes: killed on the way, two at once, very long, and ten thousand rows of anything."""

import os

import pytest

from ..tables import csv_bytes, random_file
from .helpers import stop_processes, wait_until

FULL = bool(os.environ.get("POPE_FULL"))
HEAD = ["Projet", "Ville", "Étape", "1er contact"]
HEAD += [f"Porteuse {number} - {name}" for number in (1, 2) for name in ("nom", "prénom", "mail")]
# a check, by somebody of the team: PATH is the file, KIND what a row is
CHECK = """
    import base64, pathlib
    user = env["res.users"].search([("login", "=", "importe")]) or env["res.users"].create(
        {
            "name": "Importe",
            "login": "importe",
            "lang": "fr_FR",
            "group_ids": [(4, env.ref("pope_crm.group_pope_user").id)],
        }
    )
    path = pathlib.Path("PATH")
    record = env(user=user)["pope.import"].create(
        {
            "kind": "KIND",
            "file": base64.b64encode(path.read_bytes()),
            "file_name": path.name,
            "takes_incomplete": True,
        }
    )
    record.action_check()
    env["pope.import"]._cron_run()
    assert record.state == "checked", (record.state, record.error)
"""
START = """
    record = env["pope.import"].browse(RECORD)
    record.with_user(record.user_id).action_import()
"""
RUN = """
    env["pope.import"]._cron_run()
"""
DONE = "SELECT count(*) FROM pope_import_row WHERE is_done"
# what a row has made, of what it must make: its project, both holders, each with their person, and no mail to leave
MADE = """
    SELECT row.is_done,
           count(DISTINCT lead.id),
           count(DISTINCT member.partner_id),
           count(DISTINCT notification.id) FILTER (WHERE notification.state != 'skipped')
      FROM pope_import_row row
      LEFT JOIN crm_lead lead ON lead.id = row.lead_id
      LEFT JOIN pope_project_member member ON member.lead_id = lead.id
      LEFT JOIN pope_notification notification ON notification.lead_id = lead.id
     WHERE row.import_id = %s
     GROUP BY row.id, row.is_done
"""
COUNTS = """
    SELECT (SELECT count(*) FROM crm_lead WHERE name LIKE 'MAM en nombre %%'),
           (SELECT count(*) FROM res_partner WHERE email LIKE '%%@nombre.example.org'),
           (SELECT count(*) FROM mail_mail)
"""


@pytest.fixture
def file(tmp_path, database):
    database.query("DELETE FROM pope_import")  # of the demo

    def write(rows, name="suivi.csv"):
        path = tmp_path / name
        path.write_bytes(rows if isinstance(rows, bytes) else csv_bytes(rows))
        return path

    return write


def projects(count):
    rows = [
        [f"MAM en nombre {n}", "Bondy", "Diagnostic", "12 mars 2024"]
        + [value for letter in "ab" for value in (f"NOM{n}", f"Awa{letter}", f"{letter}{n}@nombre.example.org")]
        for n in range(count)
    ]
    return [HEAD, *rows]


def check(database, path, kind="projects", more="print(record.id)"):
    code = CHECK.replace("PATH", str(path)).replace("KIND", kind) + f"    {more}\n"
    return database.script(code, timeout=300)


def test_killed_on_the_way_leaves_nothing_by_halves_and_is_taken_up_again(database, file):
    count = 2000
    mails = database.query(COUNTS)[0][2]
    record = check(database, file(projects(count)))
    assert database.query(COUNTS)[0][:2] == (0, 0), "a check writes nothing"
    database.script(START.replace("RECORD", str(record)))
    for target in (1, 700):
        worker = database.start_script(RUN)
        wait_until(
            lambda target=target, worker=worker: database.query(DONE)[0][0] >= target or worker.poll() is not None,
            100,
            0.01,
        )
        stop_processes(worker)
        rows = database.query(MADE, record)
        done = [row for row in rows if row[0]]
        assert target <= len(done) < count, "killed on the way"
        assert all(row[1:] == (1, 2, 0) for row in done)
        assert all(row[1:] == (0, 0, 0) for row in rows if not row[0])
        assert database.query(COUNTS)[0][:2] == (len(done), 2 * len(done)), "nothing that no row tells of"
        assert database.query("SELECT state, handled_count FROM pope_import") == [("running", len(done))]
    database.script(RUN, timeout=300)
    assert database.query("SELECT state, handled_count FROM pope_import") == [("done", count)]
    assert {tuple(row) for row in database.query(MADE, record)} == {(True, 1, 2, 0)}
    assert database.query(COUNTS) == [(count, 2 * count, mails)], "all there, nothing twice, nobody written to"


def test_two_people_who_import_the_same_file_at_once_make_it_once(database, file):
    count = 60
    path = file(projects(count))
    records = [check(database, path), check(database, path)]
    # as a request does: begun anew when the other one has written meanwhile
    code = """
    from odoo.service.model import retrying
    def run():
        record = env["pope.import"].browse(RECORD)
        record.with_user(record.user_id).action_import()
    retrying(run, env)
    """
    workers = [database.start_script(code.replace("RECORD", str(record))) for record in records]
    for worker in workers:
        database._finish(worker, 120)
    database.script(RUN)
    assert database.query("SELECT DISTINCT state FROM pope_import") == [("done",)]
    assert database.query(COUNTS)[0][:2] == (count, 2 * count)
    states = database.query("SELECT import_id, array_agg(DISTINCT state) FROM pope_import_row GROUP BY import_id")
    assert sorted(state for _record, state in states) == [["created"], ["same"]]


@pytest.mark.skipif(not FULL, reason="minutes: with POPE_FULL")
def test_ten_thousand_rows_do_not_fill_the_memory(database, file):
    """The peak of a process that checks and imports them is hardly more than what it needs for two thousand."""
    peaks = []
    for count in (2000, 10000):
        rows = [["Prénom", "Nom", "Mail", "Commentaires"]]
        rows += [[f"Awa{n}", f"NOM{n}", f"{count}.{n}@nombre.example.org", "Rappeler " * 20] for n in range(count)]
        more = "record.action_import(); env['pope.import']._cron_run(); import resource; "
        more += "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
        peaks.append(check(database, file(rows, f"{count}.csv"), "contacts", more))
        assert database.query(
            "SELECT count(*) FROM res_partner WHERE email LIKE %s", f"{count}.%@nombre.example.org"
        ) == [(count,)]
    assert peaks[1] - peaks[0] < 60, f"megabytes for 2,000 and 10,000 rows: {peaks}"


@pytest.mark.skipif(not FULL, reason="minutes: with POPE_FULL")
def test_ten_thousand_random_rows_each_have_their_word_and_no_traceback(database, file):
    handled = 0
    for seed, kind in enumerate(("xlsx", "utf-8", "cp1252", "mixed", "utf-16")):
        data, extension = random_file(50 + seed, 2000, kind)
        code = CHECK.replace("PATH", str(file(data, f"{kind}.{extension}"))).replace("KIND", "projects")
        if kind == "mixed":
            code += "    record.action_import(); env['pope.import']._cron_run()\n"
        code += "    print([record.row_count, record.created_count])\n"
        worker = database.start_script(code)
        out, err = worker.communicate(timeout=300)
        assert worker.returncode == 0 and "Traceback" not in err, err[-3000:]
        rows, created = map(int, out.strip().splitlines()[-1].strip("[]").split(","))
        handled += rows
        assert rows > 1900 and created > rows / 2
    assert database.query("SELECT count(*) FROM pope_import_row") == [(handled,)], "no row is lost"
    silent = "SELECT count(*) FROM pope_import_row WHERE state IN ('refused', 'ignored') AND reason IS NULL"
    assert database.query(silent) == [(0,)]
    assert database.query("SELECT count(*) FROM pope_import WHERE state = 'done' AND error IS NULL") == [(1,)]
