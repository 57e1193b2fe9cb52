"""Mail that really leaves: what arrives, once, whatever happens to the processes and to the mail server."""

import email
import email.policy
import os
import random
import re

import pytest

from .helpers import ROOT, Database, stop_processes, wait_until

FULL = bool(os.environ.get("POPE_FULL"))
DUE = """
env["ir.mail_server"].search([]).active = False
env["ir.mail_server"].create(
    {{"name": "Attrape", "smtp_host": "127.0.0.1", "smtp_port": {port}, "smtp_encryption": "none"}}
)
env["ir.config_parameter"].set_param("mail.session.batch.size", "1000")
env["ir.cron"].search([]).write({{"active": False}})
company = env["res.company"].browse(1)
company.write({{"pope_mail_from_hour": 0, "pope_mail_to_hour": 24, "email": "pole@example.org", "pope_mail_grace": 0}})
env["mail.mail"].search([("state", "=", "outgoing")]).state = "cancel"
env.cr.execute("UPDATE pope_notification SET state = 'cancelled', key = NULL WHERE state IN ('planned', 'to_approve')")
rule = env.ref("pope_crm.rule_welcome")
rule.kind = "request"
people = env["res.partner"].create(
    [
        {{"name": f"Personne {{n}}", "email": f"personne.{{n}}@holders.example.org", "lang": "fr_FR"}}
        for n in range({count})
    ]
)
projects = env["crm.lead"].create(
    [
        {{"type": "project", "name": f"Projet {{n}}", "pope_member_ids": [(0, 0, {{"partner_id": person.id}})]}}
        for n, person in enumerate(people)
    ]
)
"""
# what the two crons do, again and again until nothing is left that may leave
DISPATCH = """
env["pope.notification"]._cron_dispatch()
"""
SEND = """
env["mail.mail"].process_email_queue()
"""
DRAIN = DISPATCH + SEND
STATES = "SELECT state, count(*) FROM pope_notification WHERE email LIKE '%%@holders.example.org' GROUP BY state"


def fill(database, catcher, count):
    database.script(DUE.format(port=catcher.port, count=count))


def states(database):
    return dict(database.query(STATES.replace("%%", "%")))


def assert_told_truly(database, catcher, count, doubts):
    """No message arrived twice; every row is sent and arrived, or in doubt; none is missing without a doubt."""
    arrived = [mail["message_id"] for mail in catcher.arrived()]
    assert len(arrived) == len(set(arrived)), "a Message-ID arrived twice"
    rows = database.query(
        "SELECT message_id, state FROM pope_notification "
        "WHERE email LIKE '%@holders.example.org' AND state != 'cancelled'"
    )
    assert len(rows) == count
    assert {state for _id, state in rows} <= {"sent", "in_doubt"}
    sent = {message_id for message_id, state in rows if state == "sent"}
    doubtful = {message_id for message_id, state in rows if state == "in_doubt"}
    assert sent <= set(arrived)
    assert {message_id for message_id, _state in rows} - set(arrived) <= doubtful
    assert len(doubtful) <= doubts


def retry_now(database):
    """The delay before the next try is over."""
    database.query(
        "UPDATE pope_notification SET date_planned = now() AT TIME ZONE 'UTC' WHERE reason = 'no_connection'"
    )


def test_every_stage_mail_arrives_in_french(database, catcher):
    fill(database, catcher, 0)
    database.script(
        """
        env.ref("pope_crm.rule_welcome").kind = "stage"
        env["pope.notification.rule"].search([("kind", "=", "stage")]).write({"kind": "request"})
        team = env.ref("pope_crm.team_incubator")
        for number, stage in enumerate(env["crm.stage"].search([("team_ids", "in", team.ids)])):
            person = env["res.partner"].create(
                {
                    "pope_first_name": "Awa",
                    "pope_last_name": f"Étape {number}",
                    "email": f"etape.{number}@holders.example.org",
                    "lang": "fr_FR",
                }
            )
            project = env["crm.lead"].with_context(pope_no_mail="imported" if number else False).create(
                {
                    "type": "project",
                    "name": f"MAM n° {number}",
                    "pope_structure_type_id": env.ref("pope_crm.structure_type_mam").id,
                    "pope_member_ids": [(0, 0, {"partner_id": person.id})],
                    "pope_opening_date": "2026-01-05",
                    "pope_places": 12,
                    "pope_childminder_count": 3,
                }
            )
            if number:
                project.with_context(pope_no_mail=False).stage_id = stage
        """
    )
    database.script(DRAIN)
    mails = catcher.arrived()
    by_stage = {}
    for mail in mails:
        message = email.message_from_bytes((catcher.folder / mail["file"]).read_bytes(), policy=email.policy.default)
        body = message.get_body(("html",)).get_content()
        by_stage.setdefault(mail["to"][0], []).append(message["Subject"])
        assert "Bonjour" in body and "Awa" in body
        assert "False" not in body and "object." not in body and "{{" not in body
        assert message["Auto-Submitted"] == "auto-generated"
        assert len(mail["to"]) == 1 and not message["Cc"]
    assert sorted(by_stage) == sorted(f"etape.{number}@holders.example.org" for number in range(10)), states(database)
    subjects = [subject for subjects in by_stage.values() for subject in subjects]
    assert len(set(subjects)) == len(subjects) == 11, "financing sends two"
    assert not [subject for subject in subjects if re.search(r"\b(your|the|welcome)\b", subject, re.I)]


