from markupsafe import Markup

from odoo import SUPERUSER_ID, api

REMOTE = "<p>À distance : {{remote_terms}}</p>"
PERIOD = "<p>Période : du {{date_from}} au {{date_to}}.</p>"
OWN_EXPENSE = (
    "<p>Si vous suivez la formation à vos frais : les modalités de règlement et les conditions financières en cas de"
    " cessation anticipée ou d'abandon figurent au contrat qui vous est remis avant tout paiement.</p>"
)
PRIVACY = (
    "<p>Données personnelles : {{company_name}} traite celles que demandent l'organisation, le suivi et la preuve de la"
    " formation, et les garde aussi longtemps que la loi l'exige. Chaque personne peut les consulter, les faire"
    " rectifier ou, quand la loi le permet, effacer (RGPD, articles 15 à 17).</p>"
)
# what the texts of documents did not say yet: what is looked for in them, the paragraph, after which one
ADDED = {
    "agreement": [
        ("{{remote_terms}}", REMOTE, "<p>Moyens : {{means}}</p>"),
        ("{{date_from}}", PERIOD, REMOTE),
        ("{{date_to}}", PERIOD, REMOTE),
        ("RGPD", PRIVACY, "<p>Annexes : programme, calendrier, règlement intérieur ({{rules}}).</p>"),
    ],
    "contract": [
        ("{{remote_terms}}", REMOTE, "<p>Moyens pédagogiques et techniques : {{means}}</p>"),
        ("{{date_from}}", PERIOD, REMOTE),
        ("{{date_to}}", PERIOD, REMOTE),
        ("RGPD", PRIVACY, "<p>Le règlement intérieur est remis avec ce contrat : {{rules}}.</p>"),
    ],
    "information": [("à vos frais", OWN_EXPENSE, "<p>{{price_terms}}</p>")],
    "convocation": [("{{place_terms}}", "<p>{{place_terms}}</p>", "<p>{{place}}</p>")],
}


def migrate(cr, version):
    """What the law asks of the texts that the team may have changed since, which no update changes; and scans of signed
    sheets go with what was noted from them, where nobody changes them."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for code, paragraphs in ADDED.items():
        kind = env.ref(f"pope_training.document_kind_{code}", raise_if_not_found=False)
        body = kind and kind.body
        for told, paragraph, after in paragraphs if body else ():
            place, added = Markup(after), Markup(paragraph)
            if told not in body:
                body = body.replace(place, place + added, 1) if place in body else body + added
        if kind and body != kind.body:
            kind.body = body
    for slot in env["pope.training.slot"].search([("scan_ids", "!=", False)]):
        noted = slot.attendance_ids.filtered("signature_ids")[:1]
        if noted:
            slot.scan_ids.write({"res_model": noted._name, "res_id": noted.id})
    for agreement in env["pope.training.agreement"].search([("scan_ids", "!=", False)]):
        if signed := agreement.signature_ids[-1:]:
            agreement.scan_ids.write({"res_model": signed._name, "res_id": signed.id})
