from markupsafe import Markup

from odoo import SUPERUSER_ID, api

FORMER = "En cas de différend, le ou la stagiaire peut saisir gratuitement un médiateur de la consommation."
MEDIATOR = Markup(
    "En cas de différend, le ou la stagiaire peut saisir gratuitement le médiateur de la consommation dont relève"
    " l'organisme (Code de la consommation, L. 612-1) : {{mediator}}."
)
TERMS = Markup("<p>{{payment_terms}}</p>")
SCHEDULE = Markup("<div>{{payment_schedule}}</div>")


def migrate(cr, version):
    """The individual contract tells its instalments and the consumer mediator: its text is the team's, no update
    changes it."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    kind = env.ref("pope_training.document_kind_contract", raise_if_not_found=False)
    if not kind:
        return
    body = kind.body
    if "payment_schedule" not in body:
        body = body.replace(TERMS, TERMS + SCHEDULE, 1) if TERMS in body else body + SCHEDULE
    if "mediator" not in body:
        body = body.replace(FORMER, MEDIATOR, 1) if FORMER in body else body + Markup("<p>%s</p>") % MEDIATOR
    kind.body = body
