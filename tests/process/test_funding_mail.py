"""The report that a person sends to a funder arrives with its file, and not before they press Send."""

import email
import email.policy

WRITE = """
from odoo.tests import Form
env["ir.mail_server"].search([]).active = False
env["ir.mail_server"].create(
    {{"name": "Attrape", "smtp_host": "127.0.0.1", "smtp_port": {port}, "smtp_encryption": "none"}}
)
funder = env["res.partner"].create(
    {{"name": "Ville", "is_company": True, "email": "ville@funders.example.org", "lang": "fr_FR"}}
)
funding = env["pope.funding"].create({{"name": "Café", "partner_id": funder.id, "state": "awarded"}})
report = env["pope.funding.obligation"].create({{"funding_id": funding.id, "name": "Bilan", "anchor": "given"}})
report.attachment_ids = [
    (0, 0, {{"name": "bilan.pdf", "raw": b"%PDF-1.4 bilan", "res_model": report._name, "res_id": report.id}})
]
form = Form(env["mail.compose.message"].with_context(**report.action_send()["context"]))
form.save(){send}
"""
STATE = "SELECT state, date_sent IS NOT NULL FROM pope_funding_obligation WHERE name = 'Bilan'"


def test_the_report_arrives_with_its_file_and_is_done(database, catcher):
    database.script(WRITE.format(port=catcher.port, send=".action_send_mail()"))
    database.script('env["mail.mail"].process_email_queue()')
    mails = [mail for mail in catcher.arrived() if mail["to"] == ["ville@funders.example.org"]]
    assert len(mails) == 1
    message = email.message_from_bytes((catcher.folder / mails[0]["file"]).read_bytes(), policy=email.policy.default)
    assert message["Subject"] == "Bilan"
    assert "Veuillez trouver ci-joint" in message.get_body(("html",)).get_content()
    files = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
    assert files == {"bilan.pdf": b"%PDF-1.4 bilan"}
    assert database.query(STATE) == [("sent", True)]


def test_a_window_that_is_closed_sends_nothing_and_does_nothing(database, catcher):
    database.script(WRITE.format(port=catcher.port, send=""))
    database.script('env["mail.mail"].process_email_queue()')
    assert not [mail for mail in catcher.arrived() if mail["to"] == ["ville@funders.example.org"]]
    assert database.query(STATE) == [("to_do", False)]
