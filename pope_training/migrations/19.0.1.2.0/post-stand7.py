from markupsafe import Markup

from odoo import SUPERUSER_ID, api

# what the texts of documents did not say yet: (kind, word or words looked for, paragraph, after which one)
ADDED = (
    ("agreement", "{{remote_terms}}", "<p>À distance : {{remote_terms}}</p>", "<p>Moyens : {{means}}</p>"),
    (
        "contract",
        "{{remote_terms}}",
        "<p>À distance : {{remote_terms}}</p>",
        "<p>Moyens pédagogiques et techniques : {{means}}</p>",
    ),
    (
        "information",
        "à vos frais",
        "<p>Si vous suivez la formation à vos frais : les modalités de règlement et les conditions financières en cas"
        " de cessation anticipée ou d'abandon figurent au contrat qui vous est remis avant tout paiement.</p>",
        "<p>{{price_terms}}</p>",
    ),
    ("convocation", "{{place_terms}}", "<p>{{place_terms}}</p>", "<p>{{place}}</p>"),
)


def migrate(cr, version):
    """What the law asks of the texts that the team may have changed since, which no update changes; and scans of signed
    sheets go with what was noted from them, where nobody changes them."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for code, told, paragraph, after in ADDED:
        kind = env.ref(f"pope_training.document_kind_{code}", raise_if_not_found=False)
        if kind and told not in kind.body:
            place, added = Markup(after), Markup(paragraph)
            kind.body = kind.body.replace(place, place + added, 1) if place in kind.body else kind.body + added
    for slot in env["pope.training.slot"].search([("scan_ids", "!=", False)]):
        noted = slot.attendance_ids.filtered("signature_ids")[:1]
        if noted:
            slot.scan_ids.write({"res_model": noted._name, "res_id": noted.id})
    for agreement in env["pope.training.agreement"].search([("scan_ids", "!=", False)]):
        if signed := agreement.signature_ids[-1:]:
            agreement.scan_ids.write({"res_model": signed._name, "res_id": signed.id})
