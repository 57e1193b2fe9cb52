"""Odoo's add-on for Chorus Pro, installed beside ours and removed: the same gesture invoices a public buyer."""

import os

import pytest

FULL = bool(os.environ.get("POPE_FULL"))
WORLD = """
company = env.company
if not env["account.journal"].search([("type", "=", "sale"), ("company_id", "=", company.id)]):
    env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
"""
INVOICE = """
Financing = env["pope.training.financing"]
town = env["res.partner"].search([("name", "=", "Ville des Tilleuls")], limit=1) or env["res.partner"].create(
    {"name": "Ville des Tilleuls", "is_company": True}
)
kind = env.ref("pope_training.event_type_training")
event = env["event.event"].create(
    {
        "name": "Vie commune",
        "event_type_id": kind.id,
        "date_begin": "2027-04-27 07:00:00",
        "date_end": "2027-04-27 15:00:00",
        "company_id": company.id,
    }
)
people = [{"event_id": event.id, "name": name} for name in ("Awa Diallo", "Nadia Benali")]
enrolments = env["event.registration"].create(people).pope_enrolment_ids
values = {
    "scheme_id": env.ref("pope_training.scheme_caf_commune").id,
    "partner_id": town.id,
    "number": "2027-M-04",
    "amount_granted": 700,
}
first = Financing.create({**values, "enrolment_id": enrolments[0].id, **GIVEN})
second = Financing.create({**values, "enrolment_id": enrolments[1].id})
moves = Financing._invoice({line: (700, 14) for line in first | second})
moves.action_post()
enrolments.registration_id.action_cancel()
notes = Financing._invoice((first | second)._credits())
names = ("buyer_reference", "contract_reference", "purchase_order_reference")
html, _kind = env["ir.actions.report"]._render_qweb_html("account.report_invoice", moves.ids)
print(
    json.dumps(
        {
            "known": enrolments[0].has_chorus,
            "moves": [[move[name] if name in move._fields else None for name in names] for move in moves + notes],
            "total": sum(moves.mapped("amount_untaxed")),
            "credited": sum(notes.mapped("amount_untaxed")),
            "lines": [[line.number, line.engagement_number, line.service_code] for line in first | second],
            "printed": [word in html.decode() for word in ("ENG-77", "SERV-9")],
            "columns": env["pope.training.enrolment"].get_view(view_type="form")["arch"].count("parent.has_chorus"),
        }
    )
)
"""
GIVEN = {"engagement_number": "ENG-77", "service_code": "SERV-9"}


def invoice(database, **given):
    return database.script(WORLD + INVOICE.replace("GIVEN", repr(given)))


@pytest.mark.skipif(not FULL, reason="minutes: with POPE_FULL")
def test_a_public_buyer_reads_its_numbers_where_the_add_on_is_installed_and_nothing_breaks_without(database):
    told = invoice(database)
    assert not told["known"]
    assert (told["total"], told["credited"]) == (1400, 1400)
    assert told["moves"] == [[None] * 3] * 2

    database.odoo("-i", "l10n_fr_facturx_chorus_pro", "--stop-after-init", "--no-http")
    told = invoice(database, **GIVEN)
    assert told["known"] and told["columns"] == 2
    assert told["lines"] == [["2027-M-04", "ENG-77", "SERV-9"]] * 2, "asked once for the session"
    assert told["moves"] == [["SERV-9", "2027-M-04", "ENG-77"]] * 2, "one invoice, and its credit note"
    assert told["printed"] == [True, True]

    database.script(
        """
        env["ir.module.module"].search([("name", "=", "l10n_fr_facturx_chorus_pro")]).button_immediate_uninstall()
        print(json.dumps(True))
        """
    )
    told = invoice(database)
    assert not told["known"]
    assert told["moves"] == [[None] * 3] * 2
    kept = database.query(
        "SELECT DISTINCT engagement_number FROM pope_training_financing WHERE service_code = 'SERV-9'"
    )
    assert kept == [("ENG-77",)], "what was written on the lines stays"
