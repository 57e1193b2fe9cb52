"""The e-mails of a session leave by SMTP, once, each with its own links."""

import email
import email.policy
import re

PLAN = """
from datetime import timedelta
from odoo import fields
env["ir.mail_server"].search([]).active = False
env["ir.mail_server"].create(
    {{"name": "Attrape", "smtp_host": "127.0.0.1", "smtp_port": {port}, "smtp_encryption": "none"}}
)
env["ir.cron"].search([]).write({{"active": False}})
company = env["res.company"].browse(1)
company.write({{"pope_mail_from_hour": 0, "pope_mail_to_hour": 24, "email": "pole@example.org"}})
env["mail.mail"].search([("state", "=", "outgoing")]).state = "cancel"
env.cr.execute("UPDATE pope_notification SET state = 'cancelled', key = NULL WHERE state IN ('planned', 'to_approve')")
begin = fields.Datetime.now() + timedelta(days=20)
session = env["event.event"].create(
    {{
        "name": "Vie commune",
        "event_type_id": env.ref("pope_training.event_type_training").id,
        "pope_program_id": env["pope.training.program"].create({{"name": "Vie commune"}}).id,
        "date_begin": begin,
        "date_end": begin + timedelta(hours=7),
        "company_id": company.id,
    }}
)
env["pope.training.slot"].create(
    [{{"event_id": session.id, "date": begin.date(), "half": half}} for half in ("morning", "afternoon")]
)
people = env["res.partner"].create(
    [
        {{"name": f"Stagiaire {{n}}", "email": f"stagiaire.{{n}}@trainees.example.org", "lang": "fr_FR"}}
        for n in range({count})
    ]
)
env["event.registration"].create(
    [{{"event_id": session.id, "name": person.name, "email": person.email}} for person in people]
)
rows = env["pope.notification"].search([("event_id", "=", session.id), ("state", "=", "planned")])
rows.filtered(lambda row: row.step == "convocation").action_send_now()
rows.filtered(lambda row: row.step == "placement" and not row.rule_id.is_again).action_send_now()
"""
DRAIN = """
env["pope.notification"]._cron_dispatch()
env["mail.mail"].process_email_queue()
"""
STATES = """
SELECT step, state, count(*) FROM pope_notification
 WHERE email LIKE '%@trainees.example.org' AND step IN ('placement', 'convocation') AND is_manual
 GROUP BY 1, 2 ORDER BY 1
"""


def test_each_trainee_gets_a_convocation_and_their_surveys_once(database, catcher):
    database.script(PLAN.format(port=catcher.port, count=5))
    database.script(DRAIN)
    database.script(DRAIN)
    mails = [mail for mail in catcher.arrived() if mail["to"][0].endswith("@trainees.example.org")]
    assert len(mails) == 10
    links = {}
    for mail in mails:
        message = email.message_from_bytes((catcher.folder / mail["file"]).read_bytes(), policy=email.policy.default)
        body = message.get_body(("html",)).get_content()
        assert "Bonjour" in body
        links.setdefault(mail["to"][0], set()).update(re.findall(r'href="([^"]*/(?:survey|emargement)/[^"]*)"', body))
    # to sign, to say their needs and what they know already
    assert {len(own) for own in links.values()} == {3}
    assert len(set().union(*links.values())) == 15
    assert database.query(STATES) == [("convocation", "sent", 5), ("placement", "sent", 5)]
