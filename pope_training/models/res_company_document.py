from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools.image import image_data_uri


class ResCompany(models.Model):
    """What a training body says of itself in its documents."""

    _name = "res.company"
    _inherit = ["res.company", "pope.training.document.source"]

    pope_declaration_number = fields.Char(
        string="Number of Declaration of Activity (NDA)", help="Given by the prefect of the region (L6351-1)."
    )
    pope_declaration_region = fields.Char(string="Region of the Declaration", default="Île-de-France")
    pope_signatory_id = fields.Many2one("res.partner", string="Who Signs the Documents")
    pope_signatory_title = fields.Char(string="Position of Who Signs")
    pope_stamp = fields.Binary(string="Stamp and Signature", attachment=True)
    pope_mediator_name = fields.Char(
        string="Consumer Mediator", help="Named in the contracts of those who pay for themselves (C. conso., L616-1)."
    )
    pope_mediator_address = fields.Char(string="Address of the Mediator")
    pope_mediator_website = fields.Char(string="Web Site of the Mediator")
    pope_house_rules_id = fields.Many2one(
        "pope.training.document", string="House Rules in Force", compute="_compute_pope_house_rules_id"
    )

    def _compute_pope_house_rules_id(self):
        kind = self.env["pope.training.document.kind"]._of_code("house_rules")
        # sudo: whoever is told of the house rules reads their number
        current = kind._current(self.sudo()) if kind else {}
        for company in self:
            company.pope_house_rules_id = current.get(company.sudo())

    @api.model
    def _pope_document_words(self):
        return {
            **super()._pope_document_words(),
            "company_name": (self.env._("the organisation"), "", lambda company: company.name),
            "company_address": (
                self.env._("address of the organisation"),
                "partner_id",
                lambda company: company._pope_document_address(),
            ),
            "company_registry": (self.env._("SIRET number"), "", lambda company: company.company_registry),
            "company_phone": (self.env._("telephone of the organisation"), "", lambda company: company.phone),
            "company_email": (self.env._("e-mail of the organisation"), "", lambda company: company.email),
            "declaration": (
                self.env._("number of declaration of activity"),
                "",
                lambda company: company._pope_declaration(),
            ),
            "city": (self.env._("town of the organisation"), "partner_id", lambda company: company.city),
            "signatory_name": (
                self.env._("who signs the documents (Training Settings)"),
                "",
                lambda company: company.pope_signatory_id.name,
            ),
            "signatory_title": (
                self.env._("position of who signs (Training Settings)"),
                "",
                lambda company: company.pope_signatory_title,
            ),
            "mediator": (
                self.env._("consumer mediator: name, address and web site (Training Settings)"),
                "",
                lambda company: company._pope_mediator_words(),
            ),
            "stamp": (self.env._("stamp and signature"), "", lambda company: company._pope_stamp_image()),
            "rules": (self.env._("house rules in force"), "", lambda company: company._pope_rules_words()),
        }

    def _pope_document_address(self):
        town = " ".join(filter(None, (self.zip, self.city)))
        return ", ".join(filter(None, (self.street, self.street2, town)))

    def _pope_declaration(self):
        """The sentence that goes with the number (Code du travail, L6352-12)."""
        return self.pope_declaration_number and (
            f"Déclaration d'activité enregistrée sous le numéro {self.pope_declaration_number} auprès du préfet de"
            f" région {self.pope_declaration_region or ''}. Cet enregistrement ne vaut pas agrément de l'État."
        )

    def _pope_mediator_words(self):
        """All that the law wants told of who may be turned to, or nothing (Code de la consommation, R616-1)."""
        told = (self.pope_mediator_name, self.pope_mediator_address, self.pope_mediator_website)
        return ", ".join(told) if all(told) else ""

    def _pope_stamp_image(self):
        stamp = self.with_context(bin_size=False).pope_stamp
        return stamp and Markup('<img src="%s" alt="" style="max-height: 110px;"/>') % image_data_uri(stamp)

    def _pope_rules_words(self):
        rules = self.pope_house_rules_id
        return rules and self.env._(
            "house rules %(number)s of %(day)s", number=rules.number, day=self._pope_document_day(rules.date)
        )

    def _pope_document_link(self):
        return "company_id"

    def _pope_document_company(self):
        return self