@pytest.mark.parametrize("seed", range(1, 6 if FULL else 2))
def test_killed_while_200_mails_leave_none_arrives_twice(database, catcher, seed):
    """Three kills at points drawn by a seed: between mails, within a mail, while preparing."""
    fill(database, catcher, 200)
    draw = random.Random(seed)
    for target in sorted(draw.sample(range(1, 190), 3)):
        worker = database.start_script(DRAIN)
        wait_until(
            lambda worker=worker, target=target: catcher.count() >= target or worker.poll() is not None, 100, 0.002
        )
        stop_processes(worker)
    database.script(DRAIN)
    database.script(DRAIN)
    assert_told_truly(database, catcher, 200, doubts=3)


def test_two_dispatchers_and_two_queues_at_once_send_each_mail_once(database, catcher):
    fill(database, catcher, 200)
    workers = [database.start_script(DRAIN) for _ in range(2)]
    for worker in workers:
        _out, error = worker.communicate(timeout=200)
        assert worker.returncode == 0, error[-2000:]
    database.script(DRAIN)
    assert_told_truly(database, catcher, 200, doubts=0)
    assert catcher.count() == 200


def test_a_temporary_refusal_is_tried_again(database, catcher):
    fill(database, catcher, 3)
    catcher.order("451")
    database.script(DRAIN)
    assert states(database) == {"planned": 3}
    assert not catcher.arrived()
    catcher.order("accept")
    database.script(DRAIN)
    assert not catcher.arrived(), "not before its delay"
    retry_now(database)
    database.script(DRAIN)
    assert_told_truly(database, catcher, 3, doubts=0)


def test_a_server_down_for_an_hour_loses_nothing(database, catcher):
    fill(database, catcher, 3)
    catcher.stop()
    database.script(DRAIN)
    retry_now(database)
    database.script(DRAIN)
    assert states(database) == {"planned": 3}
    catcher.start()
    retry_now(database)
    database.script(DRAIN)
    assert_told_truly(database, catcher, 3, doubts=0)
    assert catcher.count() == 3


def test_a_final_refusal_fails_and_asks_a_person(database, catcher):
    fill(database, catcher, 2)
    catcher.order("550")
    database.script(DRAIN)
    assert states(database) == {"failed": 2}
    asked = database.query(
        "SELECT count(*) FROM mail_activity WHERE res_model = 'crm.lead' AND res_id IN "
        "(SELECT lead_id FROM pope_notification WHERE state = 'failed')"
    )
    assert asked[0][0] == 2
    catcher.order("accept")
    database.script(DRAIN)
    assert not catcher.arrived(), "a person decides"


@pytest.mark.parametrize("order, arrived", [("drop", 1), ("drop-lost", 0)])
def test_a_connection_cut_after_the_text_is_in_doubt(database, catcher, order, arrived):
    fill(database, catcher, 1)
    catcher.order(order)
    database.script(DRAIN)
    assert states(database) == {"in_doubt": 1}
    assert catcher.count() == arrived
    catcher.order("accept")
    retry_now(database)
    database.script(DRAIN)
    assert catcher.count() == arrived, "never sent again by itself"


FAILURE = """
CREATE SEQUENCE failures;
CREATE FUNCTION fail() RETURNS trigger AS $$
BEGIN
    IF nextval('failures') <= {times} THEN RAISE EXCEPTION 'could not serialize' USING ERRCODE = '40001'; END IF;
    RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER fail BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION fail();
"""


