import base64
import csv
import io
import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# the file goes to a French administration, whatever the language of who sends it
TITLES = ("reference", "adresse", "code_postal", "commune", "code_insee")
HOSTED = re.compile(r"\b(?:chez|c/o)\b[^,\d]*,?", re.IGNORECASE)


class AddressCheck(models.TransientModel):
    """Which addresses nobody checked, and the file of them that the State's tool can read: addresses, no name."""

    _name = "pope.address.check"
    _description = "Addresses to Check"

    with_people = fields.Boolean(string="Persons", default=True)
    with_places = fields.Boolean(string="Chosen Premises", default=True)
    person_share = fields.Char(string="Persons Living in a QPV", compute="_compute_shares")
    place_share = fields.Char(string="Places Located in a QPV", compute="_compute_shares")
    address_count = fields.Integer(string="Addresses in the File", compute="_compute_counts")
    incomplete_count = fields.Integer(
        string="Without a Street or a Town", compute="_compute_counts", help="They cannot be looked up: complete them."
    )
    data = fields.Binary(string="File of Addresses", readonly=True, attachment=False)
    filename = fields.Char(readonly=True)

    @api.depends_context("uid")
    def _compute_shares(self):
        District, Partner, Lead = (self.env[name] for name in ("pope.district", "res.partner", "crm.lead"))
        people = District._shares(Partner, Partner._pope_district_people())
        places = District._shares(Lead, Lead._pope_district_places())
        for wizard in self:
            wizard.person_share = District._share_label(people)
            wizard.place_share = District._share_label(places)

    @api.depends("with_people", "with_places")
    def _compute_counts(self):
        for wizard in self:
            subjects = wizard._subjects()
            complete = sum(1 for subject in subjects if self._columns(subject))
            wizard.address_count = complete
            wizard.incomplete_count = len(subjects) - complete

    def _subjects(self):
        """Persons and chosen premises that nobody checked."""
        unchecked = Domain("pope_district_state", "=", "unchecked")
        subjects = []
        if self.with_people:
            Partner = self.env["res.partner"]
            subjects += Partner.search(unchecked & Partner._pope_district_people())
        if self.with_places:
            chosen = Domain("is_chosen", "=", True) & Domain("lead_id.active", "=", True)
            subjects += self.env["pope.premises"].search(unchecked & chosen)
        return subjects

    @api.model
    def _columns(self, subject):
        """The address in columns; nothing when it cannot be looked up."""
        street, *rest = (re.sub(r"\s+", " ", value or "").strip() for value in subject._pope_address_columns())
        street = HOSTED.sub("", street).strip(" ,;")
        if not street or not any(rest):
            return []
        # a spreadsheet would take these signs for the beginning of a formula
        return [value.lstrip("=+-@ ") for value in (street, *rest)]

    def action_export(self):
        rows = [(subject, columns) for subject in self._subjects() if (columns := self._columns(subject))]
        if not rows:
            raise UserError(self.env._("No address to check: each is checked, or lacks its street or its town."))
        content = io.StringIO()
        writer = csv.writer(content, delimiter=";")
        writer.writerow(TITLES)
        reference = self.env["pope.district.answer"]._reference
        writer.writerows([reference(subject), *columns] for subject, columns in rows)
        today = fields.Date.context_today(self)
        self.data = base64.b64encode(content.getvalue().encode("utf-8-sig"))
        self.filename = f"adresses_{today:%Y-%m-%d}.csv"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Addresses to Check"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_people(self):
        return self.env["res.partner"]._pope_district_action(Domain.TRUE)

    def action_places(self):
        return self.env["crm.lead"]._pope_district_action(Domain.TRUE)