@pytest.mark.parametrize(
    "table, condition, times",
    [
        ("mail_mail", "NEW.state = 'sent'", 1),  # Odoo's own write after the server's answer
        ("pope_notification", "NEW.state = 'sent'", 2),  # ours, twice
    ],
)
def test_a_database_error_after_the_answer_keeps_the_answer(database, catcher, table, condition, times):
    fill(database, catcher, 3)
    database.query(FAILURE.format(table=table, condition=condition, times=times))
    database.script(DRAIN)
    assert_told_truly(database, catcher, 3, doubts=0)
    database.script(DRAIN)
    assert catcher.count() == 3
    assert not database.query(
        "SELECT 1 FROM mail_mail WHERE state = 'outgoing' "
        "AND id IN (SELECT mail_id FROM pope_notification WHERE email LIKE '%@holders.example.org')"
    )


def test_a_database_error_before_the_answer_is_tried_again(database, catcher):
    fill(database, catcher, 3)
    database.query(FAILURE.format(table="mail_mail", condition="NEW.state = 'exception'", times=1))
    database.script(DRAIN)
    retry_now(database)
    database.script(DRAIN)
    assert_told_truly(database, catcher, 3, doubts=0)


def test_a_dispatcher_that_meets_another_process_goes_on(database, catcher):
    fill(database, catcher, 3)
    database.query(FAILURE.format(table="pope_notification", condition="NEW.state = 'queued'", times=2))
    database.script(DISPATCH)
    assert states(database) == {"queued": 3}


def test_a_mail_taken_back_while_the_queue_runs_does_not_leave(database, catcher):
    fill(database, catcher, 3)
    database.script(DISPATCH)
    database.script(
        """
        mails = env["mail.mail"].search([("state", "=", "outgoing")])
        with registry.cursor() as other:
            row = env["pope.notification"].search([("mail_id", "in", mails.ids)], limit=1)
            Environment(other, 1, {})["pope.notification"].browse(row.id)._cancel()
        mails.send(auto_commit=True)
        """
    )
    assert states(database)["sent"] == 2
    assert catcher.count() == 2


def test_a_failed_mail_put_back_in_odoos_queue_by_hand_leaves_it(database, catcher):
    fill(database, catcher, 1)
    catcher.order("550")
    database.script(DRAIN)
    catcher.order("accept")
    database.script('env["mail.mail"].search([("state", "=", "exception")]).action_retry()')
    database.script(SEND)
    assert not catcher.arrived(), "a person sends again from our list"
    assert database.query("SELECT state FROM mail_mail WHERE id IN (SELECT mail_id FROM pope_notification)") == [
        ("cancel",)
    ]


def test_a_mail_whose_queue_is_late_waits_for_the_hours(database, catcher):
    fill(database, catcher, 1)
    database.script(DISPATCH)
    database.script(
        """
        env.ref("pope_crm.rule_welcome").kind = "stage"
        hour = env.cr.now().hour
        zone = env["res.company"].browse(1).partner_id
        zone.tz = "UTC"
        start = 22 if hour < 12 else 0  # two hours of the other half of the day
        env["res.company"].browse(1).write({"pope_mail_from_hour": start, "pope_mail_to_hour": start + 2})
        """
    )
    database.script(SEND)
    assert states(database) == {"planned": 1}
    database.script(DRAIN)
    assert not catcher.arrived()


def test_a_text_with_an_error_keeps_no_other_back(database, catcher):
    fill(database, catcher, 4)
    database.script(
        """
        template = env.ref("pope_crm.mail_template_welcome")
        wrong = "object.partner_id.name + (object.partner_id.name == 'Personne 2' and 1 or '')"
        body = f'<p>Bonjour <t t-out="{wrong}"/></p>'
        for lang in ("en_US", "fr_FR"):
            template.with_context(lang=lang).body_html = body
        """
    )
    database.script(DRAIN)
    assert states(database) == {"sent": 3, "failed": 1}
    assert "personne.2@holders.example.org" not in {mail["to"][0] for mail in catcher.arrived()}


def test_a_restored_backup_sends_nothing(database, catcher):
    fill(database, catcher, 5)
    database.script(DISPATCH)
    copy = Database(database.name)
    try:
        copy.run_file(ROOT / "pope_crm/data/restore.sql")
        copy.script(DRAIN)
        assert not catcher.arrived()
        assert states(copy) == {"in_doubt": 5}
    finally:
        copy.drop()


def test_a_neutralized_copy_sends_nothing(database, catcher):
    fill(database, catcher, 5)
    copy = Database(database.name)
    try:
        copy.odoo("neutralize")
        copy.script(
            'env["ir.mail_server"].with_context(active_test=False).search([("name", "=", "Attrape")]).active = True'
        )
        copy.script(DRAIN)
        assert not catcher.arrived()
        assert states(copy) == {"cancelled": 5}
    finally:
        copy.drop()
